//! What must never be, one name and one look at the phone each.

use std::collections::BTreeSet;

use super::phone::{Answer, Artifact, Op, Phone, Process};
use super::{Key, World};

/// The properties that do not hold.
pub(super) fn violated(world: &World, phone: &Phone) -> Vec<&'static str> {
    let broken = PROPERTIES
        .iter()
        .filter(|(_, holds_not)| holds_not(world, phone));
    broken.map(|(name, _)| *name).collect()
}

type Property = (&'static str, fn(&World, &Phone) -> bool);

const PROPERTIES: [Property; 16] = [
    (RANGE, |_, phone| phone.past.refused_ranges >= 2),
    (OTHER_RELEASE, |_, phone| {
        loaded(phone).any(|file| file.patch.release != phone.release)
    }),
    (INSTALLED_TWICE, |_, phone| {
        phone.is_quiet() && next_is_gone(phone)
    }),
    (NEVER_BOOTS, |world, phone| {
        world.key == Key::Strict && downloads(phone) >= 3 && bad(world, phone).is_empty()
    }),
    (ZEROS, |_, phone| loaded(phone).any(|file| !file.whole)),
    (BANS_LOST, |_, phone| runs_what_was_bad(phone)),
    (OFFERED_AND_WITHDRAWN, |world, phone| {
        downloads(phone) >= 3 && world.answers.iter().any(contradicts_itself)
    }),
    (DOWNGRADE, |_, phone| {
        phone.is_quiet() && phone.past.downgraded
    }),
    (STAYS, |_, phone| unreferenced_stays(phone)),
    (FIX_REFUSED, |_, phone| phone.past.fix_refused),
    (UNPROVEN_ALONE, |_, phone| unproven_alone(phone)),
    (ONE_STRIKE, |world, phone| {
        let mut bad = bad(world, phone).into_iter();
        bad.any(|it| phone.past.proven.contains(&it) && !phone.past.crashed.contains(&it))
    }),
    (CRASH_LOOP, |_, phone| crash_loop(phone)),
    (RUNNING_FILE, |_, phone| runs_what_is_gone(phone)),
    (NEVER_RAN, |_, phone| {
        let past = &phone.past;
        let mut blamed = past.blamed.intersection(&past.recorded_bad);
        blamed.any(|content| !past.ran.contains(content))
    }),
    (DANGLING, |_, phone| phone.past.dangling),
];

fn loaded(phone: &Phone) -> impl Iterator<Item = Artifact> {
    processes(phone).filter_map(|process| process.loaded)
}

fn processes(phone: &Phone) -> impl Iterator<Item = &Process> {
    phone.processes.iter().flatten()
}

fn downloads(phone: &Phone) -> u8 {
    let downloads = phone.past.downloads.values().copied();
    downloads.max().unwrap_or_default()
}

/// Contents whose numbers are bad now.
fn bad(world: &World, phone: &Phone) -> BTreeSet<char> {
    let offers = world.answers.iter().filter_map(|answer| answer.offer);
    let bad = offers.filter(|offer| phone.disk.pointers.bad.contains(&offer.number));
    bad.map(|offer| offer.content).collect()
}

fn next_is_gone(phone: &Phone) -> bool {
    let next = phone.disk.pointers.next;
    next.is_some_and(|next| !phone.disk.artifacts.contains_key(&next.number))
}

/// A start that took it just now.
fn runs_what_was_bad(phone: &Phone) -> bool {
    let fresh = processes(phone).filter(|it| it.main.front() == Some(&Op::LaunchStart));
    let mut files = fresh.filter_map(|process| process.loaded);
    files.any(|file| phone.past.recorded_bad.contains(&file.patch.content))
}

fn contradicts_itself(answer: &Answer) -> bool {
    let offer = answer.offer.map(|offer| offer.number);
    offer.is_some_and(|number| answer.rolled_back.contains(&number))
}

/// After the only clean-up there is: the one that follows a success.
fn unreferenced_stays(phone: &Phone) -> bool {
    let pointers = &phone.disk.pointers;
    let last = pointers.last.map_or(0, |last| last.number);
    let above = phone.disk.artifacts.keys().any(|number| *number > last);
    phone.is_quiet() && last > 0 && pointers.last == pointers.next && above
}

fn unproven_alone(phone: &Phone) -> bool {
    let kept = phone.kept();
    let proven = &phone.past.proven;
    phone.is_quiet() && proven.len() >= 2 && !kept.is_empty() && kept.is_disjoint(proven)
}

fn crash_loop(phone: &Phone) -> bool {
    let next = phone.disk.pointers.next.map(|next| next.content);
    let crashes = next.and_then(|next| phone.past.crashed_early.get(&next));
    crashes.is_some_and(|crashes| *crashes >= 3) && processes(phone).any(|it| it.main.is_empty())
}

fn runs_what_is_gone(phone: &Phone) -> bool {
    let kept = phone.kept();
    let booted = processes(phone).filter(|process| process.main.is_empty());
    let mut files = booted.filter_map(|process| process.loaded);
    files.any(|file| !kept.contains(&file.patch.content))
}

pub(super) const RANGE: &str =
    "a good patch cannot be fetched any more: its own complete download is in the way";
pub(super) const OTHER_RELEASE: &str = "a patch made for another release boots";
pub(super) const INSTALLED_TWICE: &str =
    "what boots next has no file: two processes have installed it";
pub(super) const NEVER_BOOTS: &str = "a patch that can never boot is downloaded for the third time";
pub(super) const ZEROS: &str = "zeros boot in a patch's place";
pub(super) const BANS_LOST: &str = "a patch that was recorded as bad boots again";
pub(super) const OFFERED_AND_WITHDRAWN: &str =
    "a patch that is withdrawn is downloaded for the third time";
pub(super) const DOWNGRADE: &str =
    "a lower number took the place of a higher one that nobody had withdrawn";
pub(super) const STAYS: &str = "a file that nothing refers to stays, after the clean-up too";
pub(super) const FIX_REFUSED: &str = "a fix under the same number is taken for what is installed";
pub(super) const UNPROVEN_ALONE: &str =
    "two patches had proved themselves, and only one that never ran is left";
pub(super) const ONE_STRIKE: &str =
    "a patch that had booted well is bad for good, and never crashed";
pub(super) const CRASH_LOOP: &str =
    "a patch that crashed three times before its first frame boots once more";
pub(super) const RUNNING_FILE: &str = "the file that a live process runs is deleted";
pub(super) const NEVER_RAN: &str = "a patch that never ran is bad for good";
pub(super) const DANGLING: &str = "a roll-back deleted a file and left the pointer to it";
