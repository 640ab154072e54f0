//! What may happen next.

use patchproof_lifecycle::Fault;

use super::world::{Folder, OFFERS, Process, World};

/// One thing that may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// A process starts, with the lock.
    Start {
        process: u8,
        /// For each slot, whether the platform says that what ended there crashed.
        crashed: [bool; 2],
        disk: Disk,
        cut: Cut,
    },
    /// A process starts without the lock, and reads the state.
    Peek { process: u8 },
    /// It goes on: looks at what it decided for, and boots.
    Look { process: u8 },
    /// It ends, of whatever.
    End { process: u8 },
    /// The power fails.
    PowerCut,
    /// It was well for long enough.
    Healthy { process: u8, cut: Cut },
    /// It says that what it runs has failed.
    FailureReported { process: u8, cut: Cut },
    /// It asks the server. An offer is an index of [`OFFERS`]; numbers are bits.
    Answered {
        process: u8,
        offer: Option<u8>,
        rolled_back: u8,
        now: u8,
        cut: Cut,
    },
    /// What it fetched did not turn out well.
    Refused { process: u8, fault: Fault, cut: Cut },
    /// What it fetched is to be installed.
    Installed { process: u8, now: u8, cut: Cut },
    /// The server has the oldest queued event.
    Acknowledged,
    /// Offline words forbid what is below 2, on the first release.
    FloorRaised,
    /// Support lifts all bans on the release that is installed.
    BansCleared,
    /// The other release is installed, over this one or back.
    ReleaseChanged,
    /// A folder rots.
    Rot { content: u8 },
    /// Both slots of the state rot while nothing runs.
    StateLost,
}

/// How the disk behaves during a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disk {
    /// As it should.
    Well,
    /// Nothing can be written.
    Full,
    /// The files of the first generation that is looked at cannot be read.
    Unreadable,
}

/// What ends the carrying out of effects early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nothing.
    None,
    /// The process is killed after so many.
    Kill(u8),
    /// The power fails after so many.
    Power(u8),
    /// The next after so many fails, and the process lives.
    Fail(u8),
}

/// All of it, in a fixed order.
pub(super) fn actions(world: &World) -> Vec<Action> {
    let mut actions = Vec::new();
    if world.broken.is_some() {
        return actions;
    }
    let is_full = alive(world) >= usize::from(world.bounds.processes);
    for process in 0..2_u8 {
        let Some(place) = world.processes.get(usize::from(process)) else {
            continue;
        };
        match place {
            Process::Absent | Process::Ended { .. } if is_full => {}
            Process::Absent | Process::Ended { .. } => starts(world, process, &mut actions),
            Process::Peeking(_) => {
                actions.push(Action::Look { process });
                actions.push(Action::End { process });
            }
            Process::Running(_) => runs(world, process, &mut actions),
        }
    }
    surroundings(world, &mut actions);
    actions
}

fn starts(world: &World, process: u8, actions: &mut Vec<Action>) {
    let may = |slot: usize| {
        let may_have_crashed = matches!(
            world.processes.get(slot),
            Some(Process::Ended {
                may_have_crashed: true,
                ..
            })
        );
        if may_have_crashed {
            [false, true].as_slice()
        } else {
            &[false]
        }
    };
    for first in may(0) {
        for second in may(1) {
            let crashed = [*first, *second];
            let start = |disk, cut| Action::Start {
                process,
                crashed,
                disk,
                cut,
            };
            actions.push(start(Disk::Well, Cut::None));
            if world.bounds.rare > 0 {
                actions.push(start(Disk::Full, Cut::None));
                actions.push(start(Disk::Unreadable, Cut::None));
            }
            for commits in 1..=3 {
                actions.push(start(Disk::Well, Cut::Kill(commits)));
                if alive(world) > 0 {
                    actions.push(start(Disk::Well, Cut::Power(commits)));
                }
            }
        }
    }
    if alive(world) > 0 && world.bounds.rare > 0 {
        actions.push(Action::Peek { process });
    }
}

fn runs(world: &World, process: u8, actions: &mut Vec<Action>) {
    let running = world.processes.get(usize::from(process));
    let Some(running) = running.and_then(Process::running) else {
        return;
    };
    actions.push(Action::End { process });
    // Alone, a power cut is a kill after which nobody says that it crashed.
    let cuts = CUTS.into_iter();
    let cuts = cuts.filter(|cut| alive(world) > 1 || !matches!(cut, Cut::Power(_)));
    for cut in cuts {
        if running.guarded {
            actions.push(Action::Healthy { process, cut });
            actions.push(Action::FailureReported { process, cut });
        }
        if running.fetched.is_none() {
            let made = world.bounds.offers;
            answers(made, running.release, process, cut, actions);
            continue;
        }
        let now = 1;
        actions.push(Action::Installed { process, now, cut });
        for fault in [Fault::Patch, Fault::PatchOrTransport] {
            actions.push(Action::Refused {
                process,
                fault,
                cut,
            });
        }
    }
    if running.fetched.is_some() {
        let cut = Cut::None;
        for now in [0, 2] {
            actions.push(Action::Installed { process, now, cut });
        }
        let fault = Fault::Transport;
        actions.push(Action::Refused {
            process,
            fault,
            cut,
        });
    }
}

fn answers(made: u8, release: u8, process: u8, cut: Cut, actions: &mut Vec<Action>) {
    let mut answer = |offer, rolled_back, now| {
        actions.push(Action::Answered {
            process,
            offer,
            rolled_back,
            now,
            cut,
        });
    };
    for rolled_back in ROLLED_BACK {
        answer(None, rolled_back, 1);
    }
    for (index, (of, _, _)) in (0..).zip(OFFERS.iter().take(8)) {
        if *of != release || made >> index & 1 == 0 {
            continue;
        }
        answer(Some(index), 0, 1);
        if cut == Cut::None {
            answer(Some(index), 0, 0);
            answer(Some(index), 0, 2);
        }
    }
}

fn surroundings(world: &World, actions: &mut Vec<Action>) {
    if alive(world) > 1 {
        actions.push(Action::PowerCut);
    }
    if !world.disk.queue.events.is_empty() {
        actions.push(Action::Acknowledged);
    }
    if world.bounds.rare == 0 || world.disk.release.is_none() {
        return;
    }
    let rare = [
        Action::FloorRaised,
        Action::BansCleared,
        Action::ReleaseChanged,
    ];
    actions.extend(rare);
    for (content, folder) in (0..).zip(&world.folders) {
        if *folder == Folder::Whole {
            actions.push(Action::Rot { content });
        }
    }
    if alive(world) == 0 && !world.disk.lost {
        actions.push(Action::StateLost);
    }
}

/// How many processes live.
fn alive(world: &World) -> usize {
    let alive = world.processes.iter().filter(|process| process.is_alive());
    alive.count()
}

impl Action {
    /// Whether it is one of those that only so many of meet in one history.
    pub(super) const fn is_rare(&self) -> bool {
        match self {
            Self::Start { disk, .. } => !matches!(disk, Disk::Well),
            Self::Peek { .. }
            | Self::FloorRaised
            | Self::BansCleared
            | Self::ReleaseChanged
            | Self::Rot { .. }
            | Self::StateLost => true,
            _ => false,
        }
    }
}

const CUTS: [Cut; 6] = [
    Cut::None,
    Cut::Kill(1),
    Cut::Kill(2),
    Cut::Power(1),
    Cut::Power(2),
    Cut::Fail(1),
];
/// None, the first, all: bits of numbers.
const ROLLED_BACK: [u8; 3] = [0, 0b0010, 0b1110];
