//! Where the server is: https anywhere, plain http to this machine, and elsewhere if that is meant.

use std::fmt;

use patchproof_protocol::{WebUrl, WebUrlError};

/// The address of a server, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    text: String,
    insecure_http: bool,
}

impl ServerUrl {
    /// Reads one. A token goes to it with each request, so plain http to another machine is taken
    /// with `insecure_http` alone.
    ///
    /// # Errors
    ///
    /// As [`WebUrl::parse`]; also for a query or a fragment, behind which no path can be put.
    pub fn parse(text: &str, insecure_http: bool) -> Result<Self, WebUrlError> {
        match WebUrl::parse(text) {
            Err(WebUrlError::Insecure { .. }) if insecure_http => {}
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        if text.contains(['?', '#']) {
            return Err(WebUrlError::Malformed {
                why: "it has a query or a fragment, behind which no path can be put".to_owned(),
            });
        }
        Ok(Self {
            text: text.trim_end_matches('/').to_owned(),
            insecure_http,
        })
    }

    /// What lies at a path, which begins with a slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// An address that the server named: it is held to the same rules.
    pub(crate) fn named_by_it(&self, text: &str) -> Result<String, WebUrlError> {
        match WebUrl::parse(text) {
            Err(WebUrlError::Insecure { .. }) if self.insecure_http => Ok(text.to_owned()),
            Err(error) => Err(error),
            Ok(url) if self.is_https() && !url.is_https() => Err(WebUrlError::Weaker),
            Ok(_) => Ok(text.to_owned()),
        }
    }

    fn is_https(&self) -> bool {
        let scheme = self.text.split(':').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("https")
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text as part of a path or of a query: whatever could mean something there is escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_leaves_this_machine_only_where_that_is_said() {
        assert!(ServerUrl::parse("http://127.0.0.1:8080", false).is_ok());
        assert!(ServerUrl::parse("https://push.example.com/", false).is_ok());
        let refused = ServerUrl::parse("http://push.example.com", false);
        assert!(matches!(refused, Err(WebUrlError::Insecure { .. })));
        assert!(ServerUrl::parse("http://push.example.com", true).is_ok());
        assert!(ServerUrl::parse("ftp://push.example.com", true).is_err());
    }

    #[test]
    fn a_slash_at_the_end_is_not_doubled() {
        let server = ServerUrl::parse("https://push.example.com/a/", false).unwrap();
        assert_eq!(server.at("/b"), "https://push.example.com/a/b");
    }

    #[test]
    fn a_server_cannot_lead_an_upload_away_from_https() {
        let server = ServerUrl::parse("https://push.example.com", false).unwrap();
        assert_eq!(
            server.named_by_it("http://127.0.0.1/x"),
            Err(WebUrlError::Weaker)
        );
        assert!(server.named_by_it("http://other.example.com/x").is_err());
        assert!(server.named_by_it("https://cdn.example.com/x").is_ok());
    }

    #[test]
    fn a_slash_in_a_version_is_no_second_part_of_a_path() {
        assert_eq!(escaped("1.0/../x+1"), "1.0%2F..%2Fx%2B1");
    }
}
