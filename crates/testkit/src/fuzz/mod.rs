//! The oracles that fuzzing holds the product to: plain functions over any bytes, which panic where
//! a claim is broken. A fuzz target calls one; a test on stable Rust replays inputs through them.

mod statistics;

// What several oracles read their inputs with.
mod archives;
mod choices;
mod delta;
mod documents;
mod edits;
mod json_edits;
mod json_forms;
mod libraries;
mod noise;
mod patch_case;
mod patch_columns;
mod real;
mod sections;
mod zstd_frames;

// The targets, in the order of `TARGETS`.
mod archive_any;
mod archive_differential;
mod canary;
mod delta_inverse;
mod delta_regions;
mod http_answers;
mod inflate_any;
mod inflate_differential;
mod lifecycle_events;
mod patch_chunked;
mod patch_round_trip;
mod protocol_any;
mod report_any;
mod snapshot_any;
mod snapshot_differential;
mod snapshot_mutate;
mod state_any;
mod statement_any;
mod statement_differential;
mod storage_images;

// Facts of targets whose oracle is not here.
mod capi_calls;

pub use real::from_file;
pub use statistics::Statistics;

// Each by a name of its own: a binary that names one has that oracle in it, and no other. libFuzzer
// looks at all that is in it after each input.
pub use archive_any::TARGET as ARCHIVE_ANY;
pub use archive_differential::TARGET as ARCHIVE_DIFFERENTIAL;
pub use canary::TARGET as CANARY;
pub use delta_inverse::TARGET as DELTA_INVERSE;
pub use delta_regions::TARGET as DELTA_REGIONS;
pub use http_answers::TARGET as HTTP_ANSWERS;
pub use inflate_any::TARGET as INFLATE_ANY;
pub use inflate_differential::TARGET as INFLATE_DIFFERENTIAL;
pub use lifecycle_events::TARGET as LIFECYCLE_EVENTS;
pub use patch_chunked::TARGET as PATCH_CHUNKED;
pub use patch_round_trip::TARGET as PATCH_ROUND_TRIP;
pub use protocol_any::TARGET as PROTOCOL_ANY;
pub use report_any::TARGET as REPORT_ANY;
pub use snapshot_any::TARGET as SNAPSHOT_ANY;
pub use snapshot_differential::TARGET as SNAPSHOT_DIFFERENTIAL;
pub use snapshot_mutate::TARGET as SNAPSHOT_MUTATE;
pub use state_any::TARGET as STATE_ANY;
pub use statement_any::TARGET as STATEMENT_ANY;
pub use statement_differential::TARGET as STATEMENT_DIFFERENTIAL;
pub use storage_images::TARGET as STORAGE_IMAGES;

/// Every target whose oracle is here, in the order in which the harness lists and smokes them.
pub static TARGETS: &[&Target] = &[
    &INFLATE_ANY,
    &INFLATE_DIFFERENTIAL,
    &PATCH_ROUND_TRIP,
    &PATCH_CHUNKED,
    &DELTA_INVERSE,
    &DELTA_REGIONS,
    &SNAPSHOT_ANY,
    &SNAPSHOT_DIFFERENTIAL,
    &SNAPSHOT_MUTATE,
    &ARCHIVE_ANY,
    &ARCHIVE_DIFFERENTIAL,
    &STATEMENT_ANY,
    &STATEMENT_DIFFERENTIAL,
    &PROTOCOL_ANY,
    &LIFECYCLE_EVENTS,
    &STORAGE_IMAGES,
    &STATE_ANY,
    &HTTP_ANSWERS,
    &REPORT_ANY,
];

/// The targets whose oracle calls unsafe code: it is in the library of the package `fuzz`
/// (`fuzz/src/NAME/`), which replays its inputs too, and gives it to [`run_as`].
pub static OUTSIDE: &[&Facts] = &[&capi_calls::FACTS];

/// A fuzz target: an oracle and what is known about it.
#[non_exhaustive]
pub struct Target {
    /// The name of the target and of its binary.
    pub name: &'static str,
    /// What is claimed, in one line.
    pub about: &'static str,
    /// What "reached the depth" means here, in one line.
    pub depth: &'static str,
    /// Panics where the claim is broken for these bytes.
    pub run: fn(&[u8]) -> Reached,
    /// Made inputs, small and always the same: file names and bytes.
    pub seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// Tokens of the format, or none.
    pub dictionary: &'static [&'static [u8]],
    /// The longest input that is tried.
    pub bytes_max: usize,
}

/// What the harness knows of a target, wherever its oracle is; the fields are those of [`Target`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Facts {
    /// The name of the target and of its binary.
    pub name: &'static str,
    /// What is claimed, in one line.
    pub about: &'static str,
    /// What "reached the depth" means here, in one line.
    pub depth: &'static str,
    /// Made inputs, small and always the same: file names and bytes.
    pub seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// Tokens of the format, or none.
    pub dictionary: &'static [&'static [u8]],
    /// The longest input that is tried.
    pub bytes_max: usize,
}

/// How far an input came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// It was turned away early, and little was tried.
    Surface,
    /// It came to what the target is there for.
    Depth,
}

impl Target {
    /// What is known of it without its oracle.
    #[must_use]
    pub const fn facts(&self) -> Facts {
        Facts {
            name: self.name,
            about: self.about,
            depth: self.depth,
            seeds: self.seeds,
            dictionary: self.dictionary,
            bytes_max: self.bytes_max,
        }
    }
}

/// The facts of every target, those of [`OUTSIDE`] last; the canary is not among them.
#[must_use]
pub fn every() -> Vec<Facts> {
    let here = TARGETS.iter().map(|target| target.facts());
    here.chain(OUTSIDE.iter().map(|&&facts| facts)).collect()
}

/// The target of that name, with its oracle; the canary too.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    let all = TARGETS.iter().copied().chain([&CANARY]);
    all.into_iter().find(|target| target.name == name)
}

/// What a fuzz target does with one input: holds the oracle to it and counts it.
///
/// # Panics
///
/// Where the claim is broken.
pub fn run(target: &Target, data: &[u8]) {
    run_as(target.name, data, target.run);
}

/// [`run`] for an oracle that is elsewhere.
///
/// # Panics
///
/// Where the claim is broken.
pub fn run_as(name: &'static str, data: &[u8], oracle: impl FnOnce(&[u8]) -> Reached) {
    statistics::count(name, oracle(data));
}
