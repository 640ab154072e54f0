//! Pairs of files that differ as builds do: blocks move, references shift, passages come again
//! nearly the same, bytes come and go; and the odd ones: tiny, empty, equal, unrelated.

use proptest::prelude::*;
use proptest::test_runner::Config;

/// A base and a new file.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) base: Vec<u8>,
    pub(crate) new: Vec<u8>,
}

/// How many cases a test gets that takes so many percent of all pairs.
pub(crate) fn shared_out(percent: u32) -> Config {
    let scaled = std::env::var("PROPTEST_CASES").ok();
    let all = scaled.and_then(|cases| cases.parse().ok()).unwrap_or(PAIRS);
    Config {
        cases: (all / 100).max(1) * percent,
        failure_persistence: None,
        max_shrink_time: 20_000,
        ..Config::default()
    }
}

/// Mostly up to 2 KB; one in fifty is up to 64 KB.
pub(crate) fn pair() -> impl Strategy<Value = Pair> {
    prop_oneof![
        40 => structured(0..4, 600),
        4 => (tiny(), tiny()).prop_map(|(base, new)| Pair { base, new }),
        2 => piece(600).prop_map(|base| Pair { base: base.clone(), new: base }),
        1 => piece(600).prop_map(|base| Pair { base, new: Vec::new() }),
        1 => piece(600).prop_map(|new| Pair { base: Vec::new(), new }),
        1 => (piece(600), piece(600)).prop_map(|(base, new)| Pair { base, new }),
        1 => structured(2..5, 16_000),
    ]
}

/// Up to 1 KB and never without anything in common: for tests that inflate each many times over.
pub(crate) fn small_pair() -> impl Strategy<Value = Pair> {
    structured(1..3, 300)
}

/// The same pair in every run, of about so many bytes: tables of references, text, noise, zeros.
pub(crate) fn fixed_pair(size_bytes: usize) -> Pair {
    let pieces = [
        Piece::Noise(7),
        Piece::References(3),
        Piece::Phrase(5),
        Piece::Zeros,
    ];
    let quarter = size_bytes / 4;
    let base: Vec<u8> = pieces.iter().flat_map(|it| it.bytes(quarter)).collect();
    let half = u16::MAX / 2;
    let edits = [
        Edit::Move(half / 8, half / 6, half),
        Edit::Shift(half / 2 + 99, half / 3, 4),
        Edit::Insert(half / 3, Piece::Noise(11), 40),
        Edit::Repeat(half / 9, half / 9, half + half / 2, 3),
        Edit::Delete(half / 5, half / 60),
    ];
    let mut new = base.clone();
    edits.iter().for_each(|edit| edit.apply(&mut new));
    Pair { base, new }
}

/// Bytes of one kind.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Noise(u32),
    Zeros,
    /// A few bytes over and over.
    Phrase(u32),
    /// Four-byte addresses that grow, as in a table.
    References(u32),
}

impl Piece {
    fn bytes(self, length: usize) -> Vec<u8> {
        match self {
            Self::Zeros => vec![0; length],
            Self::Noise(seed) => noise(seed).take(length).collect(),
            Self::Phrase(seed) => {
                let phrase: Vec<u8> = noise(seed)
                    .take(3 + usize::from(seed.to_be_bytes()[3] % 40))
                    .collect();
                phrase.into_iter().cycle().take(length).collect()
            }
            Self::References(seed) => (0..)
                .flat_map(|n: u32| (seed.wrapping_add(n.wrapping_mul(24))).to_le_bytes())
                .take(length)
                .collect(),
        }
    }
}

/// What a new build does to the old one. Places and lengths are shares of the file, of 65,536.
#[derive(Clone, Debug)]
enum Edit {
    Move(u16, u16, u16),
    /// Each four bytes grow by this much.
    Shift(u16, u16, u32),
    Insert(u16, Piece, usize),
    Delete(u16, u16),
    Truncate(u16),
    /// A passage comes again, every so many bytes changed.
    Repeat(u16, u16, u16, usize),
    Flip(u16, u8),
}

