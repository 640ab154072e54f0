//! Everything that is looked for in two libraries, each thing once.

use std::cell::OnceCell;
use std::ops::Range;

use patchproof_report::{Certainty, Difference, RegionDifference, RegionKind};

use super::claims::{self, Region};
use super::functions::{self, Functions};
use super::library::Library;
use super::paths::{OtherPath, other_path};
use super::places::{same_blobs, same_loaded};
use super::regions::{self, Compared};
use super::shown::shown;
use super::strings::{self, Names, Strings};
use super::table::Seen;
use super::{functions_read, strings_read};
use crate::container::Os;
use crate::equivalence::Equivalence;
use crate::image::range;
use crate::snapshot::Snapshot;

/// Two libraries, and what was found by looking at both.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) expected: &'a Library<'a>,
    pub(super) found: &'a Library<'a>,
    pub(super) compared: Compared,
    pub(super) functions: Functions<'a>,
    pub(super) strings: Strings<'a>,
    pub(super) path: Option<OtherPath>,
    pub(super) equivalence: Option<Equivalence>,
    seen: OnceCell<Seen>,
}

impl<'a> Evidence<'a> {
    pub(super) fn gather(expected: &'a Library<'a>, found: &'a Library<'a>) -> Self {
        let (a, b) = (claims::regions(expected), claims::regions(found));
        let ids: Vec<Range<usize>> = a.iter().chain(&b).filter_map(build_id).collect();
        let paths = expected.snapshot().zip(found.snapshot());
        let path =
            paths.and_then(|(a, b)| other_path((expected.bytes(), a), (found.bytes(), b), &ids));
        let texts = |library: &'a Library<'a>, regions: &[Region]| {
            let read = |it| strings_read::read(library.bytes(), regions, it);
            library.snapshot().map(read).unwrap_or_default()
        };
        let functions = |library: &'a Library<'a>| {
            let named = library.snapshot().and_then(|_| library.image());
            named.map(functions_read::read).unwrap_or_default()
        };
        let equivalent = |it: &Equivalence| {
            let differ = expected.bytes() != found.bytes();
            differ && it.touched(expected.bytes(), found.bytes()).is_some()
        };
        Self {
            strings: strings::compare(&texts(expected, &a), &texts(found, &b)),
            functions: functions::compare(&functions(expected), &functions(found)),
            equivalence: Equivalence::ALL.into_iter().find(equivalent),
            path,
            compared: regions::compare((expected.bytes(), a), (found.bytes(), b)),
            expected,
            found,
            seen: OnceCell::new(),
        }
    }

    /// What counts, for the table of causes.
    pub(super) fn seen(&self) -> &Seen {
        self.seen.get_or_init(|| self.look())
    }

    /// The two snapshots, where both are.
    pub(super) fn snapshots(&self) -> Option<(&Snapshot, &Snapshot)> {
        self.expected.snapshot().zip(self.found.snapshot())
    }

