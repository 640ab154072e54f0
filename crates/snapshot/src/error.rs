//! Why a file could not be read as a snapshot or an engine.

use crate::container::Layout;

/// A file that this room could not read. Each message names what was expected and found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Neither ELF nor Mach-O.
    #[error("not an ELF or Mach-O file: it starts with {found}")]
    NotAContainer {
        /// The first bytes, in hex.
        found: String,
    },
    /// A Mach-O file for several machines at once.
    #[error(
        "a universal Mach-O file: take one machine out of it first, \
         e.g. `lipo IN -thin arm64 -output OUT`"
    )]
    Universal,
    /// A container of a shape that no Dart compiler writes.
    #[error("{what}; Dart writes little-endian ELF, or 64-bit little-endian Mach-O")]
    UnsupportedContainer {
        /// What it is instead.
        what: &'static str,
    },
    /// A container whose tables do not fit its own file.
    #[error("the {table} of the file cannot be read: {reason}")]
    BrokenContainer {
        /// Which table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// More entries than a Dart library has.
    #[error("the file declares {found} {what}; at most {limit} are read")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many are declared.
        found: u64,
        /// How many are read.
        limit: u64,
    },
    /// Two tables of one file that tell different loaders different things.
    #[error(
        "two readings of one file: {what}; \
         the loader and a tool would see different snapshots, so it is refused"
    )]
    TwoReadings {
        /// Which tables, and how they differ.
        what: String,
    },
    /// A container without any snapshot symbol.
    #[error(
        "a {container} file without a Dart snapshot: none of the symbols \
         _kDartVmSnapshotData (up to Dart 3.12) and _kDartSnapshotData (from 3.13) is in it"
    )]
    NotASnapshot {
        /// The container's word.
        container: &'static str,
    },
    /// Some symbols of a layout, not all.
    #[error("the {} layout's symbol {symbol} is missing", layout.word())]
    SymbolMissing {
        /// The layout whose other symbols are there.
        layout: Layout,
        /// The one that is not.
        symbol: &'static str,
    },
    /// Symbols of both layouts.
    #[error(
        "two readings of one file: the symbols of the split and of the unified layout are there; \
         which snapshot runs depends on the engine, so it is refused"
    )]
    BothLayouts,
    /// A symbol that points outside what the file loads.
    #[error(
        "the symbol {symbol} (address {address:#x}, {size} bytes) lies outside the loaded file"
    )]
    SymbolOutside {
        /// Its name.
        symbol: String,
        /// Where it points.
        address: u64,
        /// How large it says it is, in bytes.
        size: u64,
    },
    /// A data blob whose header cannot be read.
    #[error("the header of {symbol} cannot be read: {reason}")]
    BrokenHeader {
        /// The blob's symbol.
        symbol: &'static str,
        /// What is wrong with it.
        reason: HeaderFault,
    },
    /// A container that is no engine.
    #[error(
        "a {container} file that is no Dart runtime and no Flutter engine: \
         it names no snapshot symbol and holds no snapshot version"
    )]
    NotAnEngine {
        /// The container's word.
        container: &'static str,
    },
    /// A snapshot where an engine was asked for.
    #[error("a Dart snapshot, where an engine (dartaotruntime or Flutter's library) was expected")]
    SnapshotNotEngine,
}

/// What is wrong with a data blob's header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// The blob ends inside the header.
    #[error("it ends after {found} bytes, inside its header")]
    Short {
        /// How long the blob is, in bytes.
        found: u64,
    },
    /// Not the magic number.
    #[error("it starts with {found} where a snapshot starts with f5f5dcdc")]
    Magic {
        /// The first four bytes, in hex.
        found: String,
    },
    /// The version is not 32 lowercase hex digits.
    #[error("its version is not 32 lowercase hex digits: {found}")]
    Version {
        /// The bytes, escaped.
        found: String,
    },
    /// No NUL byte within reach.
    #[error("its features do not end within {limit} bytes")]
    FeaturesUnterminated {
        /// How far was looked, in bytes.
        limit: u64,
    },
    /// Bytes that no feature word has.
    #[error("its features hold bytes that are not printable ASCII: {found}")]
    FeaturesNotText {
        /// The bytes, escaped.
        found: String,
    },
}
