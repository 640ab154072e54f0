//! Steps in plain words.

use super::phone::{Loaded, Op, Phone, Process};
use super::transaction::{execute, recover};
use super::{Action, World};

/// One step, without a full stop.
pub(super) fn tell(world: &World, before: &Phone, action: Action, after: &Phone) -> String {
    let who = |at| who(world, at);
    match action {
        Action::Start(at) => format!("{} starts", who(at)),
        Action::Boots(at) => {
            let ops = before.ops(at, |process| &process.main);
            format!("{}: {}", who(at), done(before, at, ops, after))
        }
        Action::Applies(at) => {
            let ops = before.ops(at, |process| &process.apply);
            format!("{}: {}", who(at), done(before, at, ops, after))
        }
        Action::Install(at) => {
            let hash = if world.offer.has_hash {
                ""
            } else {
                " without a hash"
            };
            format!(
                "{} is offered patch {}{hash}, and downloads it",
                who(at),
                world.offer.name
            )
        }
        Action::FirstFrame(at) => format!("{} shows its first frame", who(at)),
        Action::TimePasses(at) => format!("{} is up and well for five seconds", who(at)),
        Action::DartError(at) => format!(
            "{}, running {}, has an uncaught Dart error; the guard {}",
            who(at),
            runs(before, at),
            tripped(before, after)
        ),
        Action::RollBack(at) => format!("{} rolls back: the folder is deleted", who(at)),
        Action::Leaves(at) => format!("{} is closed, with nothing left to do", who(at)),
        Action::Killed(at) => format!("{} is killed", who(at)),
        Action::Crashes(at) => format!("{} crashes, running {}", who(at), runs(before, at)),
        Action::Cut(false) => "the power is cut: every file lasts".to_owned(),
        Action::Cut(true) => {
            "the power is cut: half of `flutter_assets.apk` never reached the medium".to_owned()
        }
    }
}

impl Phone {
    fn of(&self, at: usize) -> Option<&Process> {
        self.processes.get(at)?.as_ref()
    }

    fn ops(
        &self,
        at: usize,
        thread: impl Fn(&Process) -> &std::collections::VecDeque<Op>,
    ) -> Vec<Op> {
        let process = self.of(at);
        process
            .map(|it| thread(it).iter().cloned().collect())
            .unwrap_or_default()
    }
}

fn who(world: &World, at: usize) -> String {
    if world.processes == 1 {
        "the app".to_owned()
    } else {
        format!("process {}", at + 1)
    }
}

fn runs(phone: &Phone, at: usize) -> String {
    match phone.of(at).and_then(|process| process.loaded) {
        None => "the bundled release".to_owned(),
        Some(Loaded {
            code,
            archive: None,
        }) => format!("patch {code}"),
        Some(Loaded {
            code,
            archive: Some(archive),
        }) => {
            let whole = if archive.whole { "the" } else { "half of the" };
            format!(
                "the code of patch {code} with {whole} assets of patch {}",
                archive.of
            )
        }
    }
}

fn tripped(before: &Phone, after: &Phone) -> String {
    let mut banned = after.prefs.blacklist.difference(&before.prefs.blacklist);
    match banned.next() {
        Some(name) => format!("bans patch {name} and deletes the folder"),
        None => "deletes the folder, and has no name to ban".to_owned(),
    }
}

/// The first of these operations that changed something.
fn done(before: &Phone, at: usize, ops: Vec<Op>, after: &Phone) -> String {
    let has_booted = |phone: &Phone| {
        phone
            .of(at)
            .is_some_and(|it| it.stage > super::Stage::Starts)
    };
    let is_tripped = before.prefs.blacklist != after.prefs.blacklist
        || (before.disk != super::Disk::default() && after.disk == super::Disk::default());
    if !has_booted(before) && has_booted(after) {
        return format!("the engine takes {}", runs(after, at));
    }
    if !has_booted(before) && is_tripped {
        let why = if after.past.mistaken {
            "the code is not what `patch_meta.json` says"
        } else {
            "the last boot is blamed"
        };
        return format!("{why}: the guard {}", tripped(before, after));
    }
    if before.prefs != after.prefs {
        return match (after.prefs.loading, after.prefs.pid) {
            (true, Some(pid)) => format!("preferences: process number {pid} is booting"),
            _ => "preferences: nothing is booting, nobody is to blame".to_owned(),
        };
    }
    let is_recovered = matches!(ops.first(), Some(Op::Guard | Op::Recover));
    let ops = if is_recovered {
        recover(&before.disk)
    } else {
        ops
    };
    let mut disk = before.disk.clone();
    let changing = ops.iter().find(|op| {
        let _ = execute(&mut disk, op);
        disk != before.disk
    });
    let done = ops.iter().find(|op| matches!(op, Op::Done(_)));
    let words = changing.or(done).or(ops.first()).and_then(Op::words);
    words.unwrap_or_else(|| "finds nothing to do".to_owned())
}

impl Op {
    /// Whether an install does it to its files.
    pub(super) const fn is_of_the_folder(&self) -> bool {
        !matches!(self, Self::Done(_) | Self::Reset | Self::Download(_))
    }

    fn words(&self) -> Option<String> {
        Some(match self {
            Self::Stage(it) => format!("renames `staging/{0}` to `{0}.pending`", it.name()),
            Self::WriteMeta(_) => "writes `patch_meta.json.pending`".to_owned(),
            Self::WriteMarker => "writes the marker `installing`".to_owned(),
            Self::SetAside(it) => format!("renames `{0}` to `{0}.previous`", it.name()),
            Self::Place(it) => format!("renames `{0}.pending` to `{0}`", it.name()),
            Self::Restore(it) => format!("renames `{0}.previous` back to `{0}`", it.name()),
            Self::Thin => "deletes the first files of `flutter_assets.previous`".to_owned(),
            Self::Drop(it) => format!("deletes `{}.previous`", it.name()),
            Self::DeleteStaging => "deletes `staging`".to_owned(),
            Self::DeleteMarker => "deletes the marker `installing`".to_owned(),
            Self::DeleteCurrent => "deletes what is installed".to_owned(),
            Self::DeleteLeftovers => "deletes all `.pending` and `.previous`".to_owned(),
            Self::MarkBooting | Self::DartInit => "Dart starts".to_owned(),
            Self::Done(patch) => format!("patch {} is installed, says the install", patch.name),
            _ => return None,
        })
    }
}
