//! Shorebird's updater of April 2026, as far as it decides what boots.
//!
//! A phone has one `state.json` (the release), one `patches_state.json` (what booted last, what
//! boots next, what is booting, which numbers are bad) and one file for each patch number. Each
//! file operation is a step; between any two a process may be killed or the power cut, and nothing
//! is ever synced: after a power cut `patches_state.json` may be the one before, and a patch's file
//! may hold zeros. It begins with the bundled release running, after a first start. Threads of one
//! process take turns call by call, processes operation by operation.

mod calls;
mod failures;
mod phone;
mod properties;
mod telling;
mod updates;

use std::collections::BTreeSet;

use super::super::Design;
use calls::{Thread, ops, run};
use phone::{Op, Process};
use updates::take_in;

pub use failures::{failures, world};
pub use phone::{Answer, Budget, Patch, Phone};

/// A world to explore.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct World {
    /// What the server may say, at any check.
    pub answers: Vec<Answer>,
    /// How many processes the app has.
    pub processes: usize,
    /// Whether the app has a public key, and when signatures are looked at.
    pub key: Key,
    /// How often what may happen.
    pub budget: Budget,
}

/// The app's public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// It has none.
    None,
    /// Looked at when a patch boots.
    Strict,
    /// Looked at when a patch is installed.
    InstallOnly,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// A process starts.
    Start(usize),
    /// The engine's thread of a process does the next thing.
    Boots(usize),
    /// The update's thread of a process does the next thing.
    Updates(usize),
    /// The disk is full just when a patch is inflated.
    DiskFull(usize),
    /// The server answers a check of this process.
    Answered(usize, usize),
    /// The first frame is shown.
    FirstFrame(usize),
    /// The user leaves the app, which is idle.
    Leaves(usize),
    /// The process is killed.
    Killed(usize),
    /// What runs crashes.
    Crashes(usize),
    /// The power is cut.
    Cut(Lost),
    /// The app is upgraded to release B.
    Upgraded,
}

/// What a power cut takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// Nothing but the processes.
    Nothing,
    /// The last renames of `patches_state.json`.
    Pointers,
    /// What is in a patch's file.
    Bytes(u8),
}

impl Design for World {
    type State = Phone;
    type Action = Action;

    fn starts(&self) -> Vec<Phone> {
        let mut phone = Phone {
            disk: phone::Disk::default(),
            release: 'A',
            processes: vec![None; self.processes],
            left: self.budget,
            past: phone::Past::default(),
        };
        phone.disk.stamp = Some('A');
        if let Some(first) = phone.processes.first_mut() {
            *first = Some(Process {
                is_loaded: true,
                framed: true,
                ..Process::default()
            });
        }
        vec![phone]
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
            actions.push(Action::Cut(Lost::Nothing));
            let before = phone.disk.pointers_before.as_ref();
            actions.extend(before.map(|_| Action::Cut(Lost::Pointers)));
            let unsettled = phone
                .disk
                .artifacts
                .iter()
                .filter(|(_, file)| !file.settled);
            actions.extend(unsettled.map(|(number, _)| Action::Cut(Lost::Bytes(*number))));
        }
        let is_off = phone.processes.iter().all(Option::is_none);
        if phone.left.upgrades > 0 && is_off {
            actions.push(Action::Upgraded);
        }
        actions
    }

    fn next(&self, phone: &Phone, action: &Action) -> Option<Phone> {
        let mut next = phone.clone();
        self.apply(&mut next, *action)?;
        Some(next)
    }

    fn violated(&self, phone: &Phone) -> Vec<&'static str> {
        properties::violated(self, phone)
    }

    fn tell(&self, before: &Phone, action: &Action, after: &Phone) -> String {
        telling::tell(self, before, *action, after)
    }
}

