//! What a runtime or Flutter engine shows of the snapshots that it takes.
//!
//! An engine stores its snapshot version as a string literal, the names of the symbols that it
//! looks up, and each feature word as a literal of its own. Nothing here is guessed: what several
//! strings could mean is kept as several.

use aho_corasick::AhoCorasick;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::container::{Arch, Container, Layout, Os};
use crate::error::ReadError;
use crate::image::Image;
use crate::snapshot::has_snapshot_symbols;
use crate::version_literal;

/// The program around a VM, by the library that it looks up in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Embedder {
    /// Flutter: looks up `dart:ui`.
    Flutter,
    /// dartaotruntime: looks up `dart:_builtin`.
    Standalone,
}

impl Embedder {
    /// The library that it looks up.
    #[must_use]
    pub const fn library(self) -> &'static str {
        match self {
            Self::Flutter => "dart:ui",
            Self::Standalone => "dart:_builtin",
        }
    }

    /// What a person calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flutter => "Flutter",
            Self::Standalone => "the plain Dart runtime",
        }
    }
}

/// A dartaotruntime or a Flutter engine, as far as its bytes show what it takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Engine<'a> {
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
    /// Size of the whole file, in bytes.
    pub size: u64,
    /// The container it is in itself.
    pub container: Container,
    /// The machine it is for.
    pub arch: Arch,
    /// The system it is for, where container or words show exactly one.
    pub os: Option<Os>,
    /// The layout whose symbols it looks up, where it names exactly one.
    pub layout: Option<Layout>,
    /// Every string that could be the snapshot version it takes; one in all engines we know.
    pub versions: Vec<&'a str>,
    /// The Dart version it names, such as `3.10.4 (stable) (Tue ...) on "linux_x64"`.
    pub dart_version: Option<&'a str>,
    /// What it is, where it looks up exactly one of the two libraries.
    pub embedder: Option<Embedder>,
    /// The parts of the file that are mapped, where literals stand.
    pub(crate) areas: Vec<&'a [u8]>,
}

impl<'a> Engine<'a> {
    /// Reads an engine.
    ///
    /// # Errors
    /// [`ReadError`] where the file is no container, is a snapshot, or shows no sign of a VM.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let image = Image::read(bytes)?;
        if has_snapshot_symbols(&image) {
            return Err(ReadError::SnapshotNotEngine);
        }
        let areas: Vec<&[u8]> = image.mapped().collect();
        let marks = Marks::find(&areas)?;
        let mut versions: Vec<&str> = areas
            .iter()
            .flat_map(|area| version_literal::candidates(area))
            .collect();
        versions.sort_unstable();
        versions.dedup();
        let layout = one(&LAYOUTS, |at| marks.has(LAYOUT_MARKS + at));
        if versions.is_empty() && !(0..LAYOUTS.len()).any(|at| marks.has(LAYOUT_MARKS + at)) {
            return Err(ReadError::NotAnEngine {
                container: image.container.word(),
            });
        }
        Ok(Self {
            sha256: Sha256::digest(bytes).into(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            container: image.container,
            arch: image.arch,
            os: image
                .os
                .or_else(|| one(&Os::ALL, |at| marks.has(OS_MARKS + at))),
            layout,
            versions,
            dart_version: marks.dart_version,
            embedder: one(&EMBEDDERS, |at| marks.has(EMBEDDER_MARKS + at)),
            areas,
        })
    }
}

/// The one member that stands there; `None` for none or several.
fn one<T: Copy>(members: &[T], stands: impl Fn(usize) -> bool) -> Option<T> {
    let mut found = members
        .iter()
        .enumerate()
        .filter(|(at, _)| stands(*at))
        .map(|(_, member)| *member);
    found.next().filter(|_| found.next().is_none())
}

/// Which of the literals that make an engine stand in a file, found in one pass.
struct Marks<'a> {
    found: Vec<bool>,
    dart_version: Option<&'a str>,
}

impl<'a> Marks<'a> {
    fn find(areas: &[&'a [u8]]) -> Result<Self, ReadError> {
        let patterns = patterns();
        let broken = |error: aho_corasick::BuildError| ReadError::BrokenContainer {
            table: "literals",
            reason: error.to_string(),
        };
        let search = AhoCorasick::new(&patterns).map_err(broken)?;
        let mut marks = Self {
            found: vec![false; patterns.len()],
            dart_version: None,
        };
        for area in areas {
            for hit in search.find_overlapping_iter(*area) {
                let at = hit.pattern().as_usize();
                if at >= CHANNEL_MARKS {
                    marks.dart_version = marks
                        .dart_version
                        .or_else(|| whole_literal(area, hit.start()));
                }
                if let Some(found) = marks.found.get_mut(at) {
                    *found = true;
                }
            }
        }
        Ok(marks)
    }

    fn has(&self, at: usize) -> bool {
        self.found.get(at).copied().unwrap_or(false)
    }
}

/// The marks, in the order that the `*_MARKS` offsets say. The trailing NUL makes each the end of a
/// literal; linkers merge a literal into the tail of a longer one, so the start may be anything.
fn patterns() -> Vec<String> {
    let layouts = LAYOUTS
        .iter()
        .map(|layout| format!("{}\0", layout.first_symbol()));
    let embedders = EMBEDDERS
        .iter()
        .map(|embedder| format!("{}\0", embedder.library()));
    let systems = Os::ALL.iter().map(|os| format!(" {}\0", os.word()));
    let channels = CHANNELS.iter().map(|channel| format!(" ({channel}) ("));
    layouts
        .chain(embedders)
        .chain(systems)
        .chain(channels)
        .collect()
}

/// The printable text around a position, if it starts like a version and ends with NUL.
fn whole_literal(area: &[u8], at: usize) -> Option<&str> {
    let printable = |byte: &&u8| matches!(**byte, b' '..=b'~');
    let before = area
        .get(..at)?
        .iter()
        .rev()
        .take(LITERAL_BYTES_MAX)
        .take_while(printable)
        .count();
    let after = area
        .get(at..)?
        .iter()
        .take(LITERAL_BYTES_MAX)
        .take_while(printable)
        .count();
    let text = std::str::from_utf8(area.get(at - before..at + after)?).ok()?;
    let ends = area.get(at + after) == Some(&0);
    (ends && text.starts_with(|first: char| first.is_ascii_digit())).then_some(text)
}

const LAYOUTS: [Layout; 2] = [Layout::Split, Layout::Unified];
const EMBEDDERS: [Embedder; 2] = [Embedder::Flutter, Embedder::Standalone];
const CHANNELS: [&str; 4] = ["stable", "beta", "dev", "main"];

const LAYOUT_MARKS: usize = 0;
const EMBEDDER_MARKS: usize = LAYOUT_MARKS + LAYOUTS.len();
const OS_MARKS: usize = EMBEDDER_MARKS + EMBEDDERS.len();
const CHANNEL_MARKS: usize = OS_MARKS + Os::ALL.len();

const LITERAL_BYTES_MAX: usize = 128;
