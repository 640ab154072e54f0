//! Where a name leads to; without TLS to this machine or nowhere.

use std::fmt;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

/// Asks the system on this thread: with a time-out, ureq would leave a thread behind.
#[derive(Debug, Default)]
pub(super) struct CarefulResolver {
    system: DefaultResolver,
}

impl Resolver for CarefulResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        mut timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        timeout.after = Duration::NotHappening;
        let addresses = self.system.resolve(uri, config, timeout)?;
        let is_secure = uri.scheme() == Some(&Scheme::HTTPS);
        if is_secure || addresses.iter().all(|it| it.ip().is_loopback()) {
            Ok(addresses)
        } else {
            let host = uri.host().unwrap_or_default().to_owned();
            Err(ureq::Error::Other(Box::new(LeadsAway { host })))
        }
    }
}

/// A name that was taken for this machine's leads to another one.
#[derive(Debug)]
pub(super) struct LeadsAway {
    pub(super) host: String,
}

impl fmt::Display for LeadsAway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} leads to another machine", self.host)
    }
}

impl std::error::Error for LeadsAway {}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(url: &str) -> Result<usize, ureq::Error> {
        let uri: Uri = url.parse().expect("a URL");
        let found = CarefulResolver::default();
        let found = found.resolve(&uri, &Config::default(), NextTimeout::default());
        found.map(|addresses| addresses.len())
    }

    #[test]
    fn plain_http_is_not_connected_to_another_machine_whatever_let_it_pass() {
        let found = resolve("http://192.0.2.1/");
        assert!(matches!(found, Err(ureq::Error::Other(why)) if why.is::<LeadsAway>()));
        assert!(resolve("http://127.0.0.1:80/").is_ok());
        assert!(resolve("https://192.0.2.1/").is_ok());
    }
}
