//! The entry: a rehearsal from what it is given to what came of it.

use patchproof_device::Cancel;
use patchproof_storage::Storage;

use crate::phone::{Phone, Stage, settings};
use crate::rehearsal::{Rehearsal, RehearseError};
use crate::rehearsed::Rehearsed;
use crate::story::Story;
use crate::watch::Watched;

/// How far a rehearsal is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step<'a> {
    /// What happens in the scene that is cut now.
    pub scene: &'a str,
    /// How many of its crash points are behind.
    pub done: usize,
    /// How many it has.
    pub crash_points: usize,
}

/// Takes a simulated device through the patches in turn, and cuts its power at every operation that
/// may change its disk. The same rehearsal gives the same answer on every machine.
///
/// # Errors
/// [`RehearseError`], where the story cannot be told to its end. What the device does wrong on the
/// way is among the findings.
pub fn rehearse(
    rehearsal: &Rehearsal,
    progress: &mut dyn FnMut(Step<'_>),
    cancel: &Cancel,
) -> Result<Rehearsed, RehearseError> {
    rehearse_over(rehearsal, |disk| disk, progress, cancel)
}

/// As [`rehearse`], of a device that has something of the caller's between itself and its disk: a
/// fault, to see that it is found.
///
/// # Errors
/// As [`rehearse`].
pub fn rehearse_over<S: Storage>(
    rehearsal: &Rehearsal,
    wrap: impl Fn(Watched) -> S,
    progress: &mut dyn FnMut(Step<'_>),
    cancel: &Cancel,
) -> Result<Rehearsed, RehearseError> {
    let settings = patchproof_device::Settings::parse(&settings());
    let settings = settings.map_err(|error| RehearseError::Story {
        what: "reading the rehearsed app's settings".to_owned(),
        why: error.to_string(),
    })?;
    let stage = Stage {
        arch: rehearsal.arch,
        base: rehearsal.base.clone(),
        settings,
        libraries: rehearsal.libraries()?,
        cancel: cancel.clone(),
        wrap,
    };
    let phone = Phone::new(&stage);
    let mut story = Story::new(&phone, rehearsal.bounds, progress);
    match story.tell() {
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Found) | Ok(()) => Ok(story.rehearsed()),
    }
}

/// Why a story ends early.
pub(crate) enum Stop {
    Error(RehearseError),
    /// There is a finding, and nothing to go on from.
    Found,
}

impl<E: Into<RehearseError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}
