//! Random changes to a file.

use std::ops::Range;

use proptest::prelude::{BoxedStrategy, Just, Strategy as _, any, prop_oneof};
use proptest::sample::Index;

/// One change.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    /// Flips bits of one byte.
    Flip { at: Place, mask: u8 },
    /// Overwrites an aligned little-endian number of 2, 4 or 8 bytes.
    Number {
        at: Place,
        width: usize,
        value: Value,
    },
    /// Cuts the file off.
    Truncate { at: Place },
    /// Copies a range over another.
    Copy {
        from: Place,
        to: Place,
        length: usize,
    },
    /// Swaps two ranges.
    Swap {
        one: Place,
        other: Place,
        length: usize,
    },
    /// Puts a copy of a range in, so that all behind it moves.
    Insert {
        from: Place,
        to: Place,
        length: usize,
    },
}

/// A position, mostly inside a table.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    table: Index,
    offset: Index,
    anywhere: bool,
}

/// A number that readers trip over.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Fixed(u64),
    /// The file's length and a little.
    NearLength(i8),
    /// What stands there and a little.
    NearOld(i8),
    /// The bits that stand there, one of them flipped.
    BitOfOld(u32),
    /// What stands elsewhere.
    Elsewhere(Place),
}

/// One to six changes.
pub(crate) fn mutations() -> BoxedStrategy<Vec<Mutation>> {
    proptest::collection::vec(mutation(), 1..=6).boxed()
}

fn mutation() -> BoxedStrategy<Mutation> {
    let length = || {
        prop_oneof![
            Just(8_usize),
            Just(16),
            Just(24),
            Just(40),
            Just(56),
            1..512_usize
        ]
    };
    let number = (
        place(),
        prop_oneof![Just(2_usize), Just(4), Just(8)],
        value(),
    );
    prop_oneof![
        2 => (place(), 1..=u8::MAX).prop_map(|(at, mask)| Mutation::Flip { at, mask }),
        12 => number.prop_map(|(at, width, value)| Mutation::Number { at, width, value }),
        1 => place().prop_map(|at| Mutation::Truncate { at }),
        2 => (place(), place(), length())
            .prop_map(|(from, to, length)| Mutation::Copy { from, to, length }),
        1 => (place(), place(), length())
            .prop_map(|(one, other, length)| Mutation::Swap { one, other, length }),
        1 => (place(), place(), length())
            .prop_map(|(from, to, length)| Mutation::Insert { from, to, length }),
    ]
    .boxed()
}

fn place() -> impl proptest::strategy::Strategy<Value = Place> {
    let rarely = proptest::bool::weighted(0.05);
    (any::<Index>(), any::<Index>(), rarely).prop_map(|(table, offset, anywhere)| Place {
        table,
        offset,
        anywhere,
    })
}

fn value() -> BoxedStrategy<Value> {
    let fixed = proptest::sample::select(FIXED.as_slice()).prop_map(Value::Fixed);
    prop_oneof![
        4 => fixed,
        2 => (-2..=2_i8).prop_map(Value::NearLength),
        2 => (-16..=16_i8).prop_map(Value::NearOld),
        2 => (0..64_u32).prop_map(Value::BitOfOld),
        2 => place().prop_map(Value::Elsewhere),
    ]
    .boxed()
}

impl Mutation {
    /// Changes the file, whose tables are at these ranges.
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>, tables: &[Range<usize>]) {
        let at = |place: &Place, bytes: &[u8]| place.of(bytes, tables);
        match self {
            Self::Flip { at: place, mask } => {
                let at = at(place, bytes);
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= mask);
            }
            Self::Number {
                at: place,
                width,
                value,
            } => {
                let at = at(place, bytes) / width * width;
                let value = value.over(bytes, at, *width, tables).to_le_bytes();
                put(bytes, at, value.get(..*width).unwrap_or_default());
            }
            Self::Truncate { at: place } => bytes.truncate(at(place, bytes)),
            Self::Copy { from, to, length } => {
                let copied = part(bytes, at(from, bytes), *length);
                let to = at(to, bytes);
                put(bytes, to, &copied);
            }
            Self::Swap { one, other, length } => {
                let (one, other) = (at(one, bytes), at(other, bytes));
                let (first, second) = (part(bytes, one, *length), part(bytes, other, *length));
                put(bytes, one, &second);
                put(bytes, other, &first);
            }
            Self::Insert { from, to, length } => {
                let (copied, to) = (part(bytes, at(from, bytes), *length), at(to, bytes));
                bytes.splice(to..to, copied);
            }
        }
    }
}

impl Place {
    fn of(&self, bytes: &[u8], tables: &[Range<usize>]) -> usize {
        if bytes.is_empty() {
            return 0;
        }
        let table = (!self.anywhere && !tables.is_empty()).then(|| self.table.get(tables));
        let table = table.filter(|table| table.end <= bytes.len());
        table.map_or_else(
            || self.offset.index(bytes.len()),
            |table| table.start + self.offset.index(table.len().max(1)),
        )
    }
}

impl Value {
    fn over(&self, bytes: &[u8], at: usize, width: usize, tables: &[Range<usize>]) -> u64 {
        let old = || number(bytes, at, width);
        match self {
            Self::Fixed(value) => *value,
            Self::NearLength(more) => near(u64::try_from(bytes.len()).unwrap_or(0), *more),
            Self::NearOld(more) => near(old(), *more),
            Self::BitOfOld(bit) => old() ^ 1_u64.wrapping_shl(*bit),
            Self::Elsewhere(place) => number(bytes, place.of(bytes, tables) / width * width, width),
        }
    }
}

fn near(value: u64, more: i8) -> u64 {
    value.wrapping_add_signed(more.into())
}

fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    let digits = bytes.iter().skip(at).take(width);
    digits
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn part(bytes: &[u8], at: usize, length: usize) -> Vec<u8> {
    bytes.iter().skip(at).take(length).copied().collect()
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes
        .iter_mut()
        .skip(at)
        .zip(new)
        .for_each(|(old, new)| *old = *new);
}

const FIXED: [u64; 12] = [
    0,
    1,
    8,
    0x10,
    0x1000,
    0x7fff_ffff,
    1 << 31,
    0xffff_fff0,
    0xffff_ffff,
    1 << 63,
    u64::MAX - 0xfff,
    u64::MAX,
];
