//! The transform of patches that knows how a Dart snapshot shifts.
//!
//! Most of what differs between two builds of an app is not change but shift: an inserted object
//! moves every later id, call target, pool offset and table entry. The making half finds out how
//! values moved and writes it into the patch; the inflating half moves the base's values before
//! the records are applied, so that little is left for them. The format is in
//! `docs/formats/dart-delta.md`.
//!
//! - [`DartDelta`] is the inflating half, a `Transform` of `patchproof-patch`.

mod inflate;
#[cfg(feature = "make")]
mod make;

pub use inflate::DartDelta;
#[cfg(feature = "make")]
pub use make::MakeDartDelta;

/// The transform's id in a patch's header.
pub const ID: u16 = 1;
