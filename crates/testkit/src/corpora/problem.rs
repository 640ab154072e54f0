//! What can be wrong with a list of artefacts.

/// Why a list of artefacts was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not TOML of the documented form.
    #[error("corpora/manifest.toml is not in its documented form: {0}")]
    Form(toml::de::Error),

    /// One entry is not fit for use.
    #[error("corpora/manifest.toml, {place}: {problem}")]
    Entry {
        /// `NAME@VERSION`, or an artefact's id.
        place: String,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with an entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Two artefacts would answer to one id.
    #[error(
        "the id is taken by an earlier entry; one package may be listed once, and its files \
             must differ in name"
    )]
    DuplicateId,
    /// A text that a reader needs is missing.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// The name is not one that can be handed to a client.
    #[error("the name may hold a-z, 0-9, `.`, `-`, `_` and one npm scope, and starts with no sign")]
    Name,
    /// A package with nothing in it.
    #[error("it lists no artefact")]
    NoArtefact,
    /// The path is not a plain relative one.
    #[error("path `{0}` must be relative, with `/` between names, none of them empty, `.` or `..`")]
    Path(String),
    /// `!` after something that cannot be stepped into.
    #[error("path `{0}` steps with `!` into something that is not a .tar.gz or .tgz")]
    PathNested(String),
    /// A platform is needed or makes no sense.
    #[error("`platform` is for pypi's packages, which all need it, in a-z, 0-9 and `_`")]
    Platform,
    /// One SHA-256 with two lengths or kinds.
    #[error("`{0}` has the same SHA-256, but another size or kind")]
    SameBytes(String),
    /// Not 64 lowercase hex digits.
    #[error("sha256 `{0}` is not 64 lowercase hex digits")]
    Sha256(String),
    /// A file of no bytes.
    #[error("size_bytes is 0")]
    SizeZero,
    /// The version is not one that can be handed to a client.
    #[error("the version may hold letters, digits, `.`, `-`, `+` and starts with a digit")]
    Version,
}

/// The problem, unless the condition held.
pub(super) fn require(held: bool, problem: Problem) -> Result<(), Problem> {
    if held { Ok(()) } else { Err(problem) }
}
