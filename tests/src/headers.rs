//! Edits of real snapshots' headers: one field at a time, in place.

use patchproof_snapshot::{DataBlob, Snapshot};

/// What must be the same between the VM's answer and the prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the tests of this package must cover each"
)]
pub enum Expected {
    /// How the process ends.
    SameEnd,
    /// Whether it is refused for its features: a word of another length moves what follows, and
    /// what the VM makes of that once the header has passed is not the header's matter.
    SameAnswerOnFeatures,
}

/// One edit of a header.
#[derive(Clone, Debug)]
pub struct Edit {
    name: String,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Kind(i64),
    Length(i64),
    /// Replaces the start of the version.
    Version(&'static [u8]),
    /// Replaces bytes of the features by as many others.
    Word(&'static [u8], &'static [u8]),
    /// Replaces, one after the other, each feature word that the snapshot has by its opposite, in
    /// every blob and whatever its length; what follows moves.
    Flags,
    Magic,
}

/// Every edit there is.
#[must_use]
pub fn edits() -> Vec<Edit> {
    let kinds = [0, 1, 2, 3, 4, 5, 99, -1].map(Change::Kind);
    let lengths =
        [0, 1, 47, 60, 100, -1, -5, -100, i64::MIN, 1 << 40, i64::MAX].map(Change::Length);
    let words: [(&[u8], &[u8]); 6] = [
        (b"product", b"Product"),
        (b"product", b"debug  "),
        (b" x64 ", b" a64 "),
        (b" linux ", b" macos "),
        (b"no-code_comments", b"co-code_comments"),
        (b"compressed-pointers", b"compressed-pointerx"),
    ];
    let changes = kinds
        .into_iter()
        .chain(lengths)
        .chain([Change::Version(b"ffff"), Change::Magic])
        .chain(words.map(|(from, to)| Change::Word(from, to)))
        .chain([Change::Flags]);
    changes
        .map(|change| Edit {
            name: change.name(),
            change,
        })
        .collect()
}

impl Edit {
    /// A name for a trial.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the prediction must have in common with the VM's answer.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        match self.change {
            Change::Flags => Expected::SameAnswerOnFeatures,
            _ => Expected::SameEnd,
        }
    }

    /// How many edited libraries there are at least; fewer mean that the edit missed its aim.
    #[must_use]
    pub const fn libraries_min(&self) -> usize {
        match self.change {
            Change::Flags => 6,
            _ => 1,
        }
    }

    /// The edited libraries, each with what was edited.
    #[must_use]
    pub fn apply(&self, library: &[u8], snapshot: &Snapshot) -> Vec<(String, Vec<u8>)> {
        if matches!(self.change, Change::Flags) {
            let flipped = |(from, to): &(&str, &str)| {
                Some((
                    format!("{from} to {to}"),
                    with_flag(library, snapshot, from, to)?,
                ))
            };
            return FLAGS.iter().filter_map(flipped).collect();
        }
        let mut libraries = Vec::new();
        for blob in snapshot.blobs() {
            let mut edited = library.to_vec();
            if self.change.in_place(&mut edited, blob, at(snapshot, blob)) {
                libraries.push((blob.symbol.to_owned(), edited));
            }
        }
        libraries
    }
}

impl Change {
    fn name(&self) -> String {
        match self {
            Self::Kind(kind) => format!("kind_{kind}"),
            Self::Length(length) => format!("length_{length}"),
            Self::Version(_) => "another_version".to_owned(),
            Self::Magic => "magic".to_owned(),
            Self::Word(from, to) => format!("{}_to_{}", from.escape_ascii(), to.escape_ascii()),
            Self::Flags => "each_flag_flipped".to_owned(),
        }
    }

    fn in_place(&self, library: &mut [u8], blob: &DataBlob, start: usize) -> bool {
        match self {
            Self::Magic => put(library, start, b"\xf5\xf5\xdc\xdd"),
            Self::Length(length) => put(library, start + 4, &length.to_le_bytes()),
            Self::Kind(kind) => put(library, start + 12, &kind.to_le_bytes()),
            Self::Version(version) => put(library, start + 20, version),
            Self::Word(from, to) => {
                let features = blob.header.features.as_bytes();
                let found = features
                    .windows(from.len())
                    .position(|window| window == *from);
                found.is_some_and(|found| put(library, start + FEATURES_AT + found, to))
            }
            Self::Flags => false,
        }
    }
}

fn with_flag(library: &[u8], snapshot: &Snapshot, from: &str, to: &str) -> Option<Vec<u8>> {
    let mut edited = library.to_vec();
    let mut blobs = snapshot.blobs();
    blobs
        .all(|blob| flag(&mut edited, blob, at(snapshot, blob), from, to))
        .then_some(edited)
}

/// Replaces a word and moves the rest of the clustered part, as a compiler would have written it.
fn flag(library: &mut [u8], blob: &DataBlob, start: usize, from: &str, to: &str) -> bool {
    let words: Vec<&str> = blob.header.features.split(' ').collect();
    if !words.contains(&from) {
        return false;
    }
    let swapped = words
        .iter()
        .map(|word| if *word == from { to } else { word });
    let features = swapped.collect::<Vec<_>>().join(" ");
    let old_end = start + FEATURES_AT + blob.header.features.len();
    let clustered_end = start + 4 + usize::try_from(blob.header.length).unwrap_or(0);
    let mut moved = features.clone().into_bytes();
    moved.extend(library.get(old_end..clustered_end).unwrap_or_default());
    let shift = i64::try_from(features.len()).unwrap_or(0)
        - i64::try_from(blob.header.features.len()).unwrap_or(0);
    let length = blob.header.length + shift;
    put(library, start + FEATURES_AT, &moved) && put(library, start + 4, &length.to_le_bytes())
}

fn at(snapshot: &Snapshot, blob: &DataBlob) -> usize {
    let symbol = snapshot
        .symbols
        .iter()
        .find(|symbol| symbol.name == blob.symbol);
    symbol
        .and_then(|symbol| usize::try_from(symbol.offset).ok())
        .unwrap_or(usize::MAX)
}

fn put(library: &mut [u8], at: usize, bytes: &[u8]) -> bool {
    let place = at
        .checked_add(bytes.len())
        .and_then(|end| library.get_mut(at..end));
    place.map(|place| place.copy_from_slice(bytes)).is_some()
}

/// Feature words with an opposite, as compilers write them; no compiler writes them all.
const FLAGS: [(&str, &str); 9] = [
    ("no-code_comments", "code_comments"),
    ("no-dwarf_stack_traces", "dwarf_stack_traces"),
    ("no-dwarf_stack_traces_mode", "dwarf_stack_traces_mode"),
    ("no-shared_data", "shared_data"),
    ("no-tsan", "tsan"),
    ("no-msan", "msan"),
    ("no-asan", "asan"),
    ("dedup_instructions", "no-dedup_instructions"),
    ("no-compressed-pointers", "compressed-pointers"),
];

const FEATURES_AT: usize = 52;
