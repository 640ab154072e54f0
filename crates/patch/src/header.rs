//! The header of the `patchproof` container: which base, which output, which streams.
//!
//! The byte table is in `docs/formats/patch.md`. A header has one form: whatever is reserved is
//! zero, and what is not known is refused.

use crate::error::{InflateError, Malformed};

/// The compression of a patch's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// Zstandard (RFC 8878), one frame a stream.
    Zstd,
    /// Brotli (RFC 7932), one stream a stream.
    Brotli,
}

impl Codec {
    /// The word in reports and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "brotli",
        }
    }

    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Zstd => 1,
            Self::Brotli => 2,
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Zstd),
            2 => Some(Self::Brotli),
            _ => None,
        }
    }
}

/// What a patch is made against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeclaredBase {
    /// Nothing: the patch holds the whole output.
    None,
    /// One file and no other.
    File {
        /// Its length in bytes.
        length_bytes: u64,
        /// Its SHA-256.
        sha256: [u8; 32],
    },
}

/// A stream of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct StreamExtent {
    /// How many bytes it takes in the patch; 0 with 0 decoded bytes.
    pub packed_bytes: u64,
    /// How many it decodes to.
    pub decoded_bytes: u64,
}

/// The header of a `patchproof` patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The compression.
    pub codec: Codec,
    /// The id of the transform; 0 is none.
    pub transform: u16,
    /// What it is made against.
    pub base: DeclaredBase,
    /// The output's length in bytes.
    pub output_bytes: u64,
    /// The output's SHA-256.
    pub output_sha256: [u8; 32],
    /// Control, gaps, changes, literals, and what the transform needs, in this order.
    pub streams: [StreamExtent; STREAMS],
}

impl Header {
    /// The header of a patch; `None` where it has none, as a `shorebird` patch.
    ///
    /// # Errors
    /// [`InflateError::Malformed`] where it is not in its one form.
    pub fn of(patch: &[u8]) -> Option<Result<Self, InflateError>> {
        patch.starts_with(&MAGIC).then(|| {
            let head = patch.first_chunk::<HEADER_BYTES>();
            Self::read(head.ok_or_else(|| fault("it is cut short"))?)
        })
    }

    /// How many bytes all streams decode to.
    #[must_use]
    pub fn decoded_bytes(&self) -> u64 {
        let decoded = self.streams.iter().map(|stream| stream.decoded_bytes);
        decoded.fold(0, u64::saturating_add)
    }

    /// Writes it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(FORMAT_VERSION.to_le_bytes());
        out.push(self.codec.number());
        let (has_base, length_bytes, sha256) = match self.base {
            DeclaredBase::None => (0, 0, [0; 32]),
            DeclaredBase::File {
                length_bytes,
                sha256,
            } => (1, length_bytes, sha256),
        };
        out.push(has_base);
        out.extend(self.transform.to_le_bytes());
        out.extend([0; 2]);
        out.extend(length_bytes.to_le_bytes());
        out.extend(sha256);
        out.extend(self.output_bytes.to_le_bytes());
        out.extend(self.output_sha256);
        for stream in &self.streams {
            out.extend(stream.packed_bytes.to_le_bytes());
            out.extend(stream.decoded_bytes.to_le_bytes());
        }
        out
    }

    /// Reads it off the first [`HEADER_BYTES`] bytes.
    pub(crate) fn read(bytes: &[u8; HEADER_BYTES]) -> Result<Self, InflateError> {
        let mut rest = Fields { rest: bytes };
        if rest.array()? != MAGIC {
            return Err(fault("it does not start with the magic bytes"));
        }
        let version = u16::from_le_bytes(rest.array()?);
        if version != FORMAT_VERSION {
            return Err(fault(format!(
                "its format version is {version}, known is 1"
            )));
        }
        let [codec, has_base] = rest.array()?;
        let codec = Codec::from_number(codec)
            .ok_or_else(|| fault(format!("its codec {codec} is not known")))?;
        let transform = u16::from_le_bytes(rest.array()?);
        if rest.array()? != [0; 2] {
            return Err(fault("a reserved byte is not zero"));
        }
        let length_bytes = u64::from_le_bytes(rest.array()?);
        let sha256: [u8; 32] = rest.array()?;
        let base = match has_base {
            0 if length_bytes == 0 && sha256 == [0; 32] => DeclaredBase::None,
            1 => DeclaredBase::File {
                length_bytes,
                sha256,
            },
            _ => return Err(fault("it declares no base and yet describes one")),
        };
        let output_bytes = u64::from_le_bytes(rest.array()?);
        let output_sha256 = rest.array()?;
        let mut streams = [StreamExtent::default(); STREAMS];
        for stream in &mut streams {
            stream.packed_bytes = u64::from_le_bytes(rest.array()?);
            stream.decoded_bytes = u64::from_le_bytes(rest.array()?);
            if (stream.packed_bytes == 0) != (stream.decoded_bytes == 0) {
                return Err(fault(
                    "an empty stream takes bytes, or a full one takes none",
                ));
            }
        }
        let side = streams.last().copied().unwrap_or_default();
        if transform == 0 && side != StreamExtent::default() {
            return Err(fault("it has a stream for a transform, and no transform"));
        }
        Ok(Self {
            codec,
            transform,
            base,
            output_bytes,
            output_sha256,
            streams,
        })
    }
}

struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], InflateError> {
        let (field, rest) = self
            .rest
            .split_first_chunk()
            .ok_or_else(|| fault("it is cut short"))?;
        self.rest = rest;
        Ok(*field)
    }
}

pub(crate) fn fault(what: impl Into<String>) -> InflateError {
    InflateError::Malformed(Malformed::Header(what.into()))
}

/// As PNG does: a byte that is no text, a name, and a line end that a text-mode copy would spoil.
pub(crate) const MAGIC: [u8; 8] = *b"\x89PPAT\r\n\n";
const FORMAT_VERSION: u16 = 1;
/// How many streams a patch has.
pub(crate) const STREAMS: usize = 5;
/// Everything before the streams.
pub(crate) const HEADER_BYTES: usize = 8 + 2 + 2 + 2 + 2 + 8 + 32 + 8 + 32 + STREAMS * 16;
