//! Changes to patches: to their bytes as they are, and to what is inside, packed again.

use patchproof_tests::patches::{Columns, frame, number, stream};
use proptest::prelude::*;

/// One change to some bytes; places are shares of them, of 65,536.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Flip(u16, u8),
    Cut(u16),
    Remove(u16, u8),
    Double(u16, u8),
    Put(u16, Vec<u8>),
    /// A number grows to this one.
    Number(u16, u64),
}

impl Mutation {
    pub(crate) fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        let place = |share: u16| usize::from(share) * bytes.len() / (1 << 16);
        let range = |from: u16, count: u8| {
            let from = place(from);
            from..(from + usize::from(count)).min(bytes.len())
        };
        match self {
            Self::Flip(at, mask) => {
                out.iter_mut()
                    .skip(place(*at))
                    .take(1)
                    .for_each(|byte| *byte ^= mask);
            }
            Self::Cut(at) => out.truncate(place(*at)),
            Self::Remove(from, count) => drop(out.drain(range(*from, *count))),
            Self::Double(from, count) => {
                let range = range(*from, *count);
                out.splice(range.start..range.start, bytes[range].to_vec());
            }
            Self::Put(at, new) => drop(out.splice(range(*at, 2), new.iter().copied())),
            Self::Number(at, value) => drop(out.splice(range(*at, 1), number(*value))),
        }
        out
    }
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let share = any::<u16>;
    let few = || 1..20_u8;
    prop_oneof![
        3 => (share(), 1..=u8::MAX).prop_map(|(at, mask)| Mutation::Flip(at, mask)),
        1 => share().prop_map(Mutation::Cut),
        1 => (share(), few()).prop_map(|(from, count)| Mutation::Remove(from, count)),
        1 => (share(), few()).prop_map(|(from, count)| Mutation::Double(from, count)),
        1 => (share(), prop::collection::vec(any::<u8>(), 0..4))
            .prop_map(|(at, new)| Mutation::Put(at, new)),
        2 => (share(), extreme()).prop_map(|(at, value)| Mutation::Number(at, value)),
    ]
}

/// Numbers at which counting goes wrong.
pub(crate) fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        prop::sample::select(EXTREMES.to_vec()),
        0..300_u64,
        any::<u64>()
    ]
}

/// Changes a `shorebird` patch's stream and packs it again.
pub(crate) fn stream_with(patch: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    let whole = zstd::decode_all(patch).unwrap();
    let changed = |bytes: Vec<u8>, it: &Mutation| it.of(&bytes);
    let records = mutations.iter().fold(whole[8..].to_vec(), changed);
    frame(&stream(&records))
}

/// Changes columns of a `patchproof` patch and packs them again; where `promised`, under a header
/// that promises what then comes out.
pub(crate) fn columns_with(
    patch: &[u8],
    base: &[u8],
    mutations: &[(usize, Mutation)],
    promised: bool,
) -> Vec<u8> {
    let mut taken_apart = Columns::of(patch);
    for (which, mutation) in mutations {
        let column = &mut taken_apart.columns[which % 4];
        *column = mutation.of(column);
    }
    if promised {
        let output = taken_apart.followed(base, 1 << 16);
        let length = u64::try_from(output.len()).unwrap();
        taken_apart.output = (length, patchproof_tests::patches::sha256(&output));
    }
    taken_apart.build()
}

pub(crate) const EXTREMES: [u64; 12] = [
    0,
    1,
    127,
    128,
    1 << 16,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX,
];
