//! flutter_patcher 0.1.3, as far as it decides what boots.
//!
//! One folder holds four artifacts (code, `patch_meta.json`, a tree of assets and their archive),
//! each also as `.pending` and `.previous`, and a marker while an install goes on; preferences hold
//! what the guard knows. Each operation on the folder or the preferences is a step. Between any two
//! a process may be killed, which loses nothing on the disk, or the power cut, which may cut the
//! archive short: it alone is never synced. Android 11 or newer: the platform tells how a process
//! ended, until the phone restarts.

mod boot;
mod crash_points;
mod failures;
mod phone;
mod properties;
mod telling;
mod transaction;

use super::super::Design;
use boot::{Thread, ops, run, start, trip};
use phone::{Artifact, Disk, Loaded, Op, Past, Prefs, Process, Set, Stage};

pub use crash_points::{CrashPoint, Ending, crash_points};
pub use failures::{failures, world};
pub use phone::{Budget, End, Patch, Phone};

/// A world to explore.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct World {
    /// What runs at first; none is the bundled release.
    pub installed: Option<Patch>,
    /// What the server offers.
    pub offer: Patch,
    /// How many processes the app has.
    pub processes: usize,
    /// Whether patches show a frame.
    pub shows_frames: bool,
    /// How often what may happen.
    pub budget: Budget,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// A process starts.
    Start(usize),
    /// A start goes on.
    Boots(usize),
    /// A check finds what is offered.
    Install(usize),
    /// An install goes on.
    Applies(usize),
    /// The first frame is shown.
    FirstFrame(usize),
    /// Five seconds pass.
    TimePasses(usize),
    /// An uncaught Dart error, in those five seconds.
    DartError(usize),
    /// The app rolls back.
    RollBack(usize),
    /// The user leaves the app, which is idle.
    Leaves(usize),
    /// The process is killed.
    Killed(usize),
    /// What runs crashes.
    Crashes(usize),
    /// The power is cut; true: what is not synced is cut short.
    Cut(bool),
}

impl Design for World {
    type State = Phone;
    type Action = Action;

    fn starts(&self) -> Vec<Phone> {
        let current = self.installed.map(Set::of).unwrap_or_default();
        let loaded = self.installed.map(|patch| Loaded {
            code: patch.name,
            archive: current.archive,
        });
        let first = Process {
            pid: 1,
            loaded,
            stage: Stage::Framed,
            ..Process::default()
        };
        let mut processes = vec![None; self.processes];
        if let Some(process) = processes.first_mut() {
            *process = Some(first);
        }
        let mut past = Past::default();
        past.ran.extend(loaded.map(|loaded| loaded.code));
        vec![Phone {
            disk: Disk {
                current,
                ..Disk::default()
            },
            prefs: Prefs {
                pid: Some(1),
                ..Prefs::default()
            },
            processes,
            next_pid: 2,
            exits: std::collections::BTreeMap::new(),
            left: self.budget,
            past,
        }]
    }

    fn actions(&self, phone: &Phone) -> Vec<Action> {
        let mut actions = Vec::new();
        for (at, process) in phone.processes.iter().enumerate() {
            match process {
                Some(process) => self.of_process(at, process, phone, &mut actions),
                None if phone.left.starts > 0 => actions.push(Action::Start(at)),
                None => {}
            }
        }
        if phone.left.cuts > 0 {
            actions.push(Action::Cut(false));
            let archive = phone.disk.current.archive;
            let unsettled = archive.filter(|archive| !archive.settled);
            actions.extend(unsettled.map(|_| Action::Cut(true)));
        }
        actions
    }

    fn next(&self, phone: &Phone, action: &Action) -> Option<Phone> {
        let mut next = phone.clone();
        self.apply(&mut next, *action)?;
        Some(next)
    }

    fn violated(&self, phone: &Phone) -> Vec<&'static str> {
        properties::violated(phone)
    }

    fn tell(&self, before: &Phone, action: &Action, after: &Phone) -> String {
        telling::tell(self, before, *action, after)
    }
}

