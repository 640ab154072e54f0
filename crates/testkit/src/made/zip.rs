//! A made archive: entries, the directory, and what may lie before, between and behind them.
//!
//! Checked by hand: `unzip -t` and Python's `zipfile` read right ones in every form (descriptors,
//! ZIP64, alignment, prepended bytes); `zipalign -c -p 4` finds a made APK aligned, and `apksigner`
//! signs it and verifies what it signed.

use super::app::Files;
use super::bytes::{Width, Writer, size};
use super::zip_entry::{Content, MadeEntry, Packed};

/// An archive to write; every field may be set to something wrong.
///
/// ```
/// use patchproof_testkit::made::{MadeEntry, MadeZip};
///
/// let mut made = MadeZip::new(vec![MadeEntry::deflated("a/b.txt", b"text")]);
/// made.entries[0].central.crc32 = Some(7);
/// let file: Vec<u8> = made.build();
/// # assert!(file.starts_with(b"PK\x03\x04"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeZip {
    /// Bytes in front of the first entry.
    pub prepended: Vec<u8>,
    /// Whether positions are counted from behind them, as if they had been put there later.
    pub prepended_uncounted: bool,
    /// The entries, in the order in which they lie in the file.
    pub entries: Vec<MadeEntry>,
    /// An APK signing block's pairs of id and value; the block stands before the directory.
    pub signing_block: Option<Vec<(u32, Vec<u8>)>>,
    /// Bytes between the last entry (or the signing block) and the directory.
    pub before_directory: Vec<u8>,
    /// The directory's entries by their index, where it is not all of them in their order.
    pub directory: Option<Vec<usize>>,
    /// Bytes between the directory and the end record.
    pub behind_directory: Vec<u8>,
    /// Whether there are a ZIP64 end record and its locator.
    pub zip64: bool,
    /// What the end record says instead.
    pub end: EndLies,
    /// What the ZIP64 end record and its locator say instead.
    pub zip64_end: Zip64EndLies,
    /// The comment.
    pub comment: Vec<u8>,
    /// Bytes behind the end record and the comment.
    pub behind: Vec<u8>,
}

/// What the end record says instead of what is so; `None` is the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndLies {
    /// The first four bytes.
    pub signature: Option<u32>,
    /// The number of this disk.
    pub disk: Option<u16>,
    /// The disk on which the directory starts.
    pub directory_disk: Option<u16>,
    /// How many entries the directory has on this disk.
    pub entries_here: Option<u16>,
    /// How many entries it has.
    pub entries: Option<u16>,
    /// The directory's size.
    pub directory_bytes: Option<u32>,
    /// Where it starts.
    pub directory_offset: Option<u32>,
    /// The length of the comment.
    pub comment_bytes: Option<u16>,
}

/// What the ZIP64 end record and its locator say instead of what is so; `None` is the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Zip64EndLies {
    /// The first four bytes of the record.
    pub signature: Option<u32>,
    /// The record's size, which does not count its first 12 bytes.
    pub record_bytes: Option<u64>,
    /// How many entries the directory has on this disk.
    pub entries_here: Option<u64>,
    /// How many entries it has.
    pub entries: Option<u64>,
    /// The directory's size.
    pub directory_bytes: Option<u64>,
    /// Where it starts.
    pub directory_offset: Option<u64>,
    /// The first four bytes of the locator.
    pub locator_signature: Option<u32>,
    /// Where the locator says that the record is.
    pub record_offset: Option<u64>,
    /// How many disks the locator says that there are.
    pub disks: Option<u32>,
}

/// Where the parts of a built archive lie, in bytes from the start of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Places {
    /// The local header of each entry, in the order of `entries`.
    pub locals: Vec<u64>,
    /// The directory's first line.
    pub directory: u64,
    /// The ZIP64 end record, or where it would be.
    pub zip64_end: u64,
    /// The end record.
    pub end: u64,
}

impl MadeZip {
    /// A right archive of these entries.
    #[must_use]
    pub fn new(entries: Vec<MadeEntry>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// The file.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        self.build_with_places().0
    }

    /// What the directory lists by its names, unpacked; raw contents and names that are no text are
    /// left out.
    #[must_use]
    pub fn files(&self) -> Files {
        let file = |index: usize| {
            let entry = self.entries.get(index)?;
            let name = String::from_utf8(entry.name.clone()).ok()?;
            let content = match &entry.content {
                Content::Stored(bytes) | Content::Deflated(bytes) => bytes.clone(),
                Content::Zeros(size_bytes) => vec![0; usize::try_from(*size_bytes).ok()?],
                Content::Raw { .. } => return None,
            };
            Some((name, content))
        };
        self.order().into_iter().filter_map(file).collect()
    }

    /// The entry of this name, to make it wrong.
    pub fn entry(&mut self, name: &str) -> Option<&mut MadeEntry> {
        let mut entries = self.entries.iter_mut();
        entries.find(|entry| entry.name == name.as_bytes())
    }

