//! The transform of patches that knows how a Dart snapshot shifts.
//!
//! Most of what differs between two builds of an app is not change but shift: an inserted object
//! moves every later id, call target, pool offset and table entry. The making half finds out how
//! values moved and writes it into the patch; the inflating half moves the base's values before
//! the records are applied, so that little is left for them. The format is in
//! `docs/formats/dart-delta.md`.
//!
//! - [`DartDelta`] is the inflating half, a `Transform` of `patchproof-patch`.
//! - [`PlainDartDelta`] is the same once more, by other code, for whole files.
//! - `MakeDartDelta` is the making half, behind the feature `make`.
//! - [`KNOWN`] is all of it.
//! - [`account`] counts where the bytes of a patch go.

mod account;
mod inflate;
#[cfg(feature = "make")]
mod make;
mod plain;
#[cfg(test)]
#[cfg(feature = "make")]
mod tests;

pub use account::{Account, Part, account};
pub use inflate::DartDelta;
#[cfg(feature = "make")]
pub use make::MakeDartDelta;
pub use plain::PlainDartDelta;

use patchproof_patch::Known;

/// The transform's id in a patch's header.
pub const ID: u16 = 1;

/// The transform with all of its halves, as `patch` takes it.
pub const KNOWN: &[Known<'static>] = &[Known {
    streaming: &DartDelta,
    plain: &PlainDartDelta,
    #[cfg(feature = "make")]
    making: Some(&MakeDartDelta),
    #[cfg(not(feature = "make"))]
    making: None,
}];
