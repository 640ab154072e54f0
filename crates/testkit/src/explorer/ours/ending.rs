//! No dead end: from each world, with the network, an honest server and no further fault, the
//! newest patch runs and is proven within few starts.

use super::super::fingerprint::fingerprint;
use super::Ours;
use super::action::{Action, Cut, Disk};
use super::alike::encode;
use super::carry::carried_out;
use super::world::{FRESH, OFFERS, World, content_of, generation, offer, release_key};

/// What is wrong with the best that can follow. What lasts decides: everything that runs is ended
/// first. A patch that this device never saw runs at the second start; one that it has seen, unless
/// something that is remembered speaks against it, at the third at the latest.
pub(super) fn dead_end(ours: &Ours, world: &World) -> Option<&'static str> {
    let key = lasting(world);
    let Ok(mut known) = ours.ended_well.lock() else {
        return Some("a thread of the explorer failed");
    };
    if !known.insert(key) {
        return None;
    }
    drop(known);
    let world = carried_out(ours, world, &Action::PowerCut)?;
    let (fresh, seen) = (newest(&world, true), newest(&world, false));
    let fresh = fresh.and_then(|index| runs_within(ours, &world, index, 2));
    fresh.or_else(|| {
        let index = seen.filter(|index| !is_spoken_against(&world, *index))?;
        runs_within(ours, &world, index, 3)
    })
}

fn runs_within(ours: &Ours, world: &World, index: u8, starts: u8) -> Option<&'static str> {
    let mut world = world.clone();
    for _ in 0..starts {
        match started_once(ours, &world, index) {
            Some((after, _)) if after.broken.is_some() => return after.broken,
            Some((_, true)) => return None,
            Some((after, false)) => world = after,
            None => return Some("an honest continuation is not possible"),
        }
    }
    Some("an honest server's newest patch does not come to run")
}

/// One start, and what a process does that lives long enough; and whether it runs what is wanted.
fn started_once(ours: &Ours, world: &World, index: u8) -> Option<(World, bool)> {
    let (_, offered) = offer(index);
    let wanted = content_of(&offered.content.id);
    let mut world = carried_out(ours, world, &START)?;
    let boot = world.processes.first()?.running()?.boot;
    if boot.is_some() {
        world = carried_out(ours, &world, &HEALTHY)?;
    }
    if boot == Some(wanted) && world.disk.proven == Some(generation(wanted)) {
        return Some((world, true));
    }
    world = carried_out(ours, &world, &answered(index))?;
    if world.processes.first()?.running()?.fetched.is_some() {
        world = carried_out(ours, &world, &INSTALLED)?;
    }
    world = carried_out(ours, &world, &Action::End { process: 0 })?;
    Some((world, false))
}

/// The offer for the installed release with the highest number.
fn newest(world: &World, fresh: bool) -> Option<u8> {
    let made = world.bounds.offers;
    let offers = (0_u8..).zip(OFFERS.iter());
    let offers = offers.filter(|(index, (release, _, content))| {
        *release == world.release
            && (*content == FRESH) == fresh
            && (fresh || made >> index & 1 == 1)
    });
    offers
        .max_by_key(|(_, (_, number, _))| *number)
        .map(|(index, _)| index)
}

/// Whether what is remembered forbids it, read off the state by other means than the machine's.
fn is_spoken_against(world: &World, index: u8) -> bool {
    let (release, offer) = offer(index);
    let id = offer.content.id;
    let words = world.disk.words.get(&release);
    let same = world.disk.release == Some(release_key(world.release));
    let aside = world.disk.set_aside.get(&id).filter(|_| same);
    // A boot that ended and is not settled yet may still speak against it.
    let unsettled = world
        .disk
        .tokens
        .values()
        .any(|token| token.generation == id && !token.settled);
    unsettled
        || words.is_some_and(|it| it.known_bad.contains_key(&id) || offer.number < it.floor)
        || aside.is_some_and(|aside| aside.number >= offer.number)
        || (same && epoch_may_be(world) > offer.content.reads_data_epoch)
}

/// The newest data that there may be, also by the first boot of what is to boot next.
fn epoch_may_be(world: &World) -> u32 {
    let records = world.disk.installed.values();
    let newest = records.map(|record| record.data_epoch).max();
    world.disk.data_epoch.max(newest.unwrap_or_default())
}

fn lasting(world: &World) -> u128 {
    let mut bytes = Vec::with_capacity(96);
    encode(&world.disk, &mut bytes);
    bytes.extend([world.release, world.bounds.offers]);
    fingerprint(&(bytes, &world.folders))
}

const fn answered(index: u8) -> Action {
    Action::Answered {
        process: 0,
        offer: Some(index),
        rolled_back: 0,
        now: 1,
        cut: Cut::None,
    }
}

const START: Action = Action::Start {
    process: 0,
    crashed: [false, false],
    disk: Disk::Well,
    cut: Cut::None,
};
const HEALTHY: Action = Action::Healthy {
    process: 0,
    cut: Cut::None,
};
const INSTALLED: Action = Action::Installed {
    process: 0,
    now: 1,
    cut: Cut::None,
};
