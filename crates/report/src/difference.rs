//! How two libraries that should be the same differ: facts for a report, without a verdict.

use schemars::JsonSchema;
use serde::Serialize;

/// Where and how a found library differs from the expected one.
///
/// Lists are cut to what a person reads; the counts beside them are whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Difference {
    /// What the expected library is called.
    pub expected_name: String,
    /// What the found library is called.
    pub found_name: String,
    /// Size of the expected library, in bytes.
    pub expected_size_bytes: u64,
    /// Size of the found library, in bytes.
    pub found_size_bytes: u64,
    /// Every region of either library, in the order of the expected one, also those that are equal.
    pub regions: Vec<RegionDifference>,
    /// The expected library in equal cells, from its first byte to its last: of each the share of
    /// bytes that differ at the same place of the same region, in percent, rounded up.
    pub map_percent: Vec<u8>,
    /// Functions that came, went or changed, by name; empty where a library carries no names.
    pub functions: Vec<FunctionDifference>,
    /// How many functions came, went or changed.
    pub functions_total: u64,
    /// Whether both libraries carry names of functions.
    pub functions_named: bool,
    /// Strings that only the expected library has.
    pub strings_gone: Vec<String>,
    /// How many there are.
    pub strings_gone_total: u64,
    /// Strings that only the found library has.
    pub strings_new: Vec<String>,
    /// How many there are.
    pub strings_new_total: u64,
}

/// One region of two libraries: a snapshot blob, a section, a header, or what lies between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RegionDifference {
    /// Its name, such as `_kDartIsolateSnapshotData` or `.symtab`.
    pub name: String,
    /// What it holds.
    pub kind: RegionKind,
    /// Where it lies in the expected library; null where that has none.
    pub expected: Option<Extent>,
    /// Where it lies in the found library; null where that has none.
    pub found: Option<Extent>,
    /// How many bytes differ: place by place from its start, and what one has more than the other.
    pub differing_bytes: u64,
    /// Where in the region the first difference is, in bytes from its start.
    pub first_difference_at: Option<u64>,
}

/// A stretch of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a stretch of a file is these two numbers"
)]
pub struct Extent {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// What a region of a library holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RegionKind {
    /// A data blob of the snapshot: objects, strings, tables.
    Data,
    /// Machine code of the snapshot.
    Code,
    /// The container's own headers and tables that a loader reads.
    Container,
    /// The build id note.
    #[serde(rename = "build-id")]
    BuildId,
    /// Names of functions and debugging information, which no loader maps.
    Symbols,
    /// Anything else, padding included.
    Other,
}

impl RegionKind {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Code => "code",
            Self::Container => "container",
            Self::BuildId => "build-id",
            Self::Symbols => "symbols",
            Self::Other => "other",
        }
    }
}

/// A function that is not the same in both libraries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FunctionDifference {
    /// Its name, as the symbol table has it.
    pub name: String,
    /// Its size in the expected library, in bytes; null where that has it not.
    pub expected_size_bytes: Option<u64>,
    /// Its size in the found library, in bytes; null where that has it not.
    pub found_size_bytes: Option<u64>,
}

impl RegionDifference {
    /// A region that is still to be compared.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: RegionKind) -> Self {
        Self {
            name: name.into(),
            kind,
            expected: None,
            found: None,
            differing_bytes: 0,
            first_difference_at: None,
        }
    }
}

impl FunctionDifference {
    /// A function and its two sizes.
    #[must_use]
    pub fn new(name: impl Into<String>, expected: Option<u64>, found: Option<u64>) -> Self {
        Self {
            name: name.into(),
            expected_size_bytes: expected,
            found_size_bytes: found,
        }
    }
}

impl Difference {
    /// How many bytes differ in all regions.
    #[must_use]
    pub fn differing_bytes(&self) -> u64 {
        self.regions
            .iter()
            .map(|region| region.differing_bytes)
            .sum()
    }

    /// The regions that differ.
    pub fn differing(&self) -> impl Iterator<Item = &RegionDifference> {
        self.regions
            .iter()
            .filter(|region| region.differing_bytes > 0)
    }
}
