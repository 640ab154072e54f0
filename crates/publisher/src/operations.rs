//! What is done with patches that are on the server: promote, roll out, roll back.

use patchproof_protocol::developer::{PatchState, Promote, ReleaseState};
use patchproof_trust::Word;

use crate::client::Client;
use crate::error::PublishError;
use crate::patch::state;

/// A patch of a release, by its number.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever operates fills it in")]
pub struct Which<'a> {
    /// The app's id on the server.
    pub app: &'a Word,
    /// The release's version.
    pub release: &'a Word,
    /// The patch's number.
    pub number: u64,
}

/// Puts a patch onto a channel, which is made where it is not there, and off the one that it sits
/// on.
///
/// # Errors
///
/// [`PublishError`].
pub fn promote(
    client: &Client,
    which: &Which<'_>,
    channel: &Word,
    rollout_basis_points: u16,
) -> Result<PatchState, PublishError> {
    let (_, patch) = find(client, which)?;
    let promote = Promote {
        patch_id: patch.id,
        channel_id: client.channel(which.app, channel)?,
        rollout_basis_points,
    };
    client.promote(which.app, promote)?;
    Ok(find(client, which)?.1)
}

/// Says to how many devices of its channel a patch goes, of 10,000.
///
/// # Errors
///
/// [`PublishError`]; a patch that sits on no channel goes to nobody.
pub fn roll_out(
    client: &Client,
    which: &Which<'_>,
    rollout_basis_points: u16,
) -> Result<PatchState, PublishError> {
    let (_, patch) = find(client, which)?;
    client.roll_out(which.app, patch.id, rollout_basis_points)?;
    Ok(find(client, which)?.1)
}

/// Tells devices to go back from a patch, or with `undo` that it is good again.
///
/// # Errors
///
/// [`PublishError`].
pub fn roll_back(
    client: &Client,
    which: &Which<'_>,
    undo: bool,
) -> Result<PatchState, PublishError> {
    let (release, patch) = find(client, which)?;
    client.roll_back(which.app, release.id, patch.id, undo)?;
    Ok(find(client, which)?.1)
}

/// Tells devices to go back from every patch of a release, or with `undo` that it is over.
///
/// # Errors
///
/// [`PublishError`].
pub fn kill_switch(
    client: &Client,
    app: &Word,
    release: &Word,
    undo: bool,
) -> Result<ReleaseState, PublishError> {
    let found = client.must_have(app, release)?;
    client.kill_switch(app, found.id, undo)?;
    release_state(client, app, release)
}

fn release_state(
    client: &Client,
    app: &Word,
    release: &Word,
) -> Result<ReleaseState, PublishError> {
    let status = client.status(app, Some(release))?;
    let found = state(&status, release).cloned();
    found.ok_or_else(|| PublishError::NotThere {
        what: format!("release {release} of {app}"),
        remedy: "look at `patchproof status` for the versions that are there".to_owned(),
    })
}

fn find(client: &Client, which: &Which<'_>) -> Result<(ReleaseState, PatchState), PublishError> {
    let release = release_state(client, which.app, which.release)?;
    let mut patches = release.patches.iter();
    let patch = patches.find(|patch| patch.number == which.number).cloned();
    let numbers = release.patches.iter().map(|patch| patch.number.to_string());
    let numbers: Vec<String> = numbers.collect();
    let patch = patch.ok_or_else(|| PublishError::NotThere {
        what: format!("patch {} of release {}", which.number, which.release),
        remedy: match numbers.as_slice() {
            [] => "the release has no patch".to_owned(),
            _ => format!("there are the numbers {}", numbers.join(", ")),
        },
    })?;
    Ok((release, patch))
}
