//! One kill at each operation of an install, and what the next start makes of it.

use super::super::super::Design;
use super::failures::world;
use super::phone::{Loaded, Patch, Phone};
use super::properties::is_mixed;
use super::{Action, World};

/// A kill just before one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrashPoint {
    /// The operation that did not happen any more, in plain words.
    pub before: String,
    /// What the next start makes of it.
    pub ending: Ending,
}

/// What a start comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Ending {
    /// What was installed before boots, whole; or the bundled release, if nothing was.
    Old,
    /// The new patch boots, whole.
    New,
    /// The bundled release boots, and the patch that was installed before is banned.
    OldIsBanned,
    /// Code and assets of two patches boot.
    Mixed,
    /// Anything else.
    Other,
}

/// Every operation from the first that the install does on its files to the last: where the process
/// is killed before it, with no other fault.
#[must_use]
pub fn crash_points(installed: Option<Patch>, offer: Patch) -> Vec<CrashPoint> {
    let mut world = world(installed, offer);
    world.budget.kills = 1;
    let mut points = Vec::new();
    let start = world.starts().pop();
    let mut at = start.and_then(|phone| world.next(&phone, &Action::Install(0)));
    while let Some(phone) = at.filter(Phone::is_installing) {
        let Some(after) = world.next(&phone, &Action::Applies(0)) else {
            break;
        };
        points.push(CrashPoint {
            before: world.tell(&phone, &Action::Applies(0), &after),
            ending: ending(&world, &phone),
        });
        at = Some(after);
    }
    points
}

impl Phone {
    fn is_installing(&self) -> bool {
        let process = self.processes.first().and_then(Option::as_ref);
        process.is_some_and(|it| it.apply.iter().any(super::Op::is_of_the_folder))
    }
}

fn ending(world: &World, phone: &Phone) -> Ending {
    let Some(booted) = boot(world, phone) else {
        return Ending::Other;
    };
    let names = |patch: Option<Patch>| patch.map(|patch| patch.name);
    let loaded = booted.processes.first().and_then(Option::as_ref);
    let loaded = loaded.and_then(|process| process.loaded);
    let code = loaded.map(|loaded| loaded.code);
    let is_banned = |name: char| booted.prefs.blacklist.contains(&name);
    if names(world.installed).is_some_and(is_banned) && code.is_none() {
        Ending::OldIsBanned
    } else if loaded.is_some_and(is_mixed) {
        Ending::Mixed
    } else if code == names(world.installed) && is_whole(loaded, world.installed) {
        Ending::Old
    } else if code == Some(world.offer.name) && is_whole(loaded, Some(world.offer)) {
        Ending::New
    } else {
        Ending::Other
    }
}

fn is_whole(loaded: Option<Loaded>, patch: Option<Patch>) -> bool {
    let has_archive = loaded.is_some_and(|loaded| loaded.archive.is_some());
    has_archive == patch.is_some_and(|patch| patch.has_assets)
}

/// Kills, starts, and goes on until nothing is left to do.
fn boot(world: &World, phone: &Phone) -> Option<Phone> {
    let killed = world.next(phone, &Action::Killed(0))?;
    let mut phone = world.next(&killed, &Action::Start(0))?;
    while let Some(next) = world.next(&phone, &Action::Boots(0)) {
        phone = next;
    }
    Some(phone)
}
