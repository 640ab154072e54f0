//! Lives of a phone: starts, updates, crashes, power cuts and failing disks in any order, two
//! processes at a time, on the real device library over the simulated disk.
//!
//! A [`Life`] knows which processes run and so what can happen next, a [`Living`] phone lets it
//! happen and holds what a person sees against the [`Reference`](crate::reference::Reference).
//! Where the events come from is somebody else's matter: a property test draws them, a fuzz target
//! reads them out of bytes.

mod cut;
mod living;

use std::collections::BTreeSet;

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::FaultPlan;

use crate::phone::Deltas;

pub use living::{Lived, Living};

/// One thing that happens.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "tests make them")]
pub enum Happens {
    /// A process does something.
    Act(Act),
    /// The power goes before the so many-th operation of this act, or right after it; of the disks
    /// that may be left, the phone wakes up with one.
    CutDuring(Act, u64, usize),
    /// An operation of this act fails, or several do.
    FailsDuring(Act, FaultPlan),
    /// A process ends.
    Ends(u8, Exit),
    /// The server offers a content under a number, or nothing any more.
    Offers(Option<(u64, u8)>),
    /// The server withdraws just these numbers.
    Withdraws(BTreeSet<u64>),
    /// Phones that say what they run are offered this, good or bad.
    Deltas(Deltas),
    /// Downloads end after so many bytes, or at their end.
    CutsDownloads(Option<u64>),
    /// So many milliseconds go by.
    Passes(u64),
    /// The store installs the other release; no process runs then.
    OtherRelease,
}

/// One thing that a process does; processes are told apart by a small number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests make them")]
pub enum Act {
    /// It starts.
    Start(u8),
    /// It says that it is well.
    Healthy(u8),
    /// It says that it failed.
    Failed(u8),
    /// It updates.
    Update(u8),
    /// It sends waiting events.
    Sends(u8),
}

impl Act {
    /// Which process.
    #[must_use]
    pub const fn process(self) -> u8 {
        match self {
            Self::Start(process)
            | Self::Healthy(process)
            | Self::Failed(process)
            | Self::Update(process)
            | Self::Sends(process) => process,
        }
    }
}

/// Which processes run: all that has to be known to say what can happen next.
#[derive(Clone, Debug, Default)]
pub struct Life {
    running: BTreeSet<u8>,
}

impl Life {
    /// What the processes can do, the likelier ones more than once.
    #[must_use]
    pub fn acts(&self) -> Vec<Act> {
        let of = |process: u8| {
            let weights: &[(Act, usize)] = if self.running.contains(&process) {
                &[
                    (Act::Healthy(process), 3),
                    (Act::Failed(process), 1),
                    (Act::Update(process), 5),
                ]
            } else {
                &[(Act::Start(process), 6)]
            };
            let of_both = if process == 0 { 3 } else { 1 };
            let times = |(act, weight): &(Act, usize)| std::iter::repeat_n(*act, weight * of_both);
            weights.iter().flat_map(times).collect::<Vec<_>>()
        };
        [of(0), of(1)].concat()
    }

    /// The processes that run.
    #[must_use]
    pub const fn running(&self) -> &BTreeSet<u8> {
        &self.running
    }

    /// Whether it can happen now.
    #[must_use]
    pub fn allows(&self, happens: &Happens) -> bool {
        match happens {
            Happens::Act(act) | Happens::CutDuring(act, ..) | Happens::FailsDuring(act, _) => {
                self.running.contains(&act.process()) != matches!(act, Act::Start(_))
            }
            Happens::Ends(process, _) => self.running.contains(process),
            Happens::OtherRelease => self.running.is_empty(),
            Happens::Offers(_)
            | Happens::Withdraws(_)
            | Happens::Deltas(_)
            | Happens::CutsDownloads(_)
            | Happens::Passes(_) => true,
        }
    }

    /// It happened.
    pub fn goes_on(&mut self, happens: &Happens) {
        match happens {
            Happens::Act(act) | Happens::FailsDuring(act, _) => {
                self.running.insert(act.process());
            }
            Happens::CutDuring(..) => self.running.clear(),
            Happens::Ends(process, _) => {
                self.running.remove(process);
            }
            Happens::Offers(_)
            | Happens::Withdraws(_)
            | Happens::Deltas(_)
            | Happens::CutsDownloads(_)
            | Happens::Passes(_)
            | Happens::OtherRelease => {}
        }
    }
}
