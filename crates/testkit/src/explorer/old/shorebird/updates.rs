//! What an update does to the disk, one file operation at a time.

use super::calls::{Then, Thread, fall_back, ops};
use super::phone::{Answer, Artifact, Op, Patch, Phone, Pointers};
use super::{Key, World};

/// An answer arrives. What it withdraws is dropped first, file by file.
pub(super) fn take_in(phone: &mut Phone, process: usize, answer: Answer) -> Option<()> {
    let first = if answer.rolled_back.is_empty() {
        let Then::First(first) = consider(phone, answer.offer?) else {
            return Some(());
        };
        first
    } else {
        vec![Op::Answered(answer)]
    };
    ops(phone, process, Thread::Update)?.extend(first);
    Some(())
}

pub(super) fn answered(phone: &mut Phone, answer: &Answer) -> Then {
    let mut ops = Vec::new();
    for number in &answer.rolled_back {
        let pointers = phone.disk.pointers.clone();
        let named = [pointers.last, pointers.next];
        if named
            .into_iter()
            .flatten()
            .any(|patch| patch.number == *number)
        {
            let is_there = phone.disk.artifacts.contains_key(number);
            let fell = fall_back(phone, pointers, *number);
            phone.past.dangling |= is_there && leaves_a_pointer(&fell, *number);
            ops.extend(fell);
        }
    }
    ops.extend(answer.offer.map(Op::Consider));
    Then::First(ops)
}

fn leaves_a_pointer(ops: &[Op], number: u8) -> bool {
    ops.iter().any(
        |op| matches!(op, Op::Save(Pointers { last: Some(last), .. }) if last.number == number),
    )
}

pub(super) fn consider(phone: &mut Phone, offer: Patch) -> Then {
    let Pointers { next, bad, .. } = &phone.disk.pointers;
    if bad.contains(&offer.number) {
        return Then::Ends;
    }
    let Some(same) = next.filter(|next| next.number == offer.number) else {
        return Then::First(vec![Op::Download(offer)]);
    };
    phone.past.fix_refused |= same.content != offer.content;
    Then::Ends
}

/// Resumes what is there: from the end, if it is complete.
pub(super) fn download(phone: &mut Phone, offer: Patch) -> Then {
    if phone.disk.download == Some(offer) {
        phone.past.refused_ranges = phone.past.refused_ranges.saturating_add(1);
        return Then::Ends;
    }
    phone.disk.download = Some(offer);
    let downloads = phone.past.downloads.entry(offer.content).or_default();
    *downloads = downloads.saturating_add(1);
    Then::First(vec![Op::Inflate(offer)])
}

pub(super) fn inflate(phone: &mut Phone, offer: Patch) -> Then {
    if phone.disk.download != Some(offer) {
        return Then::Ends;
    }
    phone.disk.full = Some(offer);
    Then::First(vec![Op::Install(offer)])
}

/// Renames the file to its place; the patch that was next, and never booted, makes room.
pub(super) fn install(world: &World, phone: &mut Phone, offer: Patch) -> Then {
    let is_refused = world.key == Key::InstallOnly && !offer.signed;
    if phone.disk.full != Some(offer) || is_refused {
        return Then::Ends;
    }
    phone.disk.full = None;
    phone
        .disk
        .artifacts
        .insert(offer.number, Artifact::of(offer));
    let mut pointers = phone.disk.pointers.clone();
    let old = pointers.next.replace(offer);
    let unproven = old.filter(|_| old != pointers.last);
    let mut ops: Vec<_> = unproven
        .map(|old| Op::Delete(old.number))
        .into_iter()
        .collect();
    ops.extend([Op::Save(pointers), Op::DropDownload]);
    phone.past.downgraded |= old.is_some_and(|old| old.number > offer.number);
    Then::First(ops)
}
