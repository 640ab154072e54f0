//! The literals by which an engine shows what it takes, found in one pass over its data.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::container::{Container, Layout, Os};
use crate::engine::Embedder;

/// A literal that makes an engine, and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Layout(Layout),
    Embedder(Embedder),
    Os(Os),
    OwnLoader(Container),
    DartVersion,
}

/// The marks that stand in a file, found in one pass.
pub(crate) struct Marks<'a> {
    found: Vec<Mark>,
    pub(crate) dart_version: Option<&'a str>,
}

impl<'a> Marks<'a> {
    pub(crate) fn find(areas: &[&'a [u8]]) -> Self {
        let Search {
            literals,
            automaton,
        } = &*SEARCH;
        let mut marks = Self {
            found: Vec::new(),
            dart_version: None,
        };
        for area in areas {
            for hit in automaton.find_iter(*area) {
                let Some((mark, _)) = literals.get(hit.pattern().as_usize()) else {
                    continue;
                };
                if *mark == Mark::DartVersion && marks.dart_version.is_none() {
                    marks.dart_version = whole_literal(area, hit.start());
                }
                if !marks.found.contains(mark) {
                    marks.found.push(*mark);
                }
            }
        }
        marks
    }

    /// The one thing of a kind that stands there; `None` for none or several.
    fn one<T>(&self, kind: impl Fn(Mark) -> Option<T>) -> Option<T> {
        let mut found = self.found.iter().filter_map(|mark| kind(*mark));
        found.next().filter(|_| found.next().is_none())
    }

    pub(crate) fn layout(&self) -> Option<Layout> {
        self.one(|mark| {
            if let Mark::Layout(layout) = mark {
                Some(layout)
            } else {
                None
            }
        })
    }

    pub(crate) fn embedder(&self) -> Option<Embedder> {
        self.one(|mark| {
            if let Mark::Embedder(embedder) = mark {
                Some(embedder)
            } else {
                None
            }
        })
    }

    pub(crate) fn os(&self) -> Option<Os> {
        self.one(|mark| {
            if let Mark::Os(os) = mark {
                Some(os)
            } else {
                None
            }
        })
    }

    pub(crate) fn own_loaders(&self) -> Vec<Container> {
        let loader = |mark: &Mark| {
            if let Mark::OwnLoader(own) = mark {
                Some(*own)
            } else {
                None
            }
        };
        self.found.iter().filter_map(loader).collect()
    }

    pub(crate) fn names_a_layout(&self) -> bool {
        self.found
            .iter()
            .any(|mark| matches!(mark, Mark::Layout(_)))
    }
}

/// The search for all literals at once, built once.
struct Search {
    literals: Vec<(Mark, String)>,
    automaton: AhoCorasick,
}

/// None of the literals overlaps another: all but the last kind end with NUL, and none starts with
/// it. Searching for the leftmost one is several times as fast as searching for all.
static SEARCH: LazyLock<Search> = LazyLock::new(|| {
    let literals = literals();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(literals.iter().map(|(_, text)| text))
        .expect("two dozen short literals are far below every limit of the automaton");
    Search {
        literals,
        automaton,
    }
});

/// The literals to look for. The trailing NUL makes each the end of a literal; linkers merge a
/// literal into the tail of a longer one, so what stands before it may be anything.
fn literals() -> Vec<(Mark, String)> {
    let mut literals = Vec::new();
    for layout in [Layout::Split, Layout::Unified] {
        literals.push((Mark::Layout(layout), format!("{}\0", layout.first_symbol())));
    }
    for embedder in [Embedder::Flutter, Embedder::Standalone] {
        literals.push((
            Mark::Embedder(embedder),
            format!("{}\0", embedder.library()),
        ));
    }
    for os in Os::ALL {
        literals.push((Mark::Os(os), format!(" {}\0", os.word())));
    }
    // What a loader says of a file that is not its own.
    for (container, object) in [
        (Container::Elf64, "little-endian ELF"),
        (Container::Macho64, "a host-endian Mach-O"),
    ] {
        literals.push((
            Mark::OwnLoader(container),
            format!("Expected {object} object.\0"),
        ));
    }
    for channel in ["stable", "beta", "dev", "main"] {
        literals.push((Mark::DartVersion, format!(" ({channel}) (")));
    }
    literals
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

const LITERAL_BYTES_MAX: usize = 128;
