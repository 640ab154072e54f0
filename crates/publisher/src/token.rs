//! The token that a request carries: never shown, also not by mistake.

use std::fmt;

/// Lets whoever has it do what its scope allows.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Of a text with blanks and line ends around it.
    ///
    /// # Errors
    ///
    /// Where it is empty, or has something in it that no header may have.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::NotOneWord);
        }
        Ok(Self(text.to_owned()))
    }

    /// The value of the header.
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Nothing.
    #[error("the token is empty: give the one that `patchproof token create` printed")]
    Empty,
    /// Blanks or other bytes in it.
    #[error(
        "the token is not one word of ASCII: give the one that `patchproof token create` printed, \
         and nothing else"
    )]
    NotOneWord,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new("  secret\n").unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_eq!(token.bearer(), "Bearer secret");
    }

    #[test]
    fn a_token_cannot_bring_a_header_of_its_own() {
        assert_eq!(Token::new("a\r\nX: b"), Err(TokenError::NotOneWord));
        assert_eq!(Token::new(" \n"), Err(TokenError::Empty));
    }
}
