//! Roots of trust on their way: from the build to the server, and back when something is signed.

use patchproof_archive::Release as Build;
use patchproof_trust::{Remembered, Word};
use patchproof_verify::{Input, SignedInputs, embedded_root, shows_assets};

use crate::client::Client;
use crate::error::PublishError;

/// A root that enough of its own keys signed.
pub(crate) fn read(name: &str, envelope: &[u8]) -> Result<Remembered, PublishError> {
    Remembered::from_embedded(envelope).map_err(|refusal| PublishError::NotBelieved {
        name: name.to_owned(),
        refusal: Box::new(refusal),
    })
}

/// The root that lies in a build, where its devices look for it.
pub(crate) fn in_build(build: &Build) -> Result<Option<Vec<u8>>, PublishError> {
    embedded_root(build).map_err(|finding| PublishError::Build {
        name: build.name().to_owned(),
        why: finding.message,
    })
}

/// Lets the server know every root that it does not have yet; answers with the newest version.
pub(crate) fn place(
    client: &Client,
    app: &Word,
    build: &Build,
    named: &[(u64, Vec<u8>)],
) -> Result<Option<u64>, PublishError> {
    let mut here = named.to_vec();
    if let Some(embedded) = in_build(build)? {
        let version = read("the root in the build", &embedded)?.root().version;
        here.push((version, embedded));
    }
    here.sort();
    here.dedup();
    let on_server = client.roots(app)?.roots;
    let mut newest = on_server.iter().map(|root| root.version).max();
    for (version, envelope) in here {
        let known = on_server.iter().find(|root| root.version == version);
        match known {
            Some(known) if same(known.envelope.as_bytes(), &envelope) => {}
            Some(known) => return Err(forked(client, version, &known.envelope, &envelope)),
            None => {
                client.put_root(app, version, &envelope)?;
                newest = newest.max(Some(version));
            }
        }
    }
    Ok(newest)
}

/// Whether two envelopes are one document: more signatures do not make it another.
fn same(one: &[u8], other: &[u8]) -> bool {
    let sha256 = |bytes: &[u8]| read("", bytes).ok().map(|root| root.root().sha256());
    one == other || sha256(one).is_some_and(|one| Some(one) == sha256(other))
}

fn forked(client: &Client, version: u64, on_server: &str, here: &[u8]) -> PublishError {
    let sha256 = |bytes: &[u8]| {
        let root = read("", bytes).ok();
        root.map_or_else(
            || "unreadable".to_owned(),
            |it| it.root().sha256().to_string(),
        )
    };
    PublishError::OtherBuild {
        version: format!("root {version} of {}", client.server()),
        what: "root of trust".to_owned(),
        on_server: sha256(on_server.as_bytes()),
        here: sha256(here),
    }
}

/// The roots that a patch is signed under.
#[derive(Debug)]
pub(crate) struct Signing {
    /// The newest one.
    pub(crate) newest: Remembered,
    /// What the chain is given of them.
    first: Option<Vec<u8>>,
    next: Vec<Vec<u8>>,
    /// Whether devices of this release have a root at all.
    pub(crate) devices_ask: bool,
}

impl Signing {
    /// Of a release: the root in its build, or the one that was named, or the server's first; and
    /// those that follow it on the server. `None` where nothing is signed.
    pub(crate) fn of(
        client: &Client,
        app: &Word,
        build: &Build,
        named: Option<&[u8]>,
    ) -> Result<Option<Self>, PublishError> {
        let embedded = in_build(build)?;
        let devices_ask = embedded.is_some() || !shows_assets(build);
        let on_server = client.roots(app)?.roots;
        let first = named.map(<[u8]>::to_vec).or_else(|| {
            let first = on_server.first()?;
            Some(first.envelope.clone().into_bytes())
        });
        let Some(anchor) = embedded.as_ref().or(first.as_ref()) else {
            return Ok(None);
        };
        if on_server.is_empty() {
            return Err(PublishError::NotThere {
                what: format!("the root of trust of {app}"),
                remedy: "the release has one, so its devices take nothing unsigned; run \
                         `patchproof release` for it again, which lets the server know"
                    .to_owned(),
            });
        }
        let mut newest = read("the root of the release", anchor)?;
        let mut next = Vec::new();
        for root in on_server {
            if root.version > newest.root().version {
                let envelope = root.envelope.into_bytes();
                newest = read("a root on the server", &envelope)?;
                next.push(envelope);
            }
        }
        let found = &newest.root().app;
        if found != app {
            return Err(PublishError::Build {
                name: "the root of the release".to_owned(),
                why: format!("it is of the app {found}, and this is {app}"),
            });
        }
        Ok(Some(Self {
            newest,
            first: if embedded.is_some() { None } else { first },
            next,
            devices_ask,
        }))
    }

    /// For the chain, which verifies that each root follows the one before.
    pub(crate) fn inputs(&self, signed: &mut SignedInputs) {
        let input = |name: &str, bytes: &Vec<u8>| Input::new(name, Ok(bytes.clone()));
        signed.root = self.first.as_ref().map(|root| input("the root", root));
        let next = self.next.iter();
        signed.next_roots = next.map(|root| input("a later root", root)).collect();
    }
}
