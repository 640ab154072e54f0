//! One entry of a made archive: what it holds, and what its headers say of it.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::bytes::size;
use super::zeros::zeros;
use super::zip_headers::HeaderLies;

/// An entry to write; every field may be set to something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeEntry {
    /// Its name, in both headers.
    pub name: Vec<u8>,
    /// What it holds.
    pub content: Content,
    /// What the data's position in the file is a multiple of; 1 asks for nothing.
    pub alignment_bytes: u16,
    /// How the local header is made longer for it.
    pub padding: Padding,
    /// Whether CRC and sizes stand behind the data.
    pub descriptor: Descriptor,
    /// Whether sizes and position are in a ZIP64 extra field, their 32 bits all set.
    pub zip64: bool,
    /// Flags beside those for the descriptor and for a name in UTF-8.
    pub flags: u16,
    /// The host that made it and the version: `0x0300` and more is Unix.
    pub made_by: u16,
    /// Attributes of the host; under Unix the mode is in the upper half.
    pub attributes: u32,
    /// The MS-DOS time.
    pub time: u16,
    /// The MS-DOS date.
    pub date: u16,
    /// Extra fields, in both headers.
    pub extra: Vec<u8>,
    /// A comment in the directory.
    pub comment: Vec<u8>,
    /// Whether there is only a line in the directory: no local header, no data.
    pub local_absent: bool,
    /// What the local header says instead.
    pub local: HeaderLies,
    /// What the directory says instead.
    pub central: HeaderLies,
    /// What the descriptor says instead: signature, CRC and sizes.
    pub described: HeaderLies,
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// As it is.
    Stored(Vec<u8>),
    /// Deflated at the usual level.
    Deflated(Vec<u8>),
    /// So many zeros, deflated; a thousandth of them is in the file and none is in memory.
    Zeros(u64),
    /// Bytes with what is to be said of them.
    Raw {
        /// The compression method.
        method: u16,
        /// The bytes in the file.
        packed: Vec<u8>,
        /// The CRC of the content.
        crc32: u32,
        /// The size of the content.
        size_bytes: u64,
    },
}

/// How a local header is made longer so that the data behind it is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Padding {
    /// Zeros at the end of the extra field, which no longer parses, as `zipalign` pads.
    Zeros,
    /// An extra field 0xd935 with the alignment and zeros, as Android's signing tools pad.
    Field,
}

/// Where the CRC and the sizes of an entry stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Descriptor {
    /// In the local header.
    None,
    /// Behind the data, with a signature, as Java writes it.
    Signed,
    /// Behind the data, without one.
    Unsigned,
}

impl MadeEntry {
    /// An entry whose content lies in the file as it is.
    #[must_use]
    pub fn stored(name: &str, content: &[u8]) -> Self {
        Self::new(name, Content::Stored(content.to_vec()))
    }

    /// An entry whose content is deflated.
    #[must_use]
    pub fn deflated(name: &str, content: &[u8]) -> Self {
        Self::new(name, Content::Deflated(content.to_vec()))
    }

    /// An entry of zeros: small in the file, and as large as `size_bytes` says outside it.
    #[must_use]
    pub fn zeros(name: &str, size_bytes: u64) -> Self {
        Self::new(name, Content::Zeros(size_bytes))
    }

    /// A right entry, as Android's build writes one: no attributes, one time for all.
    #[must_use]
    pub fn new(name: &str, content: Content) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            content,
            alignment_bytes: 1,
            padding: Padding::Zeros,
            descriptor: Descriptor::None,
            zip64: false,
            flags: 0,
            made_by: 0,
            attributes: 0,
            time: TIME,
            date: DATE,
            extra: Vec::new(),
            comment: Vec::new(),
            local_absent: false,
            local: HeaderLies::default(),
            central: HeaderLies::default(),
            described: HeaderLies::default(),
        }
    }

    /// The same entry with its data aligned.
    #[must_use]
    pub const fn aligned(mut self, alignment_bytes: u16) -> Self {
        self.alignment_bytes = alignment_bytes;
        self
    }

    /// The same entry with the mode that Unix would give it, such as 0o120777 of a link.
    #[must_use]
    pub fn unix_mode(mut self, mode: u16) -> Self {
        self.made_by = MADE_BY_UNIX;
        self.attributes = u32::from(mode) << 16;
        self
    }

    /// Packs the content and counts it.
    pub(super) fn pack(&self) -> Packed {
        match &self.content {
            Content::Stored(bytes) => Packed::of(0, bytes.clone(), [bytes.as_slice()]),
            Content::Deflated(bytes) => Packed::of(DEFLATE, deflate([&**bytes]), [&**bytes]),
            Content::Zeros(size_bytes) => {
                let packed = deflate(zeros(*size_bytes));
                Packed::of(DEFLATE, packed, zeros(*size_bytes))
            }
            Content::Raw {
                method,
                packed,
                crc32,
                size_bytes,
            } => Packed {
                method: *method,
                bytes: packed.clone(),
                crc32: *crc32,
                size_bytes: *size_bytes,
            },
        }
    }
}

/// A content as it lies in the file, and what is to be said of it.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) method: u16,
    pub(super) bytes: Vec<u8>,
    pub(super) crc32: u32,
    pub(super) size_bytes: u64,
}

impl Packed {
    fn of<'a>(method: u16, bytes: Vec<u8>, content: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut crc = flate2::Crc::new();
        let mut size_bytes = 0;
        for piece in content {
            crc.update(piece);
            size_bytes += size(piece);
        }
        Self {
            method,
            bytes,
            crc32: crc.sum(),
            size_bytes,
        }
    }
}

/// The pieces, deflated as one; nothing where the encoder fails, which it does not into memory.
fn deflate<'a>(content: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written: std::io::Result<()> = content
        .into_iter()
        .try_for_each(|piece| encoder.write_all(piece));
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

const DEFLATE: u16 = 8;
const MADE_BY_UNIX: u16 = 0x0314;
/// 1981-01-01 01:01:02, which Android's build gives every entry.
const DATE: u16 = 0x0221;
const TIME: u16 = 0x0821;
