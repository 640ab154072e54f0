//! Where the bytes of a patch with this transform go, counted without a base.

use patchproof_patch::{InflateError, Shares, Streams};

use crate::inflate::side::{Kind, Piece, Region, Side};

/// What bytes of a patch are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// Ids of objects and numbers in the clusters that moved in a way of their own.
    References,
    /// Bytes of the clusters that are in no base.
    NewObjects,
    /// The entries of the dispatch table.
    DispatchTable,
    /// Starts of functions, stack maps, and the orders of both.
    InstructionsTable,
    /// Machine code.
    Text,
    /// Read-only objects: strings, and what describes code.
    Strings,
    /// Symbol tables and debugging sections.
    Symbols,
    /// Headers of the file, and the list of its regions.
    Other,
}

/// A part, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// Which.
    pub part: Part,
    /// Bytes of control, gaps, changes, literals and the transform's stream, before they are
    /// packed.
    pub decoded_bytes: [u64; 5],
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::References,
        Self::NewObjects,
        Self::DispatchTable,
        Self::InstructionsTable,
        Self::Text,
        Self::Strings,
        Self::Symbols,
        Self::Other,
    ];

    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::References => "references",
            Self::NewObjects => "new objects",
            Self::DispatchTable => "dispatch table",
            Self::InstructionsTable => "instructions table",
            Self::Text => "text",
            Self::Strings => "strings",
            Self::Symbols => "symbols",
            Self::Other => "other",
        }
    }

    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Raw => Self::Other,
            Kind::Image => Self::Strings,
            Kind::Cluster => Self::References,
            Kind::Dispatch => Self::DispatchTable,
            Kind::Instructions => Self::InstructionsTable,
            Kind::Arm | Kind::Arm64 | Kind::X64 | Kind::Riscv64 => Self::Text,
            Kind::Records => Self::Symbols,
        }
    }
}

/// Counts for each part what it takes of a patch's streams. Every byte counts once.
///
/// # Errors
/// [`InflateError::Malformed`] where a stream is not in its one form.
pub fn account(streams: &Streams) -> Result<Vec<Account>, InflateError> {
    let side = Side::read(streams.transform())?;
    let lengths: Vec<u64> = side.output.iter().map(|region| region.bytes).collect();
    let mut counted = Counted::default();
    let shares = streams.shared_out(&lengths)?;
    for (region, shares) in side.output.iter().zip(shares) {
        counted.region(region, shares);
    }
    for (part, bytes) in measured(streams.transform())? {
        counted.count(part, TRANSFORM, bytes);
    }
    Ok(counted.accounts())
}

#[derive(Default)]
struct Counted {
    parts: [[u64; 5]; 8],
}

impl Counted {
    fn region(&mut self, region: &Region, [control, gaps, changes, literals]: Shares) {
        let part = Part::of(region.kind);
        let new = match part {
            Part::References => Part::NewObjects,
            other => other,
        };
        self.count(part, 0, control);
        self.count(part, 1, gaps);
        self.count(part, 2, changes);
        self.count(new, 3, literals);
    }

    fn count(&mut self, part: Part, stream: usize, bytes: u64) {
        let at = Part::ALL.iter().position(|known| *known == part);
        let counts = at.and_then(|at| self.parts.get_mut(at));
        if let Some(count) = counts.and_then(|counts| counts.get_mut(stream)) {
            *count = count.saturating_add(bytes);
        }
    }

    fn accounts(self) -> Vec<Account> {
        let parts = Part::ALL.into_iter().zip(self.parts);
        let account = |(part, decoded_bytes)| Account {
            part,
            decoded_bytes,
        };
        parts.map(account).collect()
    }
}

/// How long the pieces of the transform's stream are, and what each is for.
fn measured(side: &[u8]) -> Result<Vec<(Part, u64)>, InflateError> {
    let mut pieces = Vec::new();
    let mut left = side.len();
    Side::read_telling(side, &mut |piece, numbers| {
        let taken = left.saturating_sub(numbers.left().len());
        left = numbers.left().len();
        pieces.push((part_of(piece), u64::try_from(taken).unwrap_or(u64::MAX)));
    })?;
    Ok(pieces)
}

const fn part_of(piece: Piece) -> Part {
    match piece {
        Piece::Regions => Part::Other,
        Piece::References | Piece::Columns => Part::References,
        Piece::Codes => Part::DispatchTable,
        Piece::Code => Part::Text,
        Piece::Layout => Part::Symbols,
        Piece::Orders => Part::InstructionsTable,
    }
}

const TRANSFORM: usize = 4;
