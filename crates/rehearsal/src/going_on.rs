//! After a power cut: the phone goes on without any further fault, and is to get where it should.

use patchproof_device::{Exit, Outcome as Update};
use patchproof_report::Rule;
use patchproof_storage::Storage;

use crate::disk::SimDisk;
use crate::explore::{Rules, wrong_rule};
use crate::phone::Phone;
use crate::rehearsal::RehearseError;
use crate::watch::Watched;
use crate::words::{named, shortened};

/// Why a disk was not recovered from.
pub(crate) enum Trouble {
    Ended(RehearseError),
    Found(Rule, String),
}

/// Starts, updates and starts until the goal runs; then it must stay, and leave nothing behind.
pub(crate) fn reaches<S: Storage, F: Fn(Watched) -> S>(
    phone: &Phone<'_, F>,
    rules: &Rules,
) -> Result<u64, Trouble> {
    let mut last = String::from("nothing went wrong");
    for number in 1..=STARTS_MAX {
        let process = AFTER_A_CUT.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
        let app = phone
            .start(process, &exits(rules), None)
            .map_err(RehearseError::from)?;
        if app.ran.number().is_none() {
            let words = format!("start {number} ran {}", app.ran);
            return Err(Trouble::Found(Rule::RehearsalBootedOther, words));
        }
        let is_there = app.ran.number() == Some(rules.goal);
        if is_there && let Err(error) = app.stays_up() {
            last = error.to_string();
        }
        match app.update() {
            Ok(updated) => {
                if let Update::NotTaken { why, .. } = updated.outcome {
                    last = format!("the last update was not taken: {why:?}");
                }
            }
            Err(error) => last = format!("the last update failed: {error}"),
        }
        if is_there {
            drop(app);
            stays(phone, rules)?;
            return Ok(number);
        }
    }
    let words = format!(
        "{} did not run within {STARTS_MAX} starts with an honest server; {last}",
        named(rules.goal)
    );
    Err(Trouble::Found(Rule::RehearsalNotReached, words))
}

fn stays<S: Storage, F: Fn(Watched) -> S>(
    phone: &Phone<'_, F>,
    rules: &Rules,
) -> Result<(), Trouble> {
    let process = AFTER_A_CUT.saturating_add(100);
    let app = phone
        .start(process, &exits(rules), None)
        .map_err(RehearseError::from)?;
    if app.ran.number() != Some(rules.goal) {
        let words = format!(
            "{} ran and was well, and the start after it ran {}",
            named(rules.goal),
            app.ran
        );
        return Err(Trouble::Found(wrong_rule(rules, &app.ran), words));
    }
    let waste = waste(&phone.disk);
    if waste.is_empty() {
        return Ok(());
    }
    let words = format!("{} stayed on the disk for good", waste.join(", "));
    Err(Trouble::Found(Rule::RehearsalLeftWaste, words))
}

impl From<RehearseError> for Trouble {
    fn from(error: RehearseError) -> Self {
        Self::Ended(error)
    }
}

/// What is on a disk that nothing refers to, once an update has found nothing to do.
pub(crate) fn waste(disk: &SimDisk) -> Vec<String> {
    let files = disk.files();
    let is_waste = |path: &&String| {
        path.starts_with("staging/")
            || path.ends_with(".tmp")
            || (path.starts_with("downloads/") && *path != "downloads/lock")
    };
    let waste = files.iter().filter(is_waste).map(|path| shortened(path));
    let mut waste: Vec<String> = waste.collect();
    let generations = files.iter().filter(|path| path.starts_with("generations/"));
    let mut folders: Vec<&str> = generations
        .filter_map(|path| path.split('/').nth(1))
        .collect();
    folders.dedup();
    // The one that runs, and one that is dropped with the next install.
    if folders.len() > 2 {
        waste.push(format!("{} generations", folders.len()));
    }
    waste
}

/// What the platform says of processes that ended.
pub(crate) fn exits(rules: &Rules) -> Vec<(u32, Exit)> {
    let crashed = rules.crashed.into_iter();
    crashed
        .map(|process| (process, Exit::NativeCrash))
        .collect()
}

const STARTS_MAX: u64 = 4;
/// The first of the processes that the story has not.
pub(crate) const AFTER_A_CUT: u32 = 100_000;
