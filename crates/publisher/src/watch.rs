//! Who is told how far long work is.

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Opening a build and reading its libraries.
    Reading,
    /// Bytes to the server.
    Uploading,
    /// Bytes from the server.
    Downloading,
    /// Patches made, of all that are.
    Making,
    /// The chain of `verify-release`.
    Verifying,
    /// The one request that makes all of it visible; the server checks everything before.
    Publishing,
}

impl Step {
    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Uploading => "uploading",
            Self::Downloading => "downloading",
            Self::Making => "making patches",
            Self::Verifying => "verifying",
            Self::Publishing => "publishing",
        }
    }
}

/// Is told how far it is.
pub trait Watch: Sync {
    /// So much of so much is done; both 0 where it is not counted.
    fn at(&self, step: Step, done: u64, of: u64);
}
