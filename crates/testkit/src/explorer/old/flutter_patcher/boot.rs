//! What a process does, one operation at a time: the guard, the recovery, the checks, the engine;
//! and an install.

use std::collections::VecDeque;

use super::phone::{Disk, End, Loaded, Op, Phone, Process, Set, Stage};
use super::transaction::{execute, install, recover};

/// Which thread of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    Main,
    Apply,
}

/// The next operation that changes something, and what is decided before it.
pub(super) fn run(phone: &mut Phone, at: usize, thread: Thread) -> bool {
    let mut is_run = false;
    while let Some(op) = ops(phone, at, thread).and_then(VecDeque::pop_front) {
        is_run = true;
        let before = phone.clone();
        let Some(first) = step(phone, at, &op) else {
            if let Some(ops) = ops(phone, at, thread) {
                ops.clear();
            }
            break;
        };
        let is_seen = *phone != before;
        let Some(ops) = ops(phone, at, thread) else {
            break;
        };
        for op in first.into_iter().rev() {
            ops.push_front(op);
        }
        if is_seen {
            break;
        }
    }
    is_run
}

pub(super) fn ops(phone: &mut Phone, at: usize, thread: Thread) -> Option<&mut VecDeque<Op>> {
    let process = phone.processes.get_mut(at)?.as_mut()?;
    Some(match thread {
        Thread::Main => &mut process.main,
        Thread::Apply => &mut process.apply,
    })
}

/// What has to be done before the rest; none where the operation failed, and all the rest with it.
fn step(phone: &mut Phone, at: usize, op: &Op) -> Option<Vec<Op>> {
    match op {
        Op::Guard => return Some(guard(phone)),
        Op::Trip => {
            trip(phone);
            // This start boots what is bundled.
            let main = ops(phone, at, Thread::Main)?;
            main.clear();
            main.extend([Op::Hook, Op::DartInit]);
        }
        Op::Recover => return Some(recover(&phone.disk)),
        Op::Check => return Some(check(phone)),
        Op::MarkBooting | Op::DartInit => mark_booting(phone, at)?,
        Op::Hook => hook(phone, at)?,
        Op::Download(patch) => {
            let crashes = phone.past.crashes.get(&patch.name).copied();
            // Each time by a crash of its own.
            let has_crashed = crashes.unwrap_or_default() > phone.past.downloads_again;
            let is_gone = phone.disk.current.code != Some(patch.name);
            phone.past.downloads_again += u8::from(has_crashed && is_gone);
            phone.disk.staging_folder = true;
            phone.disk.staging = Set {
                meta: None,
                ..Set::of(*patch)
            };
            let mut first = install(&phone.disk, *patch);
            first.extend([Op::Done(*patch), Op::Reset]);
            return Some(first);
        }
        Op::Done(patch) => {
            phone.past.hollow |= phone.disk.current.code != Some(patch.name);
        }
        Op::Reset => {
            phone.prefs.loading = false;
            phone.prefs.pid = None;
        }
        _ => execute(&mut phone.disk, op)?,
    }
    Some(Vec::new())
}

/// Whether the last boot is blamed: by what the platform tells of the process that was recorded,
/// and where it tells nothing, by whether something was booting.
fn guard(phone: &mut Phone) -> Vec<Op> {
    let told = phone.prefs.pid.and_then(|pid| phone.exits.get(&pid));
    let is_crash = match told {
        Some(end) => *end == End::Crash,
        None => phone.prefs.loading,
    };
    let is_blamed = is_crash && phone.disk.current.code.is_some();
    if is_blamed {
        return vec![Op::Trip];
    }
    phone.prefs.loading = false;
    phone.prefs.pid = None;
    Vec::new()
}

/// The patch that lies on the disk now is the culprit. One without a hash has no name to be banned
/// by.
pub(super) fn trip(phone: &mut Phone) {
    blacklist(phone);
    phone.disk = Disk::default();
    phone.prefs.loading = false;
    phone.prefs.pid = None;
}

fn blacklist(phone: &mut Phone) {
    let meta = phone.disk.current.meta.filter(|meta| meta.has_hash);
    phone.prefs.blacklist.extend(meta.map(|meta| meta.name));
}

/// The code is hashed and compared with what `patch_meta.json` says; assets only have to be there.
fn check(phone: &mut Phone) -> Vec<Op> {
    let Set {
        code,
        meta,
        assets,
        archive,
    } = phone.disk.current;
    let (Some(code), Some(meta)) = (code, meta) else {
        return Vec::new();
    };
    let has_assets = assets.is_some() && archive.is_some();
    if code != meta.name {
        blacklist(phone);
        phone.past.mistaken |= phone.prefs.blacklist.contains(&meta.name);
        phone.disk = Disk::default();
        return Vec::new();
    }
    if meta.has_assets && !has_assets {
        phone.disk = Disk::default();
        return Vec::new();
    }
    vec![Op::MarkBooting]
}

fn mark_booting(phone: &mut Phone, at: usize) -> Option<()> {
    let process = phone.processes.get(at)?.as_ref()?;
    phone.prefs.loading = true;
    phone.prefs.pid = Some(process.pid);
    Some(())
}

/// The engine takes what is there.
fn hook(phone: &mut Phone, at: usize) -> Option<()> {
    let Set {
        code,
        meta,
        archive,
        ..
    } = phone.disk.current;
    let with_assets = meta.is_some_and(|meta| meta.has_assets);
    let loaded = code.filter(|_| meta.is_some()).map(|code| Loaded {
        code,
        archive: archive.filter(|_| with_assets),
    });
    if let Some(loaded) = loaded {
        phone.past.ran.insert(loaded.code);
        let white = phone.past.white.entry(loaded.code).or_default();
        *white = white.saturating_add(1);
    }
    let process = phone.processes.get_mut(at)?.as_mut()?;
    process.loaded = loaded;
    process.stage = Stage::White;
    Some(())
}

/// A process that starts.
pub(super) fn start(pid: u8) -> Process {
    Process {
        pid,
        main: [Op::Guard, Op::Recover, Op::Check, Op::Hook, Op::DartInit].into(),
        ..Process::default()
    }
}
