//! The inflating half: ranges and operations on numbers, and no word of Dart's versions.
//!
//! What it does is fixed by the transform's id for ever. It takes nothing from the making half.

pub(crate) mod cluster;
pub(crate) mod code;
pub(crate) mod dispatch;
pub(crate) mod instructions;
mod inverse;
pub(crate) mod numbers;
pub(crate) mod orders;
pub(crate) mod records;
pub(crate) mod seen;
pub(crate) mod shifts;
pub(crate) mod side;
pub(crate) mod view;
pub(crate) mod watch;

use std::io::Write;

use patchproof_patch::{ReadAt, Scratch, StreamError, Transform};

use inverse::Inverse;
use seen::Seen;
use side::Side;

/// Sees a Dart snapshot so that what only moved looks the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing in it")]
pub struct DartDelta;

impl Transform for DartDelta {
    fn id(&self) -> u16 {
        crate::ID
    }

    fn view<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
    ) -> Result<Box<dyn ReadAt + 'a>, StreamError> {
        let side = Side::read(side)?;
        let seen = view::of(base, &side.plan(), &mut ())?;
        Ok(Box::new(seen))
    }

    fn view_into(
        &self,
        base: &dyn ReadAt,
        side: &[u8],
        scratch: &dyn Scratch,
    ) -> Result<(), StreamError> {
        let side = Side::read(side)?;
        let mut seen = Seen::in_scratch(scratch);
        view::into(base, &side.plan(), &mut seen, &mut ())
    }

    fn inverse<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
        output: &'a mut dyn Write,
    ) -> Result<Box<dyn Write + 'a>, StreamError> {
        let side = Side::read(side)?;
        let base_bytes = base.length().map_err(StreamError::ReadBase)?;
        let known = view::known_entries(base, &side.base)?;
        let inverse = Inverse::over(side, known, base_bytes, output)?;
        Ok(Box::new(inverse))
    }
}
