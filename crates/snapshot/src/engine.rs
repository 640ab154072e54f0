//! What a runtime or Flutter engine shows of the snapshots that it takes.
//!
//! An engine stores its snapshot version as a string literal, the names of the symbols that it
//! looks up, and each feature word as a literal of its own. Nothing here is guessed: what several
//! strings could mean is kept as several.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::container::{Arch, Container, Layout, Os};
use crate::error::ReadError;
use crate::image::Image;
use crate::marks::Marks;
use crate::snapshot::has_snapshot_symbols;
use crate::version_literal::{self, CANDIDATES_MAX};

/// The program around a VM, by the library that it looks up in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Embedder {
    /// Flutter: looks up `dart:ui`.
    Flutter,
    /// dartaotruntime: looks up `dart:_builtin`.
    Standalone,
}

impl Embedder {
    /// The library that it looks up.
    #[must_use]
    pub const fn library(self) -> &'static str {
        match self {
            Self::Flutter => "dart:ui",
            Self::Standalone => "dart:_builtin",
        }
    }

    /// What a person calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flutter => "Flutter",
            Self::Standalone => "the plain Dart runtime",
        }
    }
}

/// A dartaotruntime or a Flutter engine, as far as its bytes show what it takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Engine<'a> {
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
    /// Size of the whole file, in bytes.
    pub size: u64,
    /// The container it is in itself.
    pub container: Container,
    /// The machine it is for.
    pub arch: Arch,
    /// The system it is for, where container or words show exactly one.
    pub os: Option<Os>,
    /// The layout whose symbols it looks up, where it names exactly one.
    pub layout: Option<Layout>,
    /// Every string that could be the snapshot version it takes; one in all engines we know. Of
    /// more than 16 only 17 are kept.
    pub versions: Vec<&'a str>,
    /// The Dart version it names, such as `3.10.4 (stable) (Tue ...) on "linux_x64"`.
    pub dart_version: Option<&'a str>,
    /// What it is, where it looks up exactly one of the two libraries.
    pub embedder: Option<Embedder>,
    /// Containers that it loads by itself, besides its own kind, which the system loads.
    pub(crate) own_loaders: Vec<Container>,
    /// The parts of the file that are mapped, where literals stand.
    pub(crate) areas: Vec<&'a [u8]>,
}

impl<'a> Engine<'a> {
    /// Reads an engine.
    ///
    /// # Errors
    /// [`ReadError`] where the file is no container, is a snapshot, or shows no sign of a VM.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let image = Image::read(bytes)?;
        if has_snapshot_symbols(&image) {
            return Err(ReadError::SnapshotNotEngine);
        }
        // Literals stand apart from code, which is most of the file; older linkers put them
        // together.
        let mut areas = image.mapped(false);
        let mut marks = Marks::find(&areas);
        if !marks.names_a_layout() {
            areas.extend(image.mapped(true));
            marks = Marks::find(&areas);
        }
        let mut versions: Vec<&str> = areas
            .iter()
            .flat_map(|area| version_literal::candidates(area))
            .collect();
        versions.sort_unstable();
        versions.dedup();
        versions.truncate(CANDIDATES_MAX + 1);
        if versions.is_empty() && !marks.names_a_layout() {
            return Err(ReadError::NotAnEngine {
                container: image.container.word(),
            });
        }
        Ok(Self {
            sha256: Sha256::digest(bytes).into(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            container: image.container,
            arch: image.arch,
            os: image.os.or_else(|| marks.os()),
            layout: marks.layout(),
            versions,
            dart_version: marks.dart_version,
            embedder: marks.embedder(),
            own_loaders: marks.own_loaders(),
            areas,
        })
    }

    /// Whether it can load a library in this container. The plain runtime brings loaders of its
    /// own: one for ELF, by which macOS ran ELF snapshots up to Dart 3.10, and from 3.9 one for
    /// Mach-O.
    #[must_use]
    pub fn loads(&self, container: Container) -> bool {
        self.container == container || self.own_loaders.contains(&container)
    }
}
