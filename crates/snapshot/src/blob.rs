//! A data blob's header: what the VM checks before anything else.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | magic `f5 f5 dc dc` |
//! | 4 | 8 | length: bytes from offset 4 to the end of the clustered part, i64 little-endian |
//! | 12 | 8 | kind, i64 little-endian |
//! | 20 | 32 | snapshot version, lowercase hex |
//! | 52 | n | features, words separated by spaces |
//! | 52 + n | 1 | NUL |
//!
//! Source: `Snapshot` in the Dart SDK's `runtime/vm/snapshot.h`; measured on the corpus.

use scroll::Pread as _;

use crate::error::{HeaderFault, ReadError};

/// The header of one data blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobHeader {
    /// Bytes from offset 4 to the end of the clustered part, as declared; may be anything.
    pub length: i64,
    /// The snapshot kind, as declared; may be anything.
    pub kind: i64,
    /// The snapshot version: 32 lowercase hex digits.
    pub version: String,
    /// The feature string, as it stands: the VM compares it as text.
    pub features: String,
}

/// One data blob of a snapshot: its symbol, its size and its header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DataBlob {
    /// The symbol it stands under.
    pub symbol: &'static str,
    /// How many bytes the symbol covers.
    pub size: u64,
    /// Its header.
    pub header: BlobHeader,
}

impl DataBlob {
    /// Whether the declared length leaves room for the header and ends inside the blob.
    #[must_use]
    pub fn length_fits(&self) -> bool {
        let header = LENGTH_COUNTS_FROM..HEADER_FIXED_BYTES;
        let text = u64::try_from(self.header.features.len()).unwrap_or(u64::MAX);
        let needed = (header.end - header.start)
            .saturating_add(text)
            .saturating_add(1);
        let declared = u64::try_from(self.header.length).ok();
        let end = declared.and_then(|length| length.checked_add(LENGTH_COUNTS_FROM));
        declared.is_some_and(|length| length >= needed) && end.is_some_and(|end| end <= self.size)
    }
}

impl BlobHeader {
    pub(crate) fn read(symbol: &'static str, blob: &[u8]) -> Result<Self, ReadError> {
        Self::parse(blob).map_err(|reason| ReadError::BrokenHeader { symbol, reason })
    }

    fn parse(blob: &[u8]) -> Result<Self, HeaderFault> {
        let short = || HeaderFault::Short {
            found: u64::try_from(blob.len()).unwrap_or(u64::MAX),
        };
        let magic = blob.first_chunk::<4>().ok_or_else(short)?;
        if *magic != MAGIC {
            return Err(HeaderFault::Magic {
                found: hex::encode(magic),
            });
        }
        let number = |at: usize| blob.pread_with::<i64>(at, scroll::LE).map_err(|_| short());
        let (length, kind) = (number(4)?, number(12)?);
        let version = version(blob.get(20..52).ok_or_else(short)?)?;
        let features = features(blob.get(52..).ok_or_else(short)?)?;
        Ok(Self {
            length,
            kind,
            version,
            features,
        })
    }
}

fn version(bytes: &[u8]) -> Result<String, HeaderFault> {
    let hex_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().all(hex_digit) => Ok(text.to_owned()),
        _ => Err(HeaderFault::Version {
            found: bytes.escape_ascii().to_string(),
        }),
    }
}

fn features(rest: &[u8]) -> Result<String, HeaderFault> {
    let reach = rest.get(..FEATURES_BYTES_MAX).unwrap_or(rest);
    let unterminated = || {
        let limit = u64::try_from(reach.len()).unwrap_or(u64::MAX);
        HeaderFault::FeaturesUnterminated { limit }
    };
    let text = memchr::memchr(0, reach)
        .and_then(|end| reach.get(..end))
        .ok_or_else(unterminated)?;
    let printable = text.iter().all(|byte| matches!(byte, b' '..=b'~'));
    match std::str::from_utf8(text) {
        Ok(text) if printable => Ok(text.to_owned()),
        _ => {
            let shown = text.get(..SHOWN_BYTES_MAX).unwrap_or(text);
            Err(HeaderFault::FeaturesNotText {
                found: shown.escape_ascii().to_string(),
            })
        }
    }
}

const MAGIC: [u8; 4] = [0xf5, 0xf5, 0xdc, 0xdc];
const LENGTH_COUNTS_FROM: u64 = 4;
const HEADER_FIXED_BYTES: u64 = 52;
/// The longest of the corpus has 158 bytes.
const FEATURES_BYTES_MAX: usize = 1024;
const SHOWN_BYTES_MAX: usize = 200;
