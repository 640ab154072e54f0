//! The seam for a patch that looks at base and output through other eyes.
//!
//! A transform turns both files, reversibly, into a form in which they are more alike; the records
//! of the patch then speak of that form. What the inverse does is fixed by the transform's id for
//! ever: all that it needs beside the base is in the patch. Id 0 is the absence of one.
//!
//! Like the container, a transform is written twice: [`Transform`] streams, [`PlainTransform`] has
//! whole files and shares nothing with it. [`MakeTransform`] is the half that devices do without.

use std::io::Write;

use crate::error::InflateError;
use crate::source::{ReadAt, Scratch};
use crate::stream::StreamError;

/// The inflating half of a transform.
pub trait Transform: Sync {
    /// Its id in a patch's header; never 0, never reused.
    fn id(&self) -> u16;

    /// The base as the records see it, read by position. `side` is the patch's stream for this
    /// transform: hostile, like all of the patch.
    ///
    /// # Errors
    /// [`InflateError`] where `side` is not in its one form or does not fit the base;
    /// [`StreamError::ReadBase`] where the base could not be read.
    fn view<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
    ) -> Result<Box<dyn ReadAt + 'a>, StreamError>;

    /// The same, put into a scratch file that is empty, with little memory.
    ///
    /// # Errors
    /// As [`Transform::view`], and [`StreamError::Scratch`].
    fn view_into(
        &self,
        base: &dyn ReadAt,
        side: &[u8],
        scratch: &dyn Scratch,
    ) -> Result<(), StreamError> {
        let view = self.view(base, side)?;
        let length = view.length().map_err(StreamError::ReadBase)?;
        let mut block = Vec::new();
        let mut at = 0;
        while at < length {
            let bytes = (length - at).min(BLOCK_BYTES);
            block.resize(usize::try_from(bytes).unwrap_or_default(), 0);
            let read = view.read_exact_at(&mut block, at);
            read.map_err(StreamError::ReadBase)?;
            scratch.append(&block).map_err(StreamError::Scratch)?;
            at += bytes;
        }
        Ok(())
    }

    /// Turns what the records give, in order, back into the output. What is held back is written
    /// by `flush`. A fault of the patch is an [`InflateError`] inside of the [`std::io::Error`].
    ///
    /// # Errors
    /// As [`Transform::view`].
    fn inverse<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
        output: &'a mut dyn Write,
    ) -> Result<Box<dyn Write + 'a>, StreamError>;
}

/// The inflating half once more, over whole files.
pub trait PlainTransform: Sync {
    /// As [`Transform::id`].
    fn id(&self) -> u16;

    /// As [`Transform::view`].
    ///
    /// # Errors
    /// As [`Transform::view`].
    fn view(&self, base: &[u8], side: &[u8]) -> Result<Vec<u8>, InflateError>;

    /// As [`Transform::inverse`]; the output is at most `output_bytes_max` long.
    ///
    /// # Errors
    /// As [`Transform::view`].
    fn inverse(
        &self,
        seen: &[u8],
        base: &[u8],
        side: &[u8],
        output_bytes_max: u64,
    ) -> Result<Vec<u8>, InflateError>;
}

/// The making half of a transform.
pub trait MakeTransform: Sync {
    /// As [`Transform::id`].
    fn id(&self) -> u16;

    /// Both files as the records are to see them; `None` for files it does not understand. What it
    /// answers is tried, so it may be wrong, and then there is a patch without it.
    fn views(&self, base: &[u8], new: &[u8]) -> Option<Views>;
}

/// Two files as the records see them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a transform answers with it")]
pub struct Views {
    /// What [`Transform::view`] gives of the base.
    pub base: Vec<u8>,
    /// Of which [`Transform::inverse`] makes the new file.
    pub new: Vec<u8>,
    /// The patch's stream for the transform.
    pub side: Vec<u8>,
}

/// A transform with all of its halves.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the caller puts one together")]
pub struct Known<'a> {
    /// The half of devices.
    pub streaming: &'a dyn Transform,
    /// The second inverse.
    pub plain: &'a dyn PlainTransform,
    /// The making half; without one it is read and not written.
    pub making: Option<&'a dyn MakeTransform>,
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({})", self.streaming.id())
    }
}

const BLOCK_BYTES: u64 = 64 << 10;

#[cfg(test)]
mod tests;
