//! Why a file or a statement is not taken: a stable word, and what to do.

use patchproof_trust::Refusal;

/// What was uploaded does not hold what was said of it. Nothing was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Other bytes than announced.
    #[error(
        "the file is {found}, and {expected} was announced: it was changed on its way, or another \
         file was announced; upload that one"
    )]
    Hash {
        /// The SHA-256 that was announced, in hex.
        expected: String,
        /// The one that came, in hex.
        found: String,
    },
    /// More or fewer bytes than announced.
    #[error(
        "the file has {found} bytes, and {expected} were announced: announce the size of what is \
         uploaded"
    )]
    Size {
        /// How many were announced.
        expected: u64,
        /// How many came.
        found: u64,
    },
    /// A library without a snapshot in it.
    #[error(
        "{what} is no Dart library: {why}; upload the `libapp.so` of a release build for this arch"
    )]
    NoSnapshot {
        /// What it is called.
        what: String,
        /// What stands in the way.
        why: String,
    },
    /// Something that no release is made of.
    #[error("{what} cannot be opened: {why}; upload it as the build wrote it")]
    Archive {
        /// What it is called.
        what: String,
        /// What stands in the way.
        why: String,
    },
    /// A library that is larger than any that is looked at.
    #[error("{what} has {found} bytes, and libraries of at most {limit} are taken")]
    LibraryTooLarge {
        /// What it is called.
        what: String,
        /// How large it is.
        found: u64,
        /// How large it may be.
        limit: u64,
    },
    /// A patch that a decoder refuses.
    #[error(
        "the patch {patch} does not inflate: {why}; make it anew against the release's library"
    )]
    Inflate {
        /// SHA-256 of the patch, in hex.
        patch: String,
        /// What stands in the way.
        why: String,
    },
    /// A patch that becomes something else.
    #[error(
        "the patch {patch} becomes {found}, and {expected} was announced: it was made against \
         another build than the release's, or for another library"
    )]
    Output {
        /// SHA-256 of the patch, in hex.
        patch: String,
        /// The SHA-256 that was announced, in hex.
        expected: String,
        /// The one that came out, in hex.
        found: String,
    },
    /// A patched library of another size.
    #[error("the patch {patch} becomes {found} bytes, and {expected} were announced")]
    OutputSize {
        /// SHA-256 of the patch, in hex.
        patch: String,
        /// How many were announced.
        expected: u64,
        /// How many came out.
        found: u64,
    },
    /// A patched library that the engine of the release would not run.
    #[error(
        "the patched library does not fit the release: {why}; build it with the release's Flutter"
    )]
    Snapshot {
        /// What `patchproof compare` says.
        why: String,
    },
    /// A patch file of another kind than announced.
    #[error("the patch {patch} is packed as {found}, and {expected} was announced")]
    Container {
        /// SHA-256 of the patch, in hex.
        patch: String,
        /// What was announced.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A statement that is needed and missing.
    #[error(
        "the app has a root, so its devices run nothing unsigned, and the patch for {what} comes \
         without a statement: sign it"
    )]
    StatementMissing {
        /// Platform and architecture.
        what: String,
    },
    /// A statement that nothing here can verify.
    #[error("the app has no root to verify statements under: put root 1 first")]
    NoRoot,
    /// A signed document that no device would believe.
    #[error("no device would believe it: {0}")]
    Refused(#[from] Refusal),
    /// A statement that says something else than the request.
    #[error(
        "the statement says {field} {found}, and the request {expected}: sign what is published"
    )]
    Says {
        /// What it is about.
        field: &'static str,
        /// What the request says.
        expected: String,
        /// What the statement says.
        found: String,
    },
    /// A library for another machine than its arch says.
    #[error("{what} is for {found}, and the arch {expected} was announced: upload that one")]
    Arch {
        /// What it is called.
        what: String,
        /// What was announced.
        expected: String,
        /// What it is for.
        found: &'static str,
    },
    /// A file that was to be uploaded before.
    #[error("the file {sha256} is not here: PUT it to blobs/{sha256} first")]
    BlobMissing {
        /// Its SHA-256, in hex.
        sha256: String,
    },
    /// A release without a library to hold a patch against.
    #[error(
        "the release has no library for {what}, and a patch that cannot be tried is not taken: \
         upload the release's own first, as an artifact of that arch"
    )]
    NoReleaseLibrary {
        /// Platform and architecture.
        what: String,
    },
    /// A download over something that no device runs.
    #[error(
        "no patch of this release becomes {sha256} for {what}, so none can be applied to it; for \
         the release's library leave `from_sha256` out"
    )]
    UnknownBase {
        /// What it is said to be applied to, in hex.
        sha256: String,
        /// Platform and architecture.
        what: String,
    },
    /// A text that no statement can hold.
    #[error("{what} cannot stand in a signed statement: {why}")]
    Word {
        /// What it is.
        what: &'static str,
        /// What stands in the way.
        why: String,
    },
}

impl Unfit {
    /// The word for programs; it stays the same for ever.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "hash_mismatch",
            Self::Size { .. } => "size_mismatch",
            Self::NoSnapshot { .. } => "no_snapshot",
            Self::Archive { .. } => "archive_refused",
            Self::LibraryTooLarge { .. } => "library_too_large",
            Self::Inflate { .. } => "patch_refused",
            Self::Output { .. } => "wrong_output",
            Self::OutputSize { .. } => "wrong_output_size",
            Self::Snapshot { .. } => "snapshot_incompatible",
            Self::Container { .. } => "wrong_container",
            Self::StatementMissing { .. } => "statement_missing",
            Self::NoRoot => "no_root",
            Self::Refused(_) => "statement_refused",
            Self::Says { .. } => "statement_mismatch",
            Self::Arch { .. } => "wrong_arch",
            Self::BlobMissing { .. } => "blob_missing",
            Self::NoReleaseLibrary { .. } => "no_release_library",
            Self::UnknownBase { .. } => "unknown_base",
            Self::Word { .. } => "not_a_word",
        }
    }
}