    /// The file, and where its parts lie.
    #[must_use]
    pub fn build_with_places(&self) -> (Vec<u8>, Places) {
        let mut places = Places::default();
        let mut writer = Writer::new(Width::Eight);
        writer.bytes(&self.prepended);
        let packed: Vec<Packed> = self.entries.iter().map(MadeEntry::pack).collect();
        for (entry, packed) in self.entries.iter().zip(&packed) {
            places.locals.push(writer.position());
            if !entry.local_absent {
                entry.write_local(&mut writer, packed);
            }
        }
        if let Some(pairs) = &self.signing_block {
            write_signing_block(&mut writer, pairs);
        }
        writer.bytes(&self.before_directory);
        places.directory = writer.position();
        let entries = self.write_directory(&mut writer, &packed, &places);
        let directory_bytes = writer.position() - places.directory;
        writer.bytes(&self.behind_directory);
        places.zip64_end = writer.position();
        let directory = Directory {
            entries,
            size_bytes: directory_bytes,
            offset: self.counted(places.directory),
        };
        if self.zip64 {
            self.write_zip64_end(&mut writer, &directory, self.counted(places.zip64_end));
        }
        places.end = writer.position();
        self.write_end(&mut writer, &directory);
        writer.bytes(&self.comment);
        writer.bytes(&self.behind);
        (writer.into_bytes(), places)
    }

    /// Writes the directory and says how many lines it has.
    fn write_directory(&self, writer: &mut Writer, packed: &[Packed], places: &Places) -> u64 {
        let mut lines = 0;
        for index in self.order() {
            let entry = self.entries.get(index).zip(packed.get(index));
            if let (Some((entry, packed)), Some(&local)) = (entry, places.locals.get(index)) {
                entry.write_central(writer, packed, self.counted(local));
                lines += 1;
            }
        }
        lines
    }

    /// The entries of the directory, by their index.
    fn order(&self) -> Vec<usize> {
        let all = || (0..self.entries.len()).collect();
        self.directory.clone().unwrap_or_else(all)
    }

    /// A position as the records tell it.
    fn counted(&self, position: u64) -> u64 {
        if self.prepended_uncounted {
            position - size(&self.prepended)
        } else {
            position
        }
    }

    fn write_zip64_end(&self, writer: &mut Writer, directory: &Directory, record: u64) {
        let lies = &self.zip64_end;
        let entries = directory.entries;
        writer.u32(lies.signature.unwrap_or(ZIP64_END).into());
        writer.u64(lies.record_bytes.unwrap_or(ZIP64_END_BYTES));
        writer.u16(ZIP64_VERSION);
        writer.u16(ZIP64_VERSION);
        writer.u32(0);
        writer.u32(0);
        writer.u64(lies.entries_here.unwrap_or(entries));
        writer.u64(lies.entries.unwrap_or(entries));
        writer.u64(lies.directory_bytes.unwrap_or(directory.size_bytes));
        writer.u64(lies.directory_offset.unwrap_or(directory.offset));
        writer.u32(lies.locator_signature.unwrap_or(LOCATOR).into());
        writer.u32(0);
        writer.u64(lies.record_offset.unwrap_or(record));
        writer.u32(lies.disks.unwrap_or(1).into());
    }

    fn write_end(&self, writer: &mut Writer, directory: &Directory) {
        let lies = &self.end;
        let narrow = |value: u64| if self.zip64 { u64::MAX } else { value };
        let entries = narrow(directory.entries);
        writer.u32(lies.signature.unwrap_or(END).into());
        writer.u16(lies.disk.unwrap_or(0).into());
        writer.u16(lies.directory_disk.unwrap_or(0).into());
        writer.u16(lies.entries_here.map_or(entries, u64::from));
        writer.u16(lies.entries.map_or(entries, u64::from));
        let directory_bytes = narrow(directory.size_bytes);
        writer.u32(lies.directory_bytes.map_or(directory_bytes, u64::from));
        let offset = narrow(directory.offset);
        writer.u32(lies.directory_offset.map_or(offset, u64::from));
        writer.u16(lies.comment_bytes.map_or(size(&self.comment), u64::from));
    }
}

struct Directory {
    entries: u64,
    size_bytes: u64,
    offset: u64,
}

/// The size, the pairs, the size again and the magic; neither size counts the first.
fn write_signing_block(writer: &mut Writer, pairs: &[(u32, Vec<u8>)]) {
    let pair_bytes = |(_, value): &(u32, Vec<u8>)| size(value) + PAIR_HEADER_BYTES;
    let pairs_bytes: u64 = pairs.iter().map(pair_bytes).sum();
    let size_bytes = pairs_bytes + size(SIGNING_MAGIC) + 8;
    writer.u64(size_bytes);
    for (id, value) in pairs {
        writer.u64(size(value) + 4);
        writer.u32((*id).into());
        writer.bytes(value);
    }
    writer.u64(size_bytes);
    writer.bytes(SIGNING_MAGIC);
}

const END: u32 = 0x0605_4b50;
const ZIP64_END: u32 = 0x0606_4b50;
const ZIP64_END_BYTES: u64 = 44;
const ZIP64_VERSION: u64 = 45;
const LOCATOR: u32 = 0x0706_4b50;
const PAIR_HEADER_BYTES: u64 = 12;
const SIGNING_MAGIC: &[u8] = b"APK Sig Block 42";
