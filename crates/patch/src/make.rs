//! Makes a patch, and never returns one that does not give the new file again.

mod candidates;
mod pack;
#[cfg(test)]
mod tests;
mod transformed;

use std::ops::RangeInclusive;

use crate::columns::wide;
use crate::error::MakeError;
use crate::header::Codec;
use crate::inflate::inflate_through;
use crate::limits::Limits;
use crate::transform::Known;

pub(crate) use candidates::effort;
pub(crate) use pack::column as packed_column;

/// What a patch is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Container {
    /// One zstd frame around a bidiff stream: what Shorebird's devices read.
    #[default]
    Shorebird,
    /// Our own: declares base and output, and keeps unlike things in streams of their own.
    Patchproof,
}

/// Which compression a `patchproof` patch has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CodecChoice {
    /// Zstandard: fast to make and to inflate.
    #[default]
    Zstd,
    /// Brotli: smaller, slower to make.
    Brotli,
    /// Whatever is smallest, over several searches.
    Auto,
}

/// How a patch is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MakeOptions {
    /// What it is written as.
    pub container: Container,
    /// Its compression; the `shorebird` container has zstd only.
    pub codec: CodecChoice,
    /// The zstd level, 1 to 22; brotli has its highest quality.
    pub level: i32,
}

impl MakeOptions {
    /// A patch in the `shorebird` container at the default level.
    #[must_use]
    pub const fn shorebird() -> Self {
        Self {
            container: Container::Shorebird,
            codec: CodecChoice::Zstd,
            level: DEFAULT_LEVEL,
        }
    }

    /// A patch in the `patchproof` container.
    #[must_use]
    pub const fn patchproof(codec: CodecChoice) -> Self {
        Self {
            container: Container::Patchproof,
            codec,
            level: DEFAULT_LEVEL,
        }
    }

    /// The same at another level.
    #[must_use]
    pub const fn at_level(mut self, level: i32) -> Self {
        self.level = level;
        self
    }
}

/// The zstd level that is taken where none is named.
pub const DEFAULT_LEVEL: i32 = 19;

/// The levels there are.
pub const LEVELS: RangeInclusive<i32> = 1..=22;

/// Makes a patch that turns `base` into `new`.
///
/// The same inputs give the same bytes on every run, machine and thread count. The patch is
/// inflated again by two independent decoders before it is returned. Where a patch would be larger
/// than the compressed new file, it holds that file whole and needs no base.
///
/// # Errors
/// [`MakeError`]; an output that does not reproduce `new` is never returned.
pub fn make_with(base: &[u8], new: &[u8], options: MakeOptions) -> Result<Vec<u8>, MakeError> {
    make_through(base, new, options, &[])
}

/// The same with transforms: those that can be made are tried where the options say
/// [`CodecChoice::Auto`], and the smallest patch is kept. One that a transform gets wrong is none.
///
/// # Errors
/// As [`make_with`].
pub fn make_through(
    base: &[u8],
    new: &[u8],
    options: MakeOptions,
    known: &[Known<'_>],
) -> Result<Vec<u8>, MakeError> {
    may_be_made(base, new, options)?;
    let tries = options.container == Container::Patchproof && options.codec == CodecChoice::Auto;
    let making = known.iter().any(|known| known.making.is_some());
    let mut through = None;
    if tries && making {
        let (patch, quick) = with_and_without(base, new, options, known)?;
        through = patch.filter(|patch| reproduces(base, new, patch, known).is_ok());
        // The thorough search takes long. It is left out only where what it gives would have to be
        // a quarter of what a quick one gives. Everywhere else both are made and the smaller kept.
        let small = |patch: &Vec<u8>| patch.len() < quick.len() / THOROUGH_GAIN_MAX;
        if through.as_ref().is_some_and(small) {
            return Ok(through.unwrap_or_default());
        }
    }
    let patch = match options.container {
        Container::Shorebird => candidates::shorebird(base, new, options.level),
        Container::Patchproof => candidates::patchproof(base, new, options),
    };
    let patch = patch.map_err(MakeError::Compress)?;
    if let Some(through) = through.filter(|through| through.len() < patch.len()) {
        return Ok(through);
    }
    reproduces(base, new, &patch, &[])?;
    Ok(patch)
}

/// The smallest patch through a transform, and a quick one without, each on a thread of its own.
fn with_and_without(
    base: &[u8],
    new: &[u8],
    options: MakeOptions,
    known: &[Known<'_>],
) -> Result<(Option<Vec<u8>>, Vec<u8>), MakeError> {
    let (patch, quick) = both(
        || transformed::smallest(base, new, options.level, known),
        || candidates::patchproof(base, new, QUICK),
    );
    let patch = patch.map_err(MakeError::Compress)?;
    Ok((patch, quick.map_err(MakeError::Compress)?))
}

/// Does two things that have nothing to do with each other, on two threads.
pub(crate) fn both<A, B: Send>(
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        match other.join() {
            Ok(other) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Makes a patch in the `shorebird` container at a zstd level; see [`make_with`].
///
/// # Errors
/// [`MakeError`].
pub fn make(base: &[u8], new: &[u8], level: i32) -> Result<Vec<u8>, MakeError> {
    make_with(base, new, MakeOptions::shorebird().at_level(level))
}

fn may_be_made(base: &[u8], new: &[u8], options: MakeOptions) -> Result<(), MakeError> {
    if !LEVELS.contains(&options.level) {
        return Err(MakeError::Level {
            found: options.level,
        });
    }
    if options.container == Container::Shorebird && options.codec != CodecChoice::Zstd {
        return Err(MakeError::CodecOfContainer);
    }
    for (which, bytes) in [("base", base), ("new file", new)] {
        if i32::try_from(bytes.len()).is_err() {
            return Err(MakeError::TooLarge {
                which,
                size_bytes: wide(bytes.len()),
            });
        }
    }
    // What nobody may inflate is not made.
    let limits = Limits::for_base(wide(base.len()));
    if wide(new.len()) > limits.output_bytes_max {
        let limit_bytes = limits.output_bytes_max;
        return Err(MakeError::TooMuchNew {
            size_bytes: wide(new.len()),
            limit_bytes,
        });
    }
    Ok(())
}

fn reproduces(base: &[u8], new: &[u8], patch: &[u8], known: &[Known<'_>]) -> Result<(), MakeError> {
    let limits = Limits::for_base(wide(base.len()));
    let fault = |detail: String| MakeError::NotReproduced { detail };
    let again = inflate_through(base, patch, limits, known);
    let again = again.map_err(|error| fault(error.to_string()))?;
    if again != new {
        return Err(fault("other bytes".to_owned()));
    }
    Ok(())
}

/// Beyond what a thorough search wins over a quick one: on real pairs that is less than half.
const THOROUGH_GAIN_MAX: usize = 4;
const QUICK: MakeOptions = MakeOptions::patchproof(CodecChoice::Zstd).at_level(9);

impl CodecChoice {
    /// The codecs that are tried.
    fn codecs(self) -> &'static [Codec] {
        match self {
            Self::Zstd => &[Codec::Zstd],
            Self::Brotli => &[Codec::Brotli],
            Self::Auto => &[Codec::Zstd, Codec::Brotli],
        }
    }
}
