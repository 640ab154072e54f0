//! The updater over a real disk, with a server and a machine that do as they are told.

mod booting;
mod choosing;
mod deltas;
mod diagnostics;
mod disk;
mod events;
mod made;
mod publishing;
mod reporting;
mod rotten;
mod updating;
mod world;
