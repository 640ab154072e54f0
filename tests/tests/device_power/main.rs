//! The device library against power cuts, failing operations, left-out syncs and rot: every
//! scenario, at every storage operation, on every disk. `docs/power-loss.md` says what is held
//! against what.
//!
//! With `PATCHPROOF_FULL=1` the bounds are those of `cargo xtask ci --full`, and no count is
//! pinned.

mod pinned;
mod proof;
