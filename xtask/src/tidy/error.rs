//! Why tidy could not look: never a problem of the files, always of what stands around them.

use std::path::PathBuf;

/// Tidy could not check the repository.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TidyError {
    /// git is missing, refused, or the current folder is no clone.
    #[error(
        "`git {command}` failed ({detail}); the list of files comes from git: run this inside a \
         clone, with git installed"
    )]
    Git {
        /// The arguments, as one would type them.
        command: String,
        /// What git or the operating system said.
        detail: String,
    },
    /// A file that git lists cannot be read, or the ratchet not be written.
    #[error("cannot access {}: {source}; make it readable and writable", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The table of rules is not in the repository.
    #[error("xtask/tidy.toml is missing; restore it from the history")]
    NoConfig,
    /// The table of rules does not say what it must.
    #[error("xtask/tidy.toml does not say what it must: {0}")]
    Config(#[from] toml_edit::de::Error),
    /// The ratchet cannot be edited, because its file is no TOML.
    #[error("xtask/tidy.toml cannot be edited: {0}")]
    Edit(#[from] toml_edit::TomlError),
    /// Cargo does not understand a manifest.
    #[error("cargo cannot read the workspace of {manifest}: {source}")]
    Metadata {
        /// The manifest, relative to the root of the repository.
        manifest: String,
        /// What cargo said.
        source: cargo_metadata::Error,
    },
}
