//! A data blob of a snapshot: its header, the clustered part, the read-only image behind it.

use super::bytes::{Width, Writer, size};
use super::payload;
use super::target::Layout;

/// A data blob; [`Blob::new`] makes a right one and every field may then be made wrong.
///
/// In the file: magic (4 bytes), length (i64), kind (i64), version, features, NUL, payload; then,
/// unless `image` is empty, zeros up to a multiple of 64 and the read-only image: a header of 64
/// bytes that starts with the image's size in an address-wide word, strings, `image`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blob {
    /// The first four bytes; right are `f5 f5 dc dc`.
    pub magic: [u8; 4],
    /// The length to state; `None` states [`Blob::length_bytes`], the right one.
    pub length: Option<i64>,
    /// The kind; right is [`Layout::kind`].
    pub kind: i64,
    /// The snapshot version; right are 32 hex characters.
    pub version: Vec<u8>,
    /// The feature string, without its NUL.
    pub features: Vec<u8>,
    /// Whether a NUL ends the features.
    pub terminated: bool,
    /// The clustered part behind the features.
    pub payload: Vec<u8>,
    /// What follows header and strings in the read-only image; none at all if empty.
    pub image: Vec<u8>,
}

impl Blob {
    /// A right blob with `payload_size_bytes` of payload, and half as much of image.
    #[must_use]
    pub fn new(
        layout: Layout,
        version: &str,
        features: &str,
        seed: u64,
        payload_size_bytes: usize,
    ) -> Self {
        let mut blob = Self {
            magic: MAGIC,
            length: None,
            kind: layout.kind(),
            version: version.into(),
            features: features.into(),
            terminated: true,
            payload: vec![0; payload_size_bytes],
            image: vec![0; payload_size_bytes / 2],
        };
        blob.reseed(seed);
        blob
    }

    /// The right length: the bytes behind the magic up to the end of the payload.
    #[must_use]
    pub fn length_bytes(&self) -> i64 {
        let terminator = u64::from(self.terminated);
        let sum = 16 + size(&self.version) + size(&self.features) + terminator;
        i64::try_from(sum + size(&self.payload)).unwrap_or(i64::MAX)
    }

    /// Fills payload and image anew from the seed; their sizes stay.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.payload = payload::noise(seed ^ PAYLOAD_SEED, self.payload.len());
        self.image = payload::noise(seed ^ IMAGE_SEED, self.image.len());
    }

    /// Changes payload and image as another build of the same source would.
    pub(super) fn edit(&mut self, seed: u64) {
        self.payload = payload::edited(&self.payload, seed ^ PAYLOAD_SEED);
        self.image = payload::edited(&self.image, seed ^ IMAGE_SEED);
    }

    /// The blob as it lies in the file, where it starts at a multiple of 64.
    pub(super) fn to_bytes(&self, width: Width, strings: &[&str]) -> Vec<u8> {
        let mut writer = Writer::new(width);
        writer.bytes(&self.magic);
        writer.i64(self.length.unwrap_or_else(|| self.length_bytes()));
        writer.i64(self.kind);
        writer.bytes(&self.version);
        writer.bytes(&self.features);
        if self.terminated {
            writer.u8(0);
        }
        writer.bytes(&self.payload);
        if !self.image.is_empty() {
            writer.align(ALIGNMENT_BYTES);
            writer.bytes(&self.read_only_image(width, strings));
        }
        writer.into_bytes()
    }

    fn read_only_image(&self, width: Width, strings: &[&str]) -> Vec<u8> {
        let mut objects = Writer::new(width);
        for string in strings {
            write_string_object(&mut objects, string);
        }
        objects.bytes(&self.image);
        with_image_header(width, 0, &objects.into_bytes())
    }
}

/// An image is 64 bytes of header (its size, and for text where the text starts), then objects.
pub(super) fn with_image_header(width: Width, text_offset: u64, objects: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(width);
    writer.word(ALIGNMENT_BYTES + size(objects));
    writer.word(text_offset);
    writer.pad_to(ALIGNMENT_BYTES);
    writer.bytes(objects);
    writer.into_bytes()
}

/// A one-byte string as the compiler leaves it: tags, twice the length, characters, zeros.
fn write_string_object(writer: &mut Writer, text: &str) {
    writer.word(STRING_TAGS);
    writer.word(2 * size(text.as_bytes()));
    writer.c_string(text.as_bytes());
    writer.align(16);
}

pub(super) const ALIGNMENT_BYTES: u64 = 64;
const MAGIC: [u8; 4] = [0xf5, 0xf5, 0xdc, 0xdc];
const STRING_TAGS: u64 = 0x0005_e332;
const PAYLOAD_SEED: u64 = 0x9a10_0000;
const IMAGE_SEED: u64 = 0x1339_0000;