impl Edit {
    fn apply(&self, file: &mut Vec<u8>) {
        let length = file.len();
        let place = move |share: u16| usize::from(share) * length / (1 << 16);
        let range = move |from: u16, count: u16| {
            let from = place(from);
            from..(from + place(count)).min(length)
        };
        match self {
            Self::Move(from, count, to) => {
                let block: Vec<u8> = file.drain(range(*from, *count)).collect();
                let to = place(*to).min(file.len());
                file.splice(to..to, block);
            }
            Self::Shift(from, count, delta) => {
                let range = range(*from, *count);
                for word in file[range].chunks_exact_mut(4) {
                    let old = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
                    word.copy_from_slice(&old.wrapping_add(*delta).to_le_bytes());
                }
            }
            Self::Insert(at, piece, count) => {
                let at = place(*at);
                file.splice(at..at, piece.bytes(*count));
            }
            Self::Delete(from, count) => drop(file.drain(range(*from, *count))),
            Self::Truncate(at) => file.truncate(place(*at)),
            Self::Repeat(from, count, to, every) => {
                let mut passage = file[range(*from, *count)].to_vec();
                let changed = passage.iter_mut().step_by(every + 2);
                changed.for_each(|byte| *byte = byte.wrapping_add(1));
                let to = place(*to);
                file.splice(to..to, passage);
            }
            Self::Flip(at, mask) => {
                let at = place(*at);
                file.iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= mask);
            }
        }
    }
}

fn structured(
    pieces: std::ops::Range<usize>,
    piece_bytes_max: usize,
) -> impl Strategy<Value = Pair> {
    let base = prop::collection::vec(piece(piece_bytes_max), pieces);
    let edits = prop::collection::vec(edit(piece_bytes_max), 0..6);
    (base, edits).prop_map(|(base, edits)| {
        let base = base.concat();
        let mut new = base.clone();
        edits.iter().for_each(|edit| edit.apply(&mut new));
        Pair { base, new }
    })
}

fn kind() -> impl Strategy<Value = Piece> {
    prop_oneof![
        3 => any::<u32>().prop_map(Piece::Noise),
        1 => Just(Piece::Zeros),
        2 => any::<u32>().prop_map(Piece::Phrase),
        2 => any::<u32>().prop_map(Piece::References),
    ]
}

fn piece(bytes_max: usize) -> impl Strategy<Value = Vec<u8>> {
    (kind(), 0..=bytes_max).prop_map(|(kind, length)| kind.bytes(length))
}

fn edit(bytes_max: usize) -> impl Strategy<Value = Edit> {
    let share = any::<u16>;
    let short = || any::<u16>().prop_map(|share| share / 4);
    prop_oneof![
        (share(), short(), share()).prop_map(|(from, count, to)| Edit::Move(from, count, to)),
        (share(), short(), any::<u32>()).prop_map(|(at, count, by)| Edit::Shift(at, count, by)),
        (share(), kind(), 0..bytes_max / 4).prop_map(|(at, kind, n)| Edit::Insert(at, kind, n)),
        (share(), short()).prop_map(|(from, count)| Edit::Delete(from, count)),
        share().prop_map(Edit::Truncate),
        (share(), short(), share(), 0..60_usize)
            .prop_map(|(from, count, to, every)| Edit::Repeat(from, count, to, every)),
        (share(), 1..=u8::MAX).prop_map(|(at, mask)| Edit::Flip(at, mask)),
    ]
}

fn tiny() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..=16),
        prop::collection::vec(0..2_u8, 0..=16),
    ]
}

/// Bytes without any pattern, the same for the same seed.
fn noise(seed: u32) -> impl Iterator<Item = u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(seed), next).map(|state| state.to_be_bytes()[0])
}

/// Pairs in a run that nobody scaled: as many as fit a minute on two cores;
/// `PROPTEST_CASES` scales it.
const PAIRS: u32 = 2_000;
