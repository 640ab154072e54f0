//! A disk in memory that loses power, fails to order, forgets and rots, as
//! `docs/storage-fault-model.md` says.
//!
//! [`SimDisk`] is the medium: it outlives processes and power cuts. [`SimProcess`] is what one
//! process sees of it. [`SimDisk::images`] are the disks that a power cut may leave.

mod bounds;
mod bytes;
mod calls;
mod control;
mod event;
mod faults;
mod file;
mod history;
mod images;
mod layout;
mod moment;
mod names;
mod process;
mod rot;
mod spread;
mod state;
mod sweep;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::{Arc, Mutex, MutexGuard};

pub use bounds::{Bounds, Coverage, TornAt};
pub use bytes::BlockSize;
pub use faults::{Aftermath, Failure, FaultPlan, Killed, PowerOff, Which};
pub use images::Images;
pub use process::{SimFile, SimLock, SimProcess};
pub use rot::Rot;
pub use trace::{Outcome, PowerCut, ProcessId, Step};

use control::{Control, Order};
use state::State;

/// A medium, and the power it has. A clone is the same disk; [`fork`](Self::fork) is another one.
#[derive(Clone, Debug)]
pub struct SimDisk {
    control: Arc<Mutex<Control>>,
}

/// A failure that was ordered of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordered(u64);

/// Whether a sync that returned lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the fault model has these two disks"
)]
pub enum Honesty {
    /// It lasts.
    #[default]
    Honest,
    /// The last ones may not, back to any moment since the disk got power.
    Lying,
}

impl SimDisk {
    /// An empty disk; the device's folder is there.
    #[must_use]
    pub fn new(block: BlockSize, honesty: Honesty) -> Self {
        Self::of(Control::of(State::empty(block), honesty == Honesty::Lying))
    }

    /// A new process, with nothing open.
    #[must_use]
    pub fn process(&self) -> SimProcess {
        let mut control = self.locked();
        let id = ProcessId(u32::try_from(control.processes.len()).unwrap_or(u32::MAX));
        control.processes.entry(id).or_default();
        SimProcess {
            control: Arc::clone(&self.control),
            id,
        }
    }

    /// SIGKILL: its locks go, what it wrote stays, its operations fail with [`Killed`].
    pub fn kill(&self, process: ProcessId) {
        self.locked().kill(process);
    }

    /// The process is killed before its operation of that number, counted from 0 over its life.
    pub fn kill_before(&self, process: ProcessId, operation: u64) {
        let mut control = self.locked();
        control.processes.entry(process).or_default().kill_before = Some(operation);
    }

    /// The operations of all processes since the disk got power, failed ones too.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.locked().operations
    }

    /// The power goes before the operation of that number, counted from 0: that one and all later
    /// ones fail with [`PowerOff`].
    pub fn cut_power_before(&self, operation: u64) {
        self.locked().cut_before = Some(operation);
    }

    /// The power goes now.
    pub fn cut_power(&self) {
        self.locked().cut_power(None);
    }

    /// When the power went, if it did.
    #[must_use]
    pub fn power_cut(&self) -> Option<PowerCut> {
        self.locked().power_cut.clone()
    }

    /// Orders a failure; those ordered before stay, and the earliest wins.
    pub fn fail(&self, plan: FaultPlan) -> Ordered {
        let mut control = self.locked();
        let number = control.orders_made;
        control.orders_made += 1;
        control.plans.push(Order {
            number,
            plan,
            has_come: false,
        });
        Ordered(number)
    }

    /// Takes an order back, whether it has come or not. Says whether it had.
    pub fn take_back(&self, ordered: Ordered) -> bool {
        let mut control = self.locked();
        let place = control.plans.iter().position(|it| it.number == ordered.0);
        place.is_some_and(|place| control.plans.remove(place).has_come)
    }

    /// Whether a failure that was ordered has come.
    #[must_use]
    pub fn has_come(&self, ordered: Ordered) -> bool {
        let control = self.locked();
        control
            .plans
            .iter()
            .any(|it| it.number == ordered.0 && it.has_come)
    }

    /// Writes down every operation from now on. Off at first: it is for people, and takes time.
    pub fn record(&self) {
        self.locked().trace.get_or_insert_default();
    }

    /// What was written down.
    #[must_use]
    pub fn trace(&self) -> Vec<Step> {
        self.locked().trace.clone().unwrap_or_default()
    }

    /// Every disk that a power cut now may leave. The disk itself stays as it is.
    #[must_use]
    pub fn images(&self, bounds: Bounds) -> Images {
        let control = self.locked();
        let undone_max = bounds.undone_syncs_max;
        match &control.history {
            None => Images::of(
                Box::new(std::iter::once(control.state.clone())),
                bounds,
                false,
            ),
            Some(history) => {
                let moments = history.moments(&control.state, undone_max);
                Images::of(Box::new(moments), bounds, true)
            }
        }
    }

    /// Another disk with the same on it, synced or not; without processes, locks, ordered failures
    /// and power cuts.
    #[must_use]
    pub fn fork(&self) -> Self {
        let control = self.locked();
        let mut fork = Control::of(control.state.clone(), false);
        fork.history.clone_from(&control.history);
        fork.now_ns = control.now_ns;
        fork.fingerprint = control.fingerprint;
        Self::of(fork)
    }

    /// Equal for disks on which reads show the same names and bytes; for others in practice never.
    #[must_use]
    pub fn fingerprint(&self) -> u128 {
        let control = self.locked();
        control
            .fingerprint
            .unwrap_or_else(|| layout::seen_fingerprint(&control.state, &[]))
    }

    /// As [`fingerprint`](Self::fingerprint), of a disk without these entries of the device's
    /// folder.
    #[must_use]
    pub fn fingerprint_without(&self, entries: &[&str]) -> u128 {
        layout::seen_fingerprint(&self.locked().state, entries)
    }

    /// The paths of all files, as reads show them, in ascending order.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let control = self.locked();
        let files = control.state.walk().into_iter();
        files
            .filter(|(_, ino)| !control.state.is_folder(*ino))
            .map(|(path, _)| path)
            .collect()
    }

    fn of_image(state: State, is_lying: bool, fingerprint: u128) -> Self {
        let mut control = Control::of(state, is_lying);
        control.fingerprint = Some(fingerprint);
        Self::of(control)
    }

    fn of(control: Control) -> Self {
        Self {
            control: Arc::new(Mutex::new(control)),
        }
    }

    fn locked(&self) -> MutexGuard<'_, Control> {
        process::locked(&self.control)
    }
}
