//! The secret of a token: 32 random bytes. The server keeps its SHA-256 alone, so that whoever
//! reads the database cannot ask as its holder, and can at most make links to files (`link`). It is
//! looked up by that hash, so that no comparison tells by its time how much of a guess was right.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A secret, as its holder sends it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one, with this in front of it: whoever finds it somewhere sees what it is.
    ///
    /// # Errors
    ///
    /// Where the system has no randomness.
    pub fn new(prefix: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; RANDOM_BYTES]);
        getrandom::fill(&mut *bytes)?;
        let text = format!("{prefix}{}", BASE64URL_NOPAD.encode(&*bytes));
        Ok(Self(Zeroizing::new(text)))
    }

    /// One that somebody sent.
    #[must_use]
    pub fn sent(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// What is kept of it: SHA-256, in hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// It, to be told once.
    #[must_use]
    pub fn tell(&self) -> &str {
        &self.0
    }
}

/// Nothing of it is in any log.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// In front of the secrets of tokens.
pub(crate) const TOKEN_PREFIX: &str = "ppt_";
const RANDOM_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_32_bytes_behind_its_prefix_and_none_is_made_twice() {
        let one = Secret::new(TOKEN_PREFIX).unwrap();
        let other = Secret::new(TOKEN_PREFIX).unwrap();
        let bytes = one.tell().strip_prefix("ppt_").unwrap();
        assert_eq!(BASE64URL_NOPAD.decode(bytes.as_bytes()).unwrap().len(), 32);
        assert_ne!(one.tell(), other.tell());
    }

    #[test]
    fn what_is_kept_of_a_sent_secret_is_what_was_kept_of_the_made_one() {
        let secret = Secret::new(TOKEN_PREFIX).unwrap();
        assert_eq!(Secret::sent(secret.tell()).sha256(), secret.sha256());
        assert!(!format!("{secret:?}").contains(secret.tell()));
    }
}
