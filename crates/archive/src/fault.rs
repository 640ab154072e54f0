//! What is wrong with an archive or the content of a part: one variant a fault.

use crate::fault_files::NameFault;

/// Why a zip archive, or one entry of it, was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZipFault {
    /// No end record within the last 65557 bytes.
    #[error("it has no end record: it is no zip archive, or was cut short")]
    NoEnd,
    /// The end record or its comment goes past the end of the file.
    #[error("its end record at {at} goes past the end of the file: it was cut short")]
    EndCut {
        /// Where the record starts.
        at: u64,
    },
    /// Bytes after the end record and its comment.
    #[error("{count} bytes follow its end; readers differ on such a file, so it is refused")]
    TrailingBytes {
        /// How many.
        count: u64,
    },
    /// Two records that could both be the end.
    #[error(
        "two end records, at {first} and {second}: \
         which files are in it depends on the reader, so it is refused"
    )]
    TwoEnds {
        /// Where the earlier one starts.
        first: u64,
        /// Where the later one starts.
        second: u64,
    },
    /// One volume of several.
    #[error("it is one of several volumes; an app is one file")]
    ManyDisks,
    /// More entries than are read.
    #[error("it declares {found} entries; at most {limit} are read")]
    TooManyEntries {
        /// How many are declared.
        found: u64,
        /// How many are read.
        limit: u64,
    },
    /// A central directory larger than is read.
    #[error("its central directory is {found} bytes long; at most {limit} are read")]
    DirectoryTooLarge {
        /// How long it is, in bytes.
        found: u64,
        /// How much is read, in bytes.
        limit: u64,
    },
    /// A central directory that does not end where the end record starts.
    #[error(
        "its central directory should end at {expected}, where the end record starts, \
         and ends at {found}"
    )]
    DirectoryMisplaced {
        /// Where the end record starts.
        expected: u64,
        /// Where the directory ends by its own account.
        found: u64,
    },
    /// Zip64 records that do not fit the plain ones.
    #[error("its zip64 records and its plain ones disagree: {what}")]
    Zip64 {
        /// What does not fit.
        what: &'static str,
    },
    /// A central directory that cannot be read as a list of entries.
    #[error("its central directory is broken at {at}: {what}")]
    DirectoryBroken {
        /// Where, in bytes from the start of the file.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// Not as many entries as declared.
    #[error("it declares {declared} entries and lists {found}")]
    EntryCount {
        /// How many the end record declares.
        declared: u64,
        /// How many there are.
        found: u64,
    },
    /// A name that no file of an app has.
    #[error("its name {0}")]
    Name(NameFault),
    /// A name that is there twice.
    #[error("the name is there twice; which one is read depends on the reader, so it is refused")]
    DuplicateName,
    /// Encrypted, or with an encrypted directory.
    #[error("it is encrypted; nothing in an app is")]
    Encrypted,
    /// Flags that no writer of apps sets: patched data, or bits without a meaning.
    #[error("its flags are {found:#06x}; some readers act on bits that others do not know")]
    Flags {
        /// All of them.
        found: u16,
    },
    /// A method other than stored and deflated.
    #[error("it is packed by method {found}; Android reads 0 (stored) and 8 (deflated)")]
    Method {
        /// The method's number.
        found: u16,
    },
    /// A symbolic link.
    #[error("it is a symbolic link; the archive has to hold the file itself")]
    Symlink,
    /// A device, pipe or socket.
    #[error("its mode is {mode:o}: neither a file nor a folder")]
    SpecialFile {
        /// The Unix mode, with its type bits.
        mode: u32,
    },
    /// A folder by its mode, and a file by its name.
    #[error(
        "its mode is {mode:o}, a folder's, and its name is a file's: \
         what it is depends on the reader, so it is refused"
    )]
    FolderByMode {
        /// The Unix mode, with its type bits.
        mode: u32,
    },
    /// A folder's entry that has content.
    #[error("it is a folder's entry and declares {found} bytes of content")]
    FolderWithContent {
        /// How many bytes it declares.
        found: u64,
    },
    /// No local header where the central directory says.
    #[error("there is no local header at {at}")]
    NoLocalHeader {
        /// Where it should start.
        at: u64,
    },
    /// Local header and central directory tell different things.
    #[error(
        "its {field} is {central} in the central directory and {local} in the local header: \
         what it holds depends on the reader, so it is refused"
    )]
    HeadersDisagree {
        /// Which field.
        field: &'static str,
        /// What the central directory says.
        central: String,
        /// What the local header says.
        local: String,
    },
    /// The record behind the data tells other sizes or another checksum.
    #[error("the data descriptor behind it disagrees with the central directory")]
    DescriptorDisagrees,
    /// A stored entry whose two sizes differ.
    #[error("it is stored, and still {stored} bytes packed are {size} unpacked")]
    StoredSizes {
        /// Its size in the archive, in bytes.
        stored: u64,
        /// Its size unpacked, in bytes.
        size: u64,
    },
    /// An entry that reaches into the central directory or past the end.
    #[error("it ends at {end}, past {limit}, where the central directory starts")]
    Outside {
        /// Where it ends.
        end: u64,
        /// Where the central directory starts.
        limit: u64,
    },
    /// Two entries that share bytes.
    #[error("it shares bytes with {other}")]
    Overlap {
        /// The other entry.
        other: String,
    },
    /// Bytes in front of the first entry.
    #[error("{count} bytes stand in front of its first entry; an app has none there")]
    PrependedBytes {
        /// How many.
        count: u64,
    },
    /// A local entry that the central directory does not list.
    #[error(
        "a file at {at} is not in the central directory: \
         a reader that goes from front to back would see it, so it is refused"
    )]
    HiddenEntry {
        /// Where its local header starts.
        at: u64,
    },
    /// More content than is read.
    #[error("it unpacks to {found} bytes; at most {limit} are read")]
    TotalTooLarge {
        /// What all entries declare together, in bytes.
        found: u64,
        /// How much is read, in bytes.
        limit: u64,
    },
    /// The zip library refuses it.
    #[error("the zip library refuses it: {reason}")]
    Library {
        /// Its words.
        reason: String,
    },
    /// The zip library reads it differently.
    #[error("two readings of one file: the zip library sees another {what}")]
    ReadingsDiffer {
        /// What differs.
        what: &'static str,
    },
    /// The file could not be read.
    #[error("it cannot be read: {reason}")]
    Io {
        /// The system's words.
        reason: String,
    },
}

/// Why the content of a part could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataFault {
    /// Not a deflate stream.
    #[error("its packed data is broken")]
    Deflate,
    /// A deflate stream without an end.
    #[error("its packed data has no end: it was cut short")]
    Unended,
    /// More than declared.
    #[error("it unpacks to more than the {declared} bytes that it declares")]
    Longer {
        /// What the archive declares, in bytes.
        declared: u64,
    },
    /// Less than declared.
    #[error("it unpacks to {found} bytes and declares {declared}")]
    Shorter {
        /// What the archive declares, in bytes.
        declared: u64,
        /// What came out, in bytes.
        found: u64,
    },
    /// Bytes behind the end of the packed data.
    #[error("{count} bytes follow the end of its packed data")]
    Trailing {
        /// How many.
        count: u64,
    },
    /// Another checksum than declared.
    #[error("its checksum is {found:08x} and the archive declares {declared:08x}")]
    Crc {
        /// What the archive declares.
        declared: u32,
        /// What the content has.
        found: u32,
    },
}