    /// Strings that came or went, but for the addresses that differ anyway.
    pub(super) fn changed_strings(&self) -> impl Iterator<Item = &'a [u8]> {
        let paths = self
            .path
            .iter()
            .flat_map(|it| it.expected.iter().chain(&it.found));
        let paths: Vec<&[u8]> = paths.map(String::as_bytes).collect();
        let all = self.strings.gone.iter().chain(&self.strings.new).copied();
        all.filter(move |text| !paths.contains(text))
    }

    /// Whether both carry a build id, and if so, whether it is the same.
    pub(super) fn same_build_id(&self) -> Option<bool> {
        let (a, b) = self.snapshots()?;
        Some(a.build_id.as_ref()? == b.build_id.as_ref()?)
    }

    /// The share of what moved among what both have, if it is more than chance or an edit gives.
    pub(super) const fn out_of_order(moved: u64, common: u64) -> bool {
        moved >= MOVED_MIN && moved.saturating_mul(MOVED_SHARE) >= common
    }

    /// The regions that differ.
    pub(super) fn differing(&self) -> impl Iterator<Item = &RegionDifference> {
        let regions = self.compared.regions.iter();
        regions.filter(|region| region.differing_bytes > 0)
    }

    pub(super) fn difference(self) -> Difference {
        let mut difference = Difference::default();
        difference.expected_name = self.expected.name().to_owned();
        difference.found_name = self.found.name().to_owned();
        difference.expected_size_bytes = self.expected.size_bytes();
        difference.found_size_bytes = self.found.size_bytes();
        difference.regions = self.compared.regions;
        difference.map_percent = self.compared.map_percent;
        difference.functions = self.functions.listed(FUNCTIONS_LISTED);
        difference.functions_total = self.functions.total();
        difference.functions_named = self.functions.named;
        difference.strings_gone = listed(&self.strings.gone);
        difference.strings_gone_total = count(&self.strings.gone);
        difference.strings_new = listed(&self.strings.new);
        difference.strings_new_total = count(&self.strings.new);
        difference
    }

    fn look(&self) -> Seen {
        let (a, b) = (self.expected.bytes(), self.found.bytes());
        let mut seen = Seen {
            cut_short: a.len() != b.len() && (a.starts_with(b) || b.starts_with(a)),
            equivalent: self.equivalence.is_some(),
            path: self.path.as_ref().map(|path| path.explains_all),
            ..Seen::default()
        };
        if let Some((a, b)) = self.snapshots() {
            seen.machine = (a.arch, a.container, a.layout) != (b.arch, b.container, b.layout);
            seen.compiler = a.header().version != b.header().version;
            seen.features = a.header().features != b.header().features;
            seen.mode_or_system = mode_and_system(a) != mode_and_system(b);
            seen.embedder = a.embedder.zip(b.embedder).is_some_and(|(a, b)| a != b);
            seen.alignment = a.load_alignment != b.load_alignment;
            seen.obfuscation = self.obfuscation();
            seen.order = self.order();
            seen.sources = self.sources(seen.order);
            if let Some((x, y)) = self.expected.image().zip(self.found.image()) {
                seen.same_loaded = same_loaded(x, y);
                seen.same_blobs = same_blobs((x, a), (y, b));
            }
        }
        seen
    }

    /// Names are short on one side only.
    fn obfuscation(&self) -> bool {
        let [a, b] = self.strings.names;
        let mostly = |it: Names| it.short.saturating_mul(100) >= it.all.saturating_mul(OBFUSCATED);
        let rarely = |it: Names| it.short.saturating_mul(100) <= it.all.saturating_mul(PLAIN);
        let enough = a.all.min(b.all) >= NAMES_MIN;
        enough && ((mostly(a) && rarely(b)) || (rarely(a) && mostly(b)))
    }

    fn order(&self) -> bool {
        Self::out_of_order(self.functions.moved, self.functions.common)
            || Self::out_of_order(self.strings.moved, self.strings.common)
    }

    /// How surely something was written otherwise.
    ///
    /// A compiler keeps one of several functions with the same code, and which one is a matter of
    /// order: so names that come and go in functions of the same size are no sign of other sources
    /// where the order is another. A text that is no name is, and so is a name of no function.
    fn sources(&self, order: bool) -> Option<Certainty> {
        let functions = &self.functions;
        let parts = functions.name_parts();
        let swapped_name = |text: &[u8]| {
            let unknown = !functions.named;
            strings::is_name(text) && (unknown || parts.contains(strings::bare_name(text)))
        };
        let written = self.changed_strings().any(|text| !swapped_name(text));
        let came_or_went = count(&functions.gone).max(count(&functions.new));
        let alone = came_or_went.saturating_sub(functions.swapped());
        if written || alone.saturating_mul(UNSWAPPED_SHARE) > came_or_went {
            return Some(Certainty::Likely);
        }
        let names = self.changed_strings().next().is_some();
        if order {
            return (names && !functions.named).then_some(Certainty::Possible);
        }
        if names || came_or_went > 0 || !functions.resized.is_empty() {
            return Some(Certainty::Likely);
        }
        // Only numbers and addresses differ; the compiler made another id of them, so that they
        // were not changed after it.
        (self.same_build_id() == Some(false)).then_some(Certainty::Possible)
    }
}

/// Mode and system are words in every compiler's features.
fn mode_and_system(snapshot: &Snapshot) -> Vec<&str> {
    let modes = ["product", "release", "debug"];
    let named = |word: &&str| modes.contains(word) || Os::from_word(word).is_some();
    let mut words: Vec<&str> = snapshot.features().filter(named).collect();
    words.sort_unstable();
    words
}

fn build_id(region: &Region) -> Option<Range<usize>> {
    let extent = region.extent;
    (region.kind == RegionKind::BuildId).then_some(())?;
    range(extent.offset, extent.size_bytes)
}

fn listed(texts: &[&[u8]]) -> Vec<String> {
    texts
        .iter()
        .take(STRINGS_LISTED)
        .map(|text| shown(text))
        .collect()
}

fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

const FUNCTIONS_LISTED: usize = 64;
const STRINGS_LISTED: usize = 50;
/// Fewer could have been moved by an edit.
const MOVED_MIN: u64 = 16;
/// One in twenty. Between two versions of an app it is one in a hundred or less, where the
/// compiler kept its order; two builds of one version that did not keep it differ in one of six.
const MOVED_SHARE: u64 = 20;
/// Less than a tenth that has no counterpart is left to chance: code of another order may also be
/// of another size.
const UNSWAPPED_SHARE: u64 = 10;
/// Fewer names show nothing about all of them.
const NAMES_MIN: u64 = 64;
/// Percent of names with up to three letters. In plain builds of the corpus it is 4 to 6.
const PLAIN: u64 = 15;
/// No obfuscated build is in the corpus: the compiler counts its names up from one letter, so
/// that a program of 20,000 names needs few of four.
const OBFUSCATED: u64 = 30;
