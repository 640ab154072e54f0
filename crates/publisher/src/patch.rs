//! A patch: made, verified as `verify-release` does it, signed, uploaded, and published at once.
//!
//! Nothing is visible before the one request at the end, and no number is taken: a crash at any
//! moment leaves blobs that nobody names.

use std::path::Path;

use patchproof_archive::Release as Build;
use patchproof_protocol::developer::{ReleaseState, Status};
use patchproof_report::Report;
use patchproof_trust::{Sign, Word};
use patchproof_verify::Input;

use crate::base::{Base, base_artifact};
use crate::builds::Libraries;
use crate::client::Client;
use crate::error::PublishError;
use crate::making::{Made, Making};
use crate::packing::Packed;
use crate::published::Published;
use crate::publishing::Publishing;
use crate::roots::Signing;
use crate::signing::Signer;
use crate::verifying::Verifying;
use crate::watch::{Step, Watch};

/// What is to be published, and how.
#[expect(clippy::exhaustive_structs, reason = "whoever publishes fills it in")]
pub struct ToPatch<'a> {
    /// The app's id on the server.
    pub app: &'a Word,
    /// The version of the release that it is for.
    pub release: &'a Word,
    /// The build that the patch is to give.
    pub patched: &'a Path,
    /// The channel that it is put onto.
    pub channel: &'a Word,
    /// To how many of 10,000 devices of the channel.
    pub rollout_basis_points: u16,
    /// For people.
    pub notes: Option<&'a str>,
    /// Whether apps should install it before anything else.
    pub force_update: bool,
    /// From then on it is offered no more, in seconds since 1970.
    pub expires_s: Option<u64>,
    /// From how many of the last patches deltas are made.
    pub deltas: usize,
    /// Whether a simulated device is taken through it too.
    pub rehearse: bool,
    /// The engine, where it does not lie in the release.
    pub engine: Option<Input>,
    /// The root of trust, where the release is a bare library, which shows none.
    pub root: Option<&'a [u8]>,
    /// Who signs; nobody where the app has no root.
    pub signers: &'a [Box<dyn Sign>],
    /// What statements say besides.
    pub words: Words,
    /// What counts as now, in seconds since 1970.
    pub now_s: u64,
}

/// What a publisher says in a statement and no file shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever publishes fills it in")]
pub struct Words {
    /// Where the patch is known, no lower number runs.
    pub minimum_number: u64,
    /// The epoch of data that it writes.
    pub data_epoch: u32,
    /// The newest epoch of data that it reads; at least the one that it writes.
    pub reads_data_epoch: u32,
}

/// What came of it.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Patched {
    /// It is on the server, whole.
    Published(Box<Published>),
    /// It does not hold, and nothing was uploaded. The report says why, and has the exit code.
    Refused(Box<Report>),
}

/// Makes, verifies and publishes a patch.
///
/// # Errors
///
/// [`PublishError`]: nothing was published, unless it says otherwise.
pub fn patch(
    client: &Client,
    wanted: &ToPatch<'_>,
    watch: &dyn Watch,
) -> Result<Patched, PublishError> {
    watch.at(Step::Reading, 0, 0);
    let build = Build::open(wanted.patched)?;
    let patched = Libraries::of(&build)?;
    // A folder was packed when it was released: builds of one kind can be compared.
    let packed = Packed::of(wanted.patched, &build)?;
    let release = client.must_have(wanted.app, wanted.release)?;
    let artifacts = client.artifacts(wanted.app, release.id)?;
    let artifact = base_artifact(&artifacts, &patched, build.shape());
    let artifact = artifact.ok_or_else(|| PublishError::NotThere {
        what: format!(
            "a build of release {} for {}",
            wanted.release, patched.platform
        ),
        remedy: "upload the one that is in the stores with `patchproof release`".to_owned(),
    })?;
    let both = (artifact, artifacts.as_slice());
    let base = Base::download(client, wanted.app, wanted.release, both, watch)?;
    let root = Signing::of(client, wanted.app, &Build::open(&base.path)?, wanted.root)?;
    let signer = root
        .as_ref()
        .map(|root| Signer::new(root, wanted, patched.platform))
        .transpose()?;
    let made = make(client, wanted, &base.libraries, &patched, watch)?;
    let place = (release.id, patched.platform);
    let mut publishing = Publishing::new(client, wanted, place, &made, signer.as_ref())?;
    watch.at(Step::Verifying, 0, 0);
    let verifying = Verifying {
        wanted,
        base: &base.path,
        patched: &packed.path,
        made: &made,
        signing: root.as_ref(),
        statements: publishing.statements(),
    };
    let verified = match verifying.run() {
        Ok(verified) => verified,
        Err(report) => return Ok(Patched::Refused(report)),
    };
    publishing.upload(watch)?;
    watch.at(Step::Publishing, 0, 0);
    let created = publishing.publish()?;
    let published = publishing.published(created, verified);
    Ok(Patched::Published(Box::new(published)))
}

fn make<'a>(
    client: &Client,
    wanted: &ToPatch<'_>,
    base: &'a Libraries,
    patched: &'a Libraries,
    watch: &dyn Watch,
) -> Result<Vec<Made<'a>>, PublishError> {
    let pairs = pairs(wanted, base, patched)?;
    let status = client.status(wanted.app, Some(wanted.release))?;
    let patches = state(&status, wanted.release).map(|release| release.patches.as_slice());
    let making = Making {
        client,
        app: wanted.app,
        platform: patched.platform,
        patches: patches.unwrap_or_default(),
        deltas: wanted.deltas,
        watch,
    };
    let of = u64::try_from(pairs.len()).unwrap_or(u64::MAX);
    let mut made = Vec::new();
    for (done, (base, new)) in (0..).zip(pairs) {
        watch.at(Step::Making, done, of);
        made.push(making.all(base, new)?);
    }
    Ok(made)
}

type Pair<'a> = (&'a crate::builds::Library, &'a crate::builds::Library);

/// Each patched library with the one that it replaces.
fn pairs<'a>(
    wanted: &ToPatch<'_>,
    base: &'a Libraries,
    patched: &'a Libraries,
) -> Result<Vec<Pair<'a>>, PublishError> {
    let fault = |why: String| PublishError::Build {
        name: wanted.patched.display().to_string(),
        why,
    };
    let mut pairs = Vec::new();
    for new in &patched.all {
        let base = base.for_arch(new.arch).ok_or_else(|| {
            let (release, arch) = (wanted.release, new.arch);
            fault(format!(
                "it has a library for {arch}, and release {release} has none: no device asks for \
                 such a patch. Name a build for the machines of the release"
            ))
        })?;
        pairs.push((base, new));
    }
    if pairs.iter().all(|(base, new)| base.bytes == new.bytes) {
        return Err(fault(format!(
            "its Dart code is that of release {}: there is nothing to patch",
            wanted.release
        )));
    }
    Ok(pairs)
}

/// How a release stands.
pub(crate) fn state<'a>(status: &'a Status, version: &Word) -> Option<&'a ReleaseState> {
    let mut releases = status.releases.iter();
    releases.find(|release| release.version == version.as_str())
}
