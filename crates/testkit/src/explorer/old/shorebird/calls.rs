//! What a start does to the disk, one file operation at a time.

use std::collections::VecDeque;

use super::phone::{Artifact, Op, Patch, Phone, Pointers};
use super::updates::{answered, consider, download, inflate, install};
use super::{Key, World};

/// Which thread of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    Main,
    Update,
}

/// The next file operation of a thread, and what is decided before it; at the end of the thread,
/// what is decided there.
pub(super) fn run(world: &World, phone: &mut Phone, process: usize, thread: Thread) -> bool {
    let mut is_run = false;
    while let Some(op) = pop(phone, process, thread) {
        is_run = true;
        let (is_seen, then) = execute(world, phone, process, op);
        let Some(ops) = ops(phone, process, thread) else {
            break;
        };
        match then {
            Then::Ends => ops.clear(),
            Then::First(first) => {
                for op in first.into_iter().rev() {
                    ops.push_front(op);
                }
            }
        }
        if is_seen {
            break;
        }
    }
    is_run
}

pub(super) fn ops(phone: &mut Phone, process: usize, thread: Thread) -> Option<&mut VecDeque<Op>> {
    let process = phone.processes.get_mut(process)?.as_mut()?;
    Some(match thread {
        Thread::Main => &mut process.main,
        Thread::Update => &mut process.update,
    })
}

fn pop(phone: &mut Phone, process: usize, thread: Thread) -> Option<Op> {
    ops(phone, process, thread)?.pop_front()
}

/// What follows an operation, before the rest of its thread.
pub(super) enum Then {
    First(Vec<Op>),
    /// The call failed, or there is nothing more to do.
    Ends,
}

const GO_ON: Then = Then::First(Vec::new());
const SEEN: (bool, Then) = (true, GO_ON);

/// Whether there is anything to see, and what comes next.
fn execute(world: &World, phone: &mut Phone, process: usize, op: Op) -> (bool, Then) {
    match op {
        Op::Init => (false, init(phone)),
        Op::Stamp => {
            phone.disk.stamp = Some(phone.release);
            SEEN
        }
        Op::WipePatches => {
            phone.disk.artifacts.clear();
            SEEN
        }
        Op::Validate => (false, validate(world, phone)),
        Op::TakePath => {
            take_path(phone, process);
            SEEN
        }
        Op::LaunchStart => launch_start(phone),
        Op::LaunchSuccess => launch_success(phone),
        Op::Answered(answer) => (false, answered(phone, &answer)),
        Op::Consider(offer) => (false, consider(phone, offer)),
        Op::Download(offer) => (true, download(phone, offer)),
        Op::Inflate(offer) => (true, inflate(phone, offer)),
        Op::Install(offer) => (true, install(world, phone, offer)),
        Op::Save(pointers) => {
            save(phone, pointers);
            SEEN
        }
        Op::Delete(number) => (phone.disk.artifacts.remove(&number).is_some(), GO_ON),
        Op::DropDownload => {
            phone.disk.download = None;
            SEEN
        }
    }
}

/// The new release is stamped first, and the patches are reset afterwards.
fn init(phone: &mut Phone) -> Then {
    if phone.disk.stamp != Some(phone.release) {
        let reset = Op::Save(Pointers::default());
        return Then::First(vec![Op::Stamp, reset, Op::WipePatches]);
    }
    let Some(booting) = phone.disk.pointers.booting else {
        return GO_ON;
    };
    if phone.processes.iter().flatten().count() == 1 {
        phone.past.blamed.insert(booting.content);
    }
    let mut pointers = phone.disk.pointers.clone();
    pointers.booting = None;
    pointers.bad.insert(booting.number);
    Then::First(fall_back(phone, pointers, booting.number))
}

/// Deletes the file of `number`; what points to it points to the last one that booted, or to
/// nothing. A pointer that alone says `last` is left as it is.
pub(super) fn fall_back(phone: &Phone, mut pointers: Pointers, number: u8) -> Vec<Op> {
    let names = |patch: Option<Patch>| patch.is_some_and(|patch| patch.number == number);
    let mut ops = vec![Op::Delete(number)];
    match (names(pointers.last), names(pointers.next)) {
        (true, true) => {
            pointers.last = None;
            pointers.next = None;
        }
        (false, true) => {
            let last = pointers.last.filter(|last| is_there(phone, *last));
            if let (None, Some(gone)) = (last, pointers.last) {
                ops.push(Op::Delete(gone.number));
            }
            pointers.last = last;
            pointers.next = last;
        }
        _ => {}
    }
    ops.push(Op::Save(pointers));
    ops
}

fn is_there(phone: &Phone, patch: Patch) -> bool {
    let file = phone.disk.artifacts.get(&patch.number);
    file.is_some_and(|file| file.patch == patch)
}

/// Without a key a file is what it should be if it has the right length.
fn validate(world: &World, phone: &Phone) -> Then {
    let Some(next) = phone.disk.pointers.next else {
        return GO_ON;
    };
    let is_bootable = phone
        .disk
        .artifacts
        .get(&next.number)
        .is_some_and(|file| world.key != Key::Strict || (file.whole && file.patch.signed));
    if is_bootable {
        return GO_ON;
    }
    Then::First(fall_back(phone, phone.disk.pointers.clone(), next.number))
}

fn take_path(phone: &mut Phone, process: usize) {
    let next = phone.disk.pointers.next;
    let file = next.and_then(|next| phone.disk.artifacts.get(&next.number).copied());
    if let Some(file) = file {
        phone.past.ran.insert(file.patch.content);
    }
    if let Some(process) = phone.processes.get_mut(process).and_then(Option::as_mut) {
        process.loaded = file.map(|file| Artifact {
            settled: true,
            ..file
        });
        process.is_loaded = true;
    }
}

/// Reads once more which patch is next.
fn launch_start(phone: &mut Phone) -> (bool, Then) {
    if phone.disk.pointers.next.is_none() {
        return (false, GO_ON);
    }
    let mut pointers = phone.disk.pointers.clone();
    pointers.booting = pointers.next;
    save(phone, pointers);
    SEEN
}

/// The engine says so at the end of its constructor, before a frame.
fn launch_success(phone: &mut Phone) -> (bool, Then) {
    let mut pointers = phone.disk.pointers.clone();
    let Some(booted) = pointers.booting.take() else {
        return (false, GO_ON);
    };
    pointers.last = Some(booted);
    phone.past.proven.insert(booted.content);
    save(phone, pointers);
    let older = phone
        .disk
        .artifacts
        .keys()
        .filter(|number| **number < booted.number);
    (
        true,
        Then::First(older.map(|number| Op::Delete(*number)).collect()),
    )
}

/// A temporary and a rename, without a sync.
fn save(phone: &mut Phone, pointers: Pointers) {
    let booting = phone.disk.pointers.booting;
    let banned = booting.filter(|patch| pointers.bad.contains(&patch.number));
    phone
        .past
        .recorded_bad
        .extend(banned.map(|patch| patch.content));
    let before = std::mem::replace(&mut phone.disk.pointers, pointers);
    phone.disk.pointers_before.get_or_insert(before);
}
