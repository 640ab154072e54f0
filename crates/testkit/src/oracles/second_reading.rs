//! The facts of a library, read through the `object` crate and by hand: nothing of what the reader
//! under test is made of.

use std::collections::BTreeMap;

use object::FileKind;
use object::elf::{FileHeader32, FileHeader64};
use object::{Endianness, ReadRef as _};
use patchproof_snapshot::{Arch, Container, Layout};

use super::{second_elf, second_macho};

/// What `object` makes of a library. It holds no opinion on what has two readings: where a loader
/// and a tool would see different things, there are two different [`View`]s.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecondReading {
    /// The container.
    pub container: Container,
    /// The machine.
    pub arch: Arch,
    /// Whether there are no symbols but the exported ones.
    pub stripped: bool,
    /// The smallest alignment of what is mapped, in bytes; 0 where nothing is.
    ///
    /// Mach-O states none. There a segment counts as aligned to 16 KiB or 4 KiB, by its address.
    pub load_alignment: u64,
    /// The build id.
    pub build_id: BuildId,
    /// What each kind of reader finds; never empty.
    pub views: Vec<View>,
}

/// A build id, as far as `object` reads notes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildId {
    /// GNU build id or UUID in lowercase hex; `None` where there is none.
    Read(Option<String>),
    /// A note segment states an alignment other than 4 bytes, which no compiler writes for a build
    /// id: `object` goes by it, the reader under test does not. Anything agrees with it.
    Unsettled,
}

/// The snapshot's symbols and headers as one kind of reader finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct View {
    /// Who looks: `a loader` or `a tool`.
    pub reader: &'static str,
    /// Where the snapshot's symbols are, by their names.
    pub symbols: BTreeMap<&'static str, Place>,
    /// The headers of the data blobs, by their symbols' names.
    pub headers: BTreeMap<&'static str, Header>,
}

/// Where a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// Its virtual address.
    pub address: u64,
    /// Its offset in the file, in bytes; `None` where no segment maps it.
    pub offset: Option<u64>,
    /// Its size in bytes; `None` in Mach-O, which has none. There whatever size is read must end
    /// before the next of the snapshot's symbols.
    pub size: Option<u64>,
}

/// The start of a data blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The declared length.
    pub length: i64,
    /// The declared kind.
    pub kind: i64,
    /// The 32 bytes of the version, escaped.
    pub version: String,
    /// The features up to their NUL, escaped.
    pub features: String,
}

/// Reads a library; `None` where `object` finds no container or no symbol of a snapshot in it.
#[must_use]
pub fn second_reading(bytes: &[u8]) -> Option<SecondReading> {
    let reading = match FileKind::parse(bytes).ok()? {
        FileKind::Elf32 => second_elf::read::<FileHeader32<Endianness>>(bytes),
        FileKind::Elf64 => second_elf::read::<FileHeader64<Endianness>>(bytes),
        FileKind::MachO64 => second_macho::read(bytes),
        _ => None,
    }?;
    let found = |view: &View| !view.symbols.is_empty();
    reading.views.iter().any(found).then_some(reading)
}

impl View {
    /// The view of a reader that finds these symbols.
    pub(super) fn new(
        reader: &'static str,
        bytes: &[u8],
        symbols: BTreeMap<&'static str, Place>,
    ) -> Self {
        let data = symbols.iter().filter(|(name, _)| name.ends_with("Data"));
        let header = |(name, place): (&&'static str, &Place)| {
            Some((*name, Header::read(bytes, place.offset?)?))
        };
        let headers = data.filter_map(header).collect();
        Self {
            reader,
            symbols,
            headers,
        }
    }
}

impl Header {
    fn read(bytes: &[u8], offset: u64) -> Option<Self> {
        let part = |at: u64, size| bytes.read_bytes_at(offset.checked_add(at)?, size).ok();
        let number = |at| Some(i64::from_le_bytes(*part(at, 8)?.first_chunk()?));
        let rest = bytes.get(usize::try_from(offset.checked_add(52)?).ok()?..)?;
        let features = rest.split(|&byte| byte == 0).next()?;
        Some(Self {
            length: number(4)?,
            kind: number(12)?,
            version: part(20, 32)?.escape_ascii().to_string(),
            features: features.escape_ascii().to_string(),
        })
    }
}

/// The names that a loader is asked for, of either layout, and the build id's.
pub(super) fn wanted() -> impl Iterator<Item = &'static str> {
    let layouts = [Layout::Split, Layout::Unified].map(Layout::symbols);
    layouts
        .into_iter()
        .flatten()
        .copied()
        .chain(["_kDartSnapshotBuildId"])
}