impl World {
    fn of_process(&self, at: usize, process: &Process, phone: &Phone, actions: &mut Vec<Action>) {
        let left = phone.left;
        let is_up = process.main.is_empty();
        let is_idle = is_up && process.apply.is_empty();
        let shows = self.shows_frames || process.loaded.is_none();
        let offers = [
            (!is_up, Action::Boots(at)),
            (!process.apply.is_empty(), Action::Applies(at)),
            (
                is_idle && left.installs > 0 && self.is_wanted(phone),
                Action::Install(at),
            ),
            (
                is_up && shows && process.stage == Stage::White,
                Action::FirstFrame(at),
            ),
            (process.stage == Stage::Framed, Action::TimePasses(at)),
            (self.may_err(process, left), Action::DartError(at)),
            (is_up && left.rollbacks > 0, Action::RollBack(at)),
            (is_idle && process.stage == Stage::Well, Action::Leaves(at)),
            (left.kills > 0, Action::Killed(at)),
            (
                left.crashes > 0 && process.stage > Stage::Starts,
                Action::Crashes(at),
            ),
        ];
        let possible = offers.into_iter().filter(|(is_possible, _)| *is_possible);
        actions.extend(possible.map(|(_, action)| action));
    }

    fn may_err(&self, process: &Process, left: Budget) -> bool {
        left.errors > 0 && process.stage == Stage::Framed && !process.reported
    }

    /// Not banned, and not what is installed: which only a patch with a hash can be known to be.
    fn is_wanted(&self, phone: &Phone) -> bool {
        let is_installed = phone.disk.current.meta == Some(self.offer) && self.offer.has_hash;
        !is_installed && !phone.prefs.blacklist.contains(&self.offer.name)
    }

    fn apply(&self, phone: &mut Phone, action: Action) -> Option<()> {
        match action {
            Action::Start(at) => {
                take(&mut phone.left.starts)?;
                *phone.processes.get_mut(at)? = Some(start(phone.next_pid));
                phone.next_pid += 1;
            }
            Action::Boots(at) => return run(phone, at, Thread::Main).then_some(()),
            Action::Applies(at) => return run(phone, at, Thread::Apply).then_some(()),
            Action::Install(at) => {
                take(&mut phone.left.installs)?;
                ops(phone, at, Thread::Apply)?.push_back(Op::Download(self.offer));
                return run(phone, at, Thread::Apply).then_some(());
            }
            Action::FirstFrame(at) => {
                phone.process(at)?.stage = Stage::Framed;
                phone.prefs.loading = false;
            }
            Action::TimePasses(at) => {
                let process = phone.process(at)?;
                process.stage = Stage::Well;
                let well = process.loaded.map(|loaded| loaded.code);
                phone.past.well.extend(well);
            }
            Action::DartError(at) => {
                take(&mut phone.left.errors)?;
                phone.process(at)?.reported = true;
                trip(phone);
            }
            Action::RollBack(_) => {
                take(&mut phone.left.rollbacks)?;
                let meta = phone.disk.current.meta;
                phone.past.rolled_back.extend(meta.map(|meta| meta.name));
                phone.disk = Disk::default();
                phone.prefs.loading = false;
                phone.prefs.pid = None;
            }
            Action::Leaves(at) => phone.end(at, End::Killed)?,
            Action::Killed(at) => {
                take(&mut phone.left.kills)?;
                phone.end(at, End::Killed)?;
            }
            Action::Crashes(at) => {
                take(&mut phone.left.crashes)?;
                phone.crash(at)?;
            }
            Action::Cut(cuts_short) => {
                take(&mut phone.left.cuts)?;
                phone.cut(cuts_short);
            }
        }
        Some(())
    }
}

impl Phone {
    fn process(&mut self, at: usize) -> Option<&mut Process> {
        self.processes.get_mut(at)?.as_mut()
    }

    fn end(&mut self, at: usize, end: End) -> Option<()> {
        let process = self.processes.get_mut(at)?.take()?;
        self.exits.insert(process.pid, end);
        Some(())
    }

    fn crash(&mut self, at: usize) -> Option<()> {
        if let Some(loaded) = self.process(at)?.loaded {
            let crashes = self.past.crashes.entry(loaded.code).or_default();
            *crashes = crashes.saturating_add(1);
        }
        self.end(at, End::Crash)
    }

    fn cut(&mut self, cuts_short: bool) {
        let Set {
            assets, archive, ..
        } = &mut self.disk.current;
        if let Some(archive) = archive {
            archive.whole &= !cuts_short;
        }
        for part in assets.iter_mut().chain(archive) {
            part.settled = true;
        }
        self.processes.fill(None);
        self.exits.clear();
    }
}

impl Artifact {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "libapp_patch.so",
            Self::Meta => "patch_meta.json",
            Self::Assets => "flutter_assets",
            Self::Archive => "flutter_assets.apk",
        }
    }
}

fn take(left: &mut u8) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}