impl World {
    fn of_process(&self, at: usize, process: &Process, phone: &Phone, actions: &mut Vec<Action>) {
        let left = phone.left;
        let within =
            |ops: &std::collections::VecDeque<Op>| ops.front().is_some_and(Op::is_within_a_call);
        if !process.main.is_empty() && !within(&process.update) {
            actions.push(Action::Boots(at));
        }
        if !process.update.is_empty() && !within(&process.main) {
            actions.push(Action::Updates(at));
        }
        if left.full_disks > 0 && matches!(process.update.front(), Some(Op::Inflate(_))) {
            actions.push(Action::DiskFull(at));
        }
        // The engine starts the update's thread once it knows what it boots.
        let is_launched = matches!(process.main.front(), None | Some(Op::LaunchSuccess));
        let is_idle = process.main.is_empty() && process.update.is_empty();
        if left.answers > 0 && is_launched && process.update.is_empty() {
            let answers = (0..).zip(&self.answers);
            let fitting = answers.filter(|(_, answer)| answer.is_for(phone.release));
            actions.extend(fitting.map(|(answer, _)| Action::Answered(at, answer)));
        }
        if process.main.is_empty() && !process.framed {
            actions.push(Action::FirstFrame(at));
        }
        if is_idle && process.framed {
            actions.push(Action::Leaves(at));
        }
        if left.kills > 0 {
            actions.push(Action::Killed(at));
        }
        if left.crashes > 0 && process.is_loaded {
            actions.push(Action::Crashes(at));
        }
    }

    fn apply(&self, phone: &mut Phone, action: Action) -> Option<()> {
        let left = &mut phone.left;
        match action {
            Action::Start(at) => {
                take(&mut left.starts)?;
                *phone.processes.get_mut(at)? = Some(Process {
                    main: START.into(),
                    ..Process::default()
                });
            }
            Action::Boots(at) => return run(self, phone, at, Thread::Main).then_some(()),
            Action::Updates(at) => return run(self, phone, at, Thread::Update).then_some(()),
            Action::DiskFull(at) => {
                take(&mut left.full_disks)?;
                ops(phone, at, Thread::Update)?.clear();
            }
            Action::Answered(at, answer) => {
                take(&mut left.answers)?;
                let answer = self.answers.get(answer)?.clone();
                take_in(phone, at, answer)?;
            }
            Action::FirstFrame(at) => phone.processes.get_mut(at)?.as_mut()?.framed = true,
            Action::Leaves(at) => phone.end(at)?,
            Action::Killed(at) => {
                take(&mut left.kills)?;
                phone.end(at)?;
            }
            Action::Crashes(at) => {
                take(&mut left.crashes)?;
                phone.crash(at)?;
            }
            Action::Cut(lost) => {
                take(&mut left.cuts)?;
                phone.cut(lost);
            }
            Action::Upgraded => {
                take(&mut left.upgrades)?;
                phone.release = 'B';
            }
        }
        Some(())
    }
}

impl Phone {
    fn end(&mut self, at: usize) -> Option<()> {
        self.processes.get_mut(at)?.take()?;
        Some(())
    }

    fn crash(&mut self, at: usize) -> Option<()> {
        let process = self.processes.get(at)?.as_ref()?;
        if let Some(file) = process.loaded {
            self.past.crashed.insert(file.patch.content);
            if process.main.is_empty() && !process.framed {
                let early = self
                    .past
                    .crashed_early
                    .entry(file.patch.content)
                    .or_default();
                *early = early.saturating_add(1);
            }
        }
        self.end(at)
    }

    /// What survived is on the medium from now on.
    fn cut(&mut self, lost: Lost) {
        let before = self.disk.pointers_before.take();
        if let (Lost::Pointers, Some(before)) = (lost, before) {
            self.disk.pointers = before;
        }
        for (number, file) in &mut self.disk.artifacts {
            file.whole &= lost != Lost::Bytes(*number);
            file.settled = true;
        }
        for at in 0..self.processes.len() {
            // Where none runs, none ends.
            let _ = self.end(at);
        }
    }

    /// Whether no call is under way.
    fn is_quiet(&self) -> bool {
        let processes = self.processes.iter().flatten();
        let mut fronts = processes.flat_map(|it| [it.main.front(), it.update.front()]);
        !fronts.any(|op| op.is_some_and(Op::is_within_a_call))
    }

    /// Contents that lie on the disk.
    fn kept(&self) -> BTreeSet<char> {
        let files = self.disk.artifacts.values();
        files.map(|file| file.patch.content).collect()
    }
}

fn take(left: &mut u8) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}

const START: [Op; 5] = [
    Op::Init,
    Op::Validate,
    Op::TakePath,
    Op::LaunchStart,
    Op::LaunchSuccess,
];
