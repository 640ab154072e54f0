//! Why a patch could not be made or inflated, told apart by who is at fault.

/// Why a patch could not be inflated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// The patch does not follow its format: it is at fault, whatever the base.
    #[error("the patch is malformed: {0}")]
    Malformed(Malformed),
    /// The patch is well-formed and reads past the end of this base: it was made for a longer one.
    #[error("the patch reads the base up to byte {needed_bytes}, and the base has {base_bytes}")]
    OtherBase {
        /// How many bytes the base must at least have.
        needed_bytes: u64,
        /// How many it has.
        base_bytes: u64,
    },
    /// The patch says which base it is for, and this is another file.
    #[error("the patch is for the base {expected_sha256}, and this one is {found_sha256}")]
    NotThisBase {
        /// SHA-256 of the base that it is for, in hex.
        expected_sha256: String,
        /// SHA-256 of this one, in hex; or its length, where that tells already.
        found_sha256: String,
    },
    /// The patch was followed to its end, and the output is not what was to come out.
    #[error("the output should be {expected_sha256}, and it is {found_sha256}")]
    WrongOutput {
        /// SHA-256 of what should come out, in hex.
        expected_sha256: String,
        /// SHA-256 of what came out, in hex.
        found_sha256: String,
    },
    /// The patch needs a transform that is not known here.
    #[error("the patch needs transform {id}, which this version does not have: use a newer one")]
    UnknownTransform {
        /// Its id.
        id: u16,
    },
    /// The patch asks for more than a patch over this base may.
    #[error("the patch asks for more than {limit_value} {limit}")]
    OverLimit {
        /// Which limit.
        limit: Limit,
        /// Its value.
        limit_value: u64,
    },
    /// Both decoders took the patch and gave different bytes: a bug of ours.
    #[error("two decoders read this patch differently, first at byte {first_difference}: a bug")]
    DecodersDisagree {
        /// The first byte of the output in which they differ.
        first_difference: u64,
    },
}

/// What is wrong with a patch. Offsets count in the decompressed stream unless they say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Not a zstd frame, or a broken one.
    #[error("its zstd frame cannot be decompressed: {0}")]
    Frame(String),
    /// A header that is not in its one form, or that the streams contradict.
    #[error("its header: {0}")]
    Header(String),
    /// A column of the patch that is not in its one form, or that the others contradict.
    #[error("its column of {column}: {what}")]
    Column {
        /// Which column.
        column: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The output is longer or shorter than declared.
    #[error("its output should have {expected_bytes} bytes, and has {found_bytes}")]
    OutputLength {
        /// How many bytes were declared.
        expected_bytes: u64,
        /// How many came out, or would.
        found_bytes: u64,
    },
    /// Something stands behind the one zstd frame.
    #[error("something stands behind its zstd frame, {0} bytes long")]
    TrailingBytes(u64),
    /// The stream does not start with the magic number and version.
    #[error("its stream starts with {found}, expected dfb1000000100000")]
    Magic {
        /// The first bytes of the stream, in hex.
        found: String,
    },
    /// The stream ends inside a record.
    #[error("its stream ends inside the record at byte {record_at}")]
    Truncated {
        /// Where the record starts.
        record_at: u64,
    },
    /// A number that is longer than it needs to be, or larger than 64 bits.
    #[error("the number at byte {at} of its stream is not in its one form")]
    Varint {
        /// Where the number starts.
        at: u64,
    },
    /// A record that seeks to before the start of the base, or past what 64 bits count.
    #[error("the record at byte {record_at} of its stream seeks outside every base")]
    Seek {
        /// Where the record starts.
        record_at: u64,
    },
    /// What the reference decoder said where it refuses what the plain one takes.
    #[error("the decoder on devices refuses it: {0}")]
    Reference(String),
}

/// What a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of the decompressed stream.
    StreamBytes,
    /// Bytes of the inflated library.
    OutputBytes,
    /// Records in the stream.
    Records,
    /// Bytes of the zstd window.
    WindowBytes,
    /// Bytes of the stream for a transform.
    TransformBytes,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::StreamBytes => "bytes of decompressed stream",
            Self::OutputBytes => "bytes of output",
            Self::Records => "records",
            Self::WindowBytes => "bytes of zstd window",
            Self::TransformBytes => "bytes for its transform",
        })
    }
}

/// Why a patch could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MakeError {
    /// The compression level is not one of zstd's.
    #[error("the zstd level is {found}; it must be one of 1 to 22")]
    Level {
        /// The level asked for.
        found: i32,
    },
    /// The `shorebird` container has one codec.
    #[error("the shorebird container has zstd only; name the patchproof container for another")]
    CodecOfContainer,
    /// A library of 2 GiB or more: the search for matches counts in 31 bits.
    #[error("the {which} has {size_bytes} bytes; patches are made for files below 2 GiB")]
    TooLarge {
        /// `base` or `new file`.
        which: &'static str,
        /// Its size.
        size_bytes: u64,
    },
    /// A new file that no patch over this base may give.
    #[error(
        "the new file has {size_bytes} bytes; over this base a patch may give {limit_bytes}, four \
         times the base and 64 MiB: are base and new file builds of one app?"
    )]
    TooMuchNew {
        /// Its size.
        size_bytes: u64,
        /// What a patch over this base may give.
        limit_bytes: u64,
    },
    /// The compressor failed.
    #[error("the patch could not be compressed: {0}")]
    Compress(#[source] std::io::Error),
    /// The patch was made, and does not inflate to the new file: a bug of ours.
    #[error("the patch that was made does not inflate to the new file: a bug ({detail})")]
    NotReproduced {
        /// What went wrong.
        detail: String,
    },
}
