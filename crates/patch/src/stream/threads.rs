//! The threads and the channel of the streaming decoder, in one place: under `--cfg shuttle` a
//! model checker's stand here instead and take every schedule in turn.

#[cfg(not(shuttle))]
pub(super) use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
#[cfg(not(shuttle))]
pub(super) use std::thread::scope;

#[cfg(shuttle)]
pub(super) use shuttle::sync::mpsc::{Receiver, SyncSender, sync_channel};
#[cfg(shuttle)]
pub(super) use shuttle::thread::scope;
