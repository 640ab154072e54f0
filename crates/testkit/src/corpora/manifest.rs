//! The list of artefacts: what `corpora/manifest.toml` says, once it has been checked.

use std::fmt;

use serde::Deserialize;

use super::content::Content;
use super::error::CorporaError;
use super::problem::ManifestError;
use super::validate;

/// The checked list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub(super) packages: Vec<Package>,
}

impl Manifest {
    /// The list that is checked in as `corpora/manifest.toml`.
    ///
    /// # Errors
    /// [`ManifestError`] when an entry is not fit for use.
    pub fn load() -> Result<Self, ManifestError> {
        Self::parse(CHECKED_IN)
    }

    /// A list in the same form from elsewhere.
    ///
    /// # Errors
    /// [`ManifestError`] when it is not TOML of that form or an entry is not fit for use.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        validate::parse(text)
    }

    /// The packages, in the order of the file.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The artefacts of all packages, in the order of the file.
    pub fn artefacts(&self) -> impl Iterator<Item = Artefact<'_>> {
        self.packages.iter().flat_map(Package::artefacts)
    }

    /// The artefact with this id.
    ///
    /// # Errors
    /// [`CorporaError::UnknownArtefact`].
    pub fn find(&self, id: &str) -> Result<Artefact<'_>, CorporaError> {
        self.artefacts()
            .find(|artefact| artefact.id() == id)
            .ok_or_else(|| CorporaError::UnknownArtefact { id: id.to_owned() })
    }
}

/// One published version of one package, and what of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub(super) registry: Registry,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: String,
    pub(super) platform: Option<String>,
    pub(super) entries: Vec<Entry>,
}

impl Package {
    /// Where it is published; decides the client that fetches it.
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.registry
    }

    /// Its name in the registry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version in the registry.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// `NAME@VERSION`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The SPDX expression that the package states.
    #[must_use]
    pub fn licence(&self) -> &str {
        &self.licence
    }

    /// The platform of the wheel; only PyPI's packages have one.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        self.platform.as_deref()
    }

    /// What of it is used, in the order of the file.
    pub fn artefacts(&self) -> impl Iterator<Item = Artefact<'_>> {
        self.entries.iter().map(|entry| Artefact {
            package: self,
            entry,
        })
    }
}

/// One file out of one package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Artefact<'m> {
    package: &'m Package,
    entry: &'m Entry,
}

impl<'m> Artefact<'m> {
    /// `NAME@VERSION/FILENAME`, unique in the list.
    #[must_use]
    pub fn id(&self) -> String {
        let file_name = self.path().rsplit(['/', '!']).next().unwrap_or_default();
        format!("{}/{file_name}", self.package.label())
    }

    /// The package it comes from.
    #[must_use]
    pub fn package(&self) -> &'m Package {
        self.package
    }

    /// Where it is in the package's archive; `!` steps into a nested archive.
    #[must_use]
    pub fn path(&self) -> &'m str {
        &self.entry.path
    }

    /// Its length.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.entry.content.size_bytes()
    }

    /// Its SHA-256, 64 lowercase hex digits.
    #[must_use]
    pub fn sha256(&self) -> &'m str {
        self.entry.content.sha256()
    }

    /// Its length and SHA-256.
    #[must_use]
    pub fn content(&self) -> &'m Content {
        &self.entry.content
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.entry.kind
    }

    /// What it is in the list for, one sentence.
    #[must_use]
    pub fn purpose(&self) -> &'m str {
        &self.entry.purpose
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) content: Content,
    pub(super) kind: Kind,
    pub(super) purpose: String,
}

/// What an artefact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A Flutter engine, such as `libflutter.so`.
    Engine,
    /// A whole release: an APK or AAR, or the folder of an app in a `.tar.gz`.
    Release,
    /// An executable that runs snapshots: `dartaotruntime`.
    Runtime,
    /// A published JSON schema of a format that we write.
    Schema,
    /// A Dart AOT snapshot, such as `libapp.so`.
    Snapshot,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Engine => "engine",
            Self::Release => "release",
            Self::Runtime => "runtime",
            Self::Schema => "schema",
            Self::Snapshot => "snapshot",
        })
    }
}

/// Where a package is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Registry {
    /// npm, fetched with `npm pack`.
    Npm,
    /// PyPI, fetched with `pip download`.
    Pypi,
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Npm => "npm",
            Self::Pypi => "pypi",
        })
    }
}

const CHECKED_IN: &str = include_str!("../../../../corpora/manifest.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_list_is_fit_for_use() {
        let manifest = Manifest::load().unwrap();
        assert!(manifest.artefacts().count() > 0);
    }

    #[test]
    fn an_id_is_readable_and_leads_back_to_its_artefact() {
        let manifest = Manifest::load().unwrap();
        for id in [
            "sass-embedded-linux-x64@1.97.2/dart",
            "flet-desktop@0.28.2/libapp.so",
        ] {
            assert_eq!(manifest.find(id).unwrap().id(), id);
        }
    }

    #[test]
    fn an_unknown_id_is_named_in_the_error() {
        let error = Manifest::load()
            .unwrap()
            .find("no-such@1.0.0/file")
            .unwrap_err();
        assert!(
            error.to_string().contains("`no-such@1.0.0/file`"),
            "{error}"
        );
    }
}
