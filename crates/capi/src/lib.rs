//! The device library as a C library, with two faces over one updater.
//!
//! `native` is our own: `patchproof_*`, for embedders that are written anew. `compat` (feature
//! `compat`) is the set of functions that Shorebird's engine calls, `shorebird_*`. Both are
//! declared in `include/patchproof.h`, which is made of the documentation here.
//!
//! It is the one crate with unsafe code, and each block lists what has to hold. What C hands over
//! is looked at before it is used: NULL, misaligned pointers, text that is not UTF-8 or does not
//! end, numbers that mean nothing, handles that were closed. What cannot be seen from here is the
//! caller's duty, and `docs/embedding.md` lists it. Nothing unwinds out of an entry.

mod arguments;
mod built_for;
mod callbacks;
#[cfg(feature = "compat")]
pub mod compat;
mod failure;
mod guard;
mod handles;
pub mod native;
mod opening;
mod outs;
mod strings;
