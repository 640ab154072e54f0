//! The seam for a patch that looks at base and output through other eyes.
//!
//! A transform turns both files, reversibly, into a form in which they are more alike; the records
//! of the patch then speak of that form. What the inverse does is fixed by the transform's id for
//! ever: all that it needs beside the base is in the patch. There is none yet but `none`, id 0,
//! which is the absence of one.

use std::io::Write;

use crate::error::InflateError;
use crate::source::ReadAt;
use crate::stream::StreamError;

/// The inflating half of a transform.
pub trait Transform: Sync {
    /// Its id in a patch's header; never 0, never reused.
    fn id(&self) -> u16;

    /// The base as the records see it, read by position. `side` is the patch's stream for this
    /// transform: hostile, like all of the patch.
    ///
    /// # Errors
    /// [`InflateError`] where `side` is not in its one form or does not fit the base.
    fn view<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
    ) -> Result<Box<dyn ReadAt + 'a>, InflateError>;

    /// Turns what the records give, in order, back into the output. What is held back is written
    /// by `flush`.
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

#[cfg(test)]
mod tests;
