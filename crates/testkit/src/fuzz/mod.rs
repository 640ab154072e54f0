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

/// Every target whose oracle is here, in the order in which the harness lists and smokes them.
pub static TARGETS: &[&Target] = &[
    &inflate_any::TARGET,
    &inflate_differential::TARGET,
    &patch_round_trip::TARGET,
    &patch_chunked::TARGET,
    &delta_inverse::TARGET,
    &delta_regions::TARGET,
    &snapshot_any::TARGET,
    &snapshot_differential::TARGET,
    &snapshot_mutate::TARGET,
    &archive_any::TARGET,
    &archive_differential::TARGET,
    &statement_any::TARGET,
    &statement_differential::TARGET,
    &protocol_any::TARGET,
    &lifecycle_events::TARGET,
    &storage_images::TARGET,
    &state_any::TARGET,
    &http_answers::TARGET,
    &report_any::TARGET,
];

/// The targets whose oracle calls unsafe code: it is in the library of the package `fuzz`
/// (`fuzz/src/NAME/`), which replays its inputs too, and gives it to [`run_as`].
pub static OUTSIDE: &[&Facts] = &[&capi_calls::FACTS];

/// The target that must crash: a harness that does not find this one's crash finds nothing.
pub static CANARY: &Target = &canary::TARGET;

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
    let all = TARGETS.iter().copied().chain([CANARY]);
    all.into_iter().find(|target| target.name == name)
}

/// What a fuzz target does with one input: holds the oracle to it and counts it.
///
/// # Panics
///
/// Where the claim is broken, and where no target has that name.
pub fn run(name: &'static str, data: &[u8]) {
    let Some(target) = target(name) else {
        unreachable!("no fuzz target is named `{name}`")
    };
    run_as(name, data, target.run);
}

/// [`run`] for an oracle that is elsewhere.
///
/// # Panics
///
/// Where the claim is broken.
pub fn run_as(name: &'static str, data: &[u8], oracle: impl FnOnce(&[u8]) -> Reached) {
    statistics::count(name, oracle(data));
}
