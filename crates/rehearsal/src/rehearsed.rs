//! What came of a rehearsal.

use patchproof_report::{ExitCode, Finding, Severity};
use serde::Serialize;

/// A rehearsal to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rehearsed {
    /// What the device lived through, in order, had there been no power cut.
    pub timeline: Vec<Scene>,
    /// Every moment at which the power was cut, in order.
    pub points: Vec<CrashPoint>,
    /// All of them added up.
    pub totals: Totals,
    /// What the device did wrong. None of it: the rehearsal held.
    pub findings: Vec<Finding>,
}

/// One step of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Scene {
    /// Counted from 1.
    pub number: u64,
    /// What happens.
    pub what: String,
    /// What the engine runs meanwhile.
    pub runs: String,
    /// The storage operations that it took, reads too.
    pub operations: u64,
    /// Those that may have changed the disk.
    pub changes: u64,
    /// Those before which the power was cut: all that may change the disk, but for a long run of
    /// writes to one file, of which 32 to 64 stand for the rest. What a cut before an earlier one
    /// leaves, a cut before a later one may leave too.
    pub crash_points: u64,
}

/// One moment at which the power was cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CrashPoint {
    /// The scene it is in.
    pub scene: u64,
    /// Which operation of that disk did not happen any more, counted from 0.
    pub operation: u64,
    /// That operation, in words.
    pub before: String,
    /// How many disks the cut may have left, of those that were looked at.
    pub images: u64,
    /// Whether these are all that the fault model allows, and not a sweep over too many.
    pub exhaustive: bool,
    /// What booted on them.
    pub booted: BootedCounts,
    /// How many of them were taken on until they ran what they should, or were equal to one that
    /// was.
    pub continued: u64,
    /// The starts that it took at most, the first one counted; null where none was continued.
    pub recovered_within_starts: Option<u64>,
}

/// On how many disks something booted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BootedCounts {
    /// The release as it was shipped.
    pub bundled: u64,
    /// The whole library of a patch before the one that the scene is about.
    pub earlier: u64,
    /// The whole library of the patch that the scene is about.
    pub newest: u64,
    /// Anything else. Never, or there is a finding.
    pub other: u64,
}

/// The counts of a rehearsal; the same on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Storage operations of the story.
    pub operations: u64,
    /// Those that may have changed the disk.
    pub changes: u64,
    /// Moments at which the power was cut.
    pub crash_points: u64,
    /// Of these, with every disk that the fault model allows.
    pub exhaustive_points: u64,
    /// Disks that were booted, or were equal in all that a start reads to one that was.
    pub images: u64,
    /// Starts that were made for that.
    pub starts: u64,
    /// Disks that were taken on until they ran what they should, or were equal to one that was.
    pub continued: u64,
    /// Continuations that were made for that.
    pub continuations: u64,
    /// The most starts that one of them took.
    pub recovered_within_starts: u64,
}

impl Rehearsed {
    /// What the findings come to: held, broken, or undecided.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self.findings.iter().map(|finding| finding.severity).max() {
            Some(Severity::Error) => ExitCode::Different,
            Some(Severity::Undecided) => ExitCode::Undecided,
            _ => ExitCode::Verified,
        }
    }

    /// How far it went, in a sentence.
    #[must_use]
    pub fn extent(&self) -> String {
        let Totals {
            changes,
            crash_points,
            exhaustive_points,
            images,
            starts,
            continued,
            recovered_within_starts,
            ..
        } = self.totals;
        let swept = crash_points.saturating_sub(exhaustive_points);
        format!(
            "the power was cut {crash_points} times around {changes} changes of the disk \
             ({exhaustive_points} with every disk within the bounds, {swept} swept). \
             That left {images} disks, which a start can tell apart in {starts} ways; {continued} \
             of them were continued and ran what they should within \
             {recovered_within_starts} starts"
        )
    }
}

impl BootedCounts {
    pub(crate) const fn count(&mut self, ran: Option<u64>, newest: u64) {
        match ran {
            Some(0) => self.bundled += 1,
            Some(number) if number < newest => self.earlier += 1,
            Some(number) if number == newest => self.newest += 1,
            _ => self.other += 1,
        }
    }

    /// Adds another moment's counts.
    pub const fn add(&mut self, other: Self) {
        self.bundled += other.bundled;
        self.earlier += other.earlier;
        self.newest += other.newest;
        self.other += other.other;
    }
}
