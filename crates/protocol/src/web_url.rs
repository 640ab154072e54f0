//! An address that may be asked: https anywhere, plain http on this machine alone.

use std::fmt;
use std::net::IpAddr;

use fluent_uri::{Uri, UriRef};

/// An absolute https URL, or an http one whose host is this machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebUrl(String);

impl WebUrl {
    /// Reads one, strictly by RFC 3986.
    ///
    /// # Errors
    ///
    /// For everything but https, or http to `localhost`, 127.0.0.0/8 or `[::1]`; for a URL with a
    /// user name in it, without a host, or of more than [`URL_BYTES_MAX`] bytes.
    pub fn parse(text: &str) -> Result<Self, WebUrlError> {
        if text.len() > URL_BYTES_MAX {
            return Err(WebUrlError::TooLong {
                found_bytes: text.len(),
            });
        }
        let uri = Uri::parse(text).map_err(|error| malformed(&error))?;
        let authority = uri.authority().filter(|it| !it.host().is_empty());
        let authority = authority.ok_or_else(|| malformed(&"it names no host"))?;
        if authority.has_userinfo() {
            return Err(WebUrlError::UserInfo);
        }
        authority.port_to_u16().map_err(|error| malformed(&error))?;
        let scheme = uri.scheme().as_str();
        if scheme.eq_ignore_ascii_case("https") {
            return Ok(Self(text.to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(WebUrlError::Scheme {
                found: scheme.to_owned(),
            });
        }
        if is_this_machine(authority.host()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(WebUrlError::Insecure {
                host: authority.host().to_owned(),
            })
        }
    }

    /// What a redirect from here leads to: `location` may be relative.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`]; also where it leads from https to plain http, on this machine too.
    pub fn redirected(&self, location: &str) -> Result<Self, WebUrlError> {
        if location.len() > URL_BYTES_MAX {
            return Err(WebUrlError::TooLong {
                found_bytes: location.len(),
            });
        }
        let base = Uri::parse(self.0.as_str()).map_err(|error| malformed(&error))?;
        let base = base.strip_fragment();
        let to = UriRef::parse(location).map_err(|error| malformed(&error))?;
        let to = to
            .resolve_against(&base)
            .map_err(|error| malformed(&error))?;
        let to = Self::parse(to.strip_fragment().as_str())?;
        if self.is_https() && !to.is_https() {
            return Err(WebUrlError::Weaker);
        }
        Ok(to)
    }

    /// Whether it is https; else it is plain http to this machine.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let scheme = self.0.split(':').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("https")
    }

    /// The text, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has a `?` or a `#`, behind which no path can be put.
    pub(crate) fn ends_a_path(&self) -> bool {
        self.0.contains(['?', '#'])
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an address is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebUrlError {
    /// Too long.
    #[error("expected a URL of at most {URL_BYTES_MAX} bytes, found {found_bytes}")]
    TooLong {
        /// How long.
        found_bytes: usize,
    },
    /// Not a URL.
    #[error("expected an absolute URL by RFC 3986: {why}")]
    Malformed {
        /// What the parser says.
        why: String,
    },
    /// Neither https nor http.
    #[error("expected an https URL, found the scheme {found:?}")]
    Scheme {
        /// Which.
        found: String,
    },
    /// A user name or password stands before the host: it would be sent to whom the eye does not
    /// see.
    #[error("expected a URL without user name; remove what stands before the @")]
    UserInfo,
    /// Plain http to another machine.
    #[error(
        "expected https, found plain http to {host:?}; only this machine may be asked without TLS"
    )]
    Insecure {
        /// Which.
        host: String,
    },
    /// A redirect gave up TLS.
    #[error("expected a redirect from https to stay on https, found one to plain http")]
    Weaker,
}

fn malformed(why: &dyn fmt::Display) -> WebUrlError {
    WebUrlError::Malformed {
        why: why.to_string(),
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match bare.unwrap_or(host).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// The longest URL that is read; signed download addresses run to some hundreds of bytes.
pub const URL_BYTES_MAX: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<(), WebUrlError> {
        WebUrl::parse(text).map(|url| assert_eq!(url.as_str(), text))
    }

    #[test]
    fn https_is_taken_with_port_path_and_query() {
        assert_eq!(parsed("https://cdn.example:8443/a/b?c=d%20e&f"), Ok(()));
        assert_eq!(parsed("HTTPS://example"), Ok(()));
    }

    #[test]
    fn plain_http_is_taken_for_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:8080",
        ] {
            assert_eq!(parsed(&format!("http://{host}/x")), Ok(()), "{host}");
        }
    }

    #[test]
    fn plain_http_is_refused_for_every_other_machine() {
        for host in [
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "[::ffff:10.0.0.1]",
            "2130706433",
            "127.1",
            "%6cocalhost",
            "localhost.",
        ] {
            let found = parsed(&format!("http://{host}/x"));
            assert!(
                matches!(found, Err(WebUrlError::Insecure { .. })),
                "{host}: {found:?}"
            );
        }
    }

    #[test]
    fn a_user_name_cannot_pass_for_the_host() {
        assert_eq!(
            parsed("http://localhost@evil.example/"),
            Err(WebUrlError::UserInfo)
        );
        assert_eq!(
            parsed("https://good.example:443@evil.example/"),
            Err(WebUrlError::UserInfo)
        );
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for text in [
            "file:///etc/passwd",
            "ftp://example/",
            "data:,x",
            "javascript:1",
        ] {
            assert!(parsed(text).is_err(), "{text}");
        }
        for text in [
            "",
            "example.com/x",
            "//example.com",
            "https://",
            "https:///x",
            "https://a b/",
        ] {
            let found = parsed(text);
            assert!(
                matches!(found, Err(WebUrlError::Malformed { .. })),
                "{text}: {found:?}"
            );
        }
        assert!(parsed("https://example:99999/").is_err());
        let long = format!("https://example/{}", "x".repeat(URL_BYTES_MAX));
        assert!(matches!(parsed(&long), Err(WebUrlError::TooLong { .. })));
    }

    #[test]
    fn a_relative_redirect_leads_on_from_where_it_stands() {
        let from = WebUrl::parse("https://a.example/x/y?q").expect("a URL");
        let to = |location| from.redirected(location).map(|it| it.as_str().to_owned());
        assert_eq!(to("/z").as_deref(), Ok("https://a.example/z"));
        assert_eq!(to("z#part").as_deref(), Ok("https://a.example/x/z"));
        assert_eq!(to("//b.example/z").as_deref(), Ok("https://b.example/z"));
        assert_eq!(
            to("https://b.example/").as_deref(),
            Ok("https://b.example/")
        );
    }

    #[test]
    fn a_redirect_never_leads_to_a_weaker_scheme() {
        let https = WebUrl::parse("https://a.example/").expect("a URL");
        let http = WebUrl::parse("http://127.0.0.1:1/").expect("a URL");
        assert_eq!(
            https.redirected("http://127.0.0.1:1/"),
            Err(WebUrlError::Weaker)
        );
        let away = http.redirected("http://example/");
        assert!(matches!(away, Err(WebUrlError::Insecure { .. })));
        assert!(http.redirected("https://example/").is_ok());
    }
}
