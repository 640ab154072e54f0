//! A simulated device taken through its crash points.
//!
//! - [`rehearse`] tells a story: a release is installed and takes one patch after the other, with
//!   the real device library over a simulated disk, machine, server and engine. Before operations
//!   that may change the disk the power is cut, and the device is started on the disks that may be
//!   left.
//! - [`SimDisk`] is the disk that loses power, fails to order and rots, as
//!   `docs/storage-fault-model.md` says; [`SimMachine`] is the clock and the chance beside it.

mod disk;
mod drop_sync;
mod engine;
mod explore;
mod going_on;
mod machine;
mod phone;
mod rehearsal;
mod rehearse;
mod rehearsed;
mod server;
mod story;
mod tapped;
mod watch;
mod words;

pub use patchproof_device::{Arch, Cancel};

pub use disk::{
    Aftermath, BlockSize, Bounds, Coverage, Failure, FaultPlan, Honesty, Images, Killed, Ordered,
    Outcome, PowerCut, PowerOff, ProcessId, Rot, SimDisk, SimFile, SimLock, SimProcess, Step,
    TornAt, Which,
};
pub use drop_sync::{DropSync, Syncs};
pub use machine::SimMachine;
pub use rehearsal::{Rehearsal, RehearseError, RehearsedPatch};
pub use rehearse::{Step as Rehearsing, rehearse, rehearse_over};
pub use rehearsed::{BootedCounts, CrashPoint, Rehearsed, Scene, Totals};
pub use tapped::{Call, Tap, Tapped, TappedFile, Then};
pub use watch::{Watch, Watched};
