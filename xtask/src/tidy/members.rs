//! The packages of this repository and which of them uses which, as cargo sees them.

use std::path::Path;

use cargo_metadata::{Dependency, MetadataCommand, Package};

use super::TidyError;
use super::manifests::{line_of_dependency, manifest_text};
use super::tree::SourceFile;

/// A package of this repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) room: String,
    /// Relative to the root of the repository.
    pub(crate) manifest: String,
    pub(crate) edges: Vec<Edge>,
}

/// One package of this repository uses another; normal, dev and build dependencies alike.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) to: String,
    /// Where the manifest says so, counted from 1.
    pub(crate) line: usize,
}

/// The packages of every workspace of the repository, as cargo sees them.
///
/// # Errors
///
/// When cargo refuses a manifest.
pub(crate) fn members(root: &Path, files: &[SourceFile]) -> Result<Vec<Member>, TidyError> {
    let manifests = files
        .iter()
        .filter(|file| manifest_text(file).is_some_and(is_workspace));
    let mut members = Vec::new();
    for manifest in manifests {
        let metadata = MetadataCommand::new()
            .manifest_path(root.join(&manifest.path))
            .current_dir(root)
            .no_deps()
            .exec()
            .map_err(|source| TidyError::Metadata {
                manifest: manifest.path.clone(),
                source,
            })?;
        members.extend(
            metadata
                .packages
                .iter()
                .map(|package| member(root, files, package)),
        );
    }
    Ok(members)
}

fn is_workspace(manifest: &str) -> bool {
    manifest
        .lines()
        .any(|line| line.trim_end() == "[workspace]")
}

fn member(root: &Path, files: &[SourceFile], package: &Package) -> Member {
    let full = package.manifest_path.as_std_path();
    let manifest = full
        .strip_prefix(root)
        .unwrap_or(full)
        .to_string_lossy()
        .replace('\\', "/");
    let file = files.iter().find(|file| file.path == manifest);
    let text = file
        .and_then(|file| file.text.as_deref())
        .unwrap_or_default();
    let ours = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.path.is_some());
    let edge = |dependency: &Dependency| {
        let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
        Edge {
            to: room(&dependency.name),
            line: line_of_dependency(text, name),
        }
    };
    let edges = ours.map(edge).collect();
    Member {
        room: room(&package.name),
        manifest,
        edges,
    }
}

fn room(package: &str) -> String {
    package
        .strip_prefix("patchproof-")
        .unwrap_or(package)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dev_dependencies_are_edges_with_the_line_of_their_manifest() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let package = |name: &str| format!("[package]\nname = \"patchproof-{name}\"\n");
        let made = [
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n".to_owned(),
            ),
            ("a/Cargo.toml", package("a")),
            (
                "b/Cargo.toml",
                package("b") + "[dev-dependencies]\npatchproof-a.path = \"../a\"\n",
            ),
        ];
        for (path, text) in &made {
            let library = root.join(path).with_file_name("src");
            std::fs::create_dir_all(&library).unwrap();
            std::fs::write(library.join("lib.rs"), "").unwrap();
            std::fs::write(root.join(path), text).unwrap();
        }
        let files: Vec<_> = made
            .iter()
            .map(|(path, text)| SourceFile::made(path, text))
            .collect();
        let members = members(&root, &files).unwrap();
        let of_b = members
            .into_iter()
            .find(|member| member.room == "b")
            .unwrap();
        assert_eq!(of_b.manifest, "b/Cargo.toml");
        assert_eq!(
            of_b.edges,
            [Edge {
                to: "a".to_owned(),
                line: 4
            }]
        );
    }
}
