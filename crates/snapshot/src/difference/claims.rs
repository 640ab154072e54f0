//! What lies where in one file: every byte in exactly one region.
//!
//! Readers of a container claim stretches of it, the surest first. Of a stretch that is claimed
//! twice the first claim holds; what nobody claims becomes a gap, named by what follows it.

use std::collections::{BTreeMap, HashMap};

use patchproof_report::{Extent, RegionKind};

use super::library::Library;
use super::shown::shown;
use super::{claims_elf, claims_macho};
use crate::container::Container;
use crate::snapshot::Snapshot;

/// A stretch that something says it covers. It may reach past the file's end.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) name: String,
    pub(super) kind: RegionKind,
    pub(super) offset: u64,
    pub(super) size_bytes: u64,
}

/// A stretch of a file, under a name that no other stretch of it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) kind: RegionKind,
    pub(super) extent: Extent,
}

impl Claim {
    pub(super) fn new(name: &str, kind: RegionKind, offset: u64, size_bytes: u64) -> Self {
        Self {
            name: shown(name.as_bytes()),
            kind,
            offset,
            size_bytes,
        }
    }
}

/// The regions of a library, in the order of the file.
pub(super) fn regions(library: &Library<'_>) -> Vec<Region> {
    let bytes = library.bytes();
    let blobs = library.snapshot().map(blobs).unwrap_or_default();
    let claims = match library.image().map(|image| image.container) {
        Some(Container::Elf32 | Container::Elf64) => claims_elf::claims(bytes, blobs),
        Some(Container::Macho64) => claims_macho::claims(bytes, blobs),
        None => vec![],
    };
    settle(library.size_bytes(), &claims)
}

/// The snapshot's own blobs, which are what the file is there for.
fn blobs(snapshot: &Snapshot) -> Vec<Claim> {
    let symbols = snapshot.symbols.iter();
    let named = symbols.filter(|symbol| snapshot.layout.symbols().contains(&&*symbol.name));
    let claim = |symbol: &crate::image::Symbol| {
        let kind = if symbol.name.ends_with("Data") {
            RegionKind::Data
        } else {
            RegionKind::Code
        };
        Claim::new(&symbol.name, kind, symbol.offset, symbol.size)
    };
    named.map(claim).collect()
}

/// Gives every byte to the first claim that covers it.
fn settle(size_bytes: u64, claims: &[Claim]) -> Vec<Region> {
    // Start of each stretch that is still free, and its end.
    let mut free = BTreeMap::from([(0, size_bytes)]);
    let mut taken: Vec<(u64, u64, &str, RegionKind)> = Vec::new();
    for claim in claims {
        let end = claim.offset.saturating_add(claim.size_bytes);
        for (start, stop) in take(&mut free, claim.offset, end) {
            taken.push((start, stop, &claim.name, claim.kind));
        }
    }
    let gaps = free.into_iter().filter(|(start, end)| start < end);
    taken.extend(gaps.map(|(start, end)| (start, end, "", RegionKind::Other)));
    taken.sort_unstable_by_key(|(start, ..)| *start);
    name(&taken)
}

/// Takes what is free between two places, and answers with it.
fn take(free: &mut BTreeMap<u64, u64>, from: u64, to: u64) -> Vec<(u64, u64)> {
    let before = free.range(..=from).next_back().map(|(start, _)| *start);
    let first = before.unwrap_or(from);
    let touched: Vec<(u64, u64)> = free
        .range(first..to.max(first))
        .map(|(start, end)| (*start, *end))
        .filter(|(start, end)| *start < to && *end > from)
        .collect();
    let mut taken = Vec::new();
    for (start, end) in touched {
        free.remove(&start);
        if start < from {
            free.insert(start, from);
        }
        if to < end {
            free.insert(to, end);
        }
        taken.push((start.max(from), end.min(to)));
    }
    taken.retain(|(start, end)| start < end);
    taken
}

/// Names gaps by what follows, and numbers what would be named alike.
fn name(taken: &[(u64, u64, &str, RegionKind)]) -> Vec<Region> {
    let mut used: HashMap<String, u64> = HashMap::new();
    let nexts = taken.iter().skip(1).map(Some).chain([None]);
    let mut regions = Vec::with_capacity(taken.len());
    for ((start, end, own, kind), next) in taken.iter().zip(nexts) {
        let name = match (own.is_empty(), next) {
            (false, _) => (*own).to_owned(),
            (true, Some((_, _, next, _))) => format!("gap before {next}"),
            (true, None) if taken.len() == 1 => "whole file".to_owned(),
            (true, None) => "gap at the end".to_owned(),
        };
        let number = used.entry(name.clone()).or_default();
        *number += 1;
        let name = if *number == 1 {
            name
        } else {
            format!("{name} ({number})")
        };
        let extent = Extent {
            offset: *start,
            size_bytes: end - start,
        };
        let kind = *kind;
        regions.push(Region { name, kind, extent });
    }
    regions
}

/// More sections than any library of Dart's has; those behind stay nameless.
pub(super) const NAMED_SECTIONS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(name: &str, offset: u64, size_bytes: u64) -> Claim {
        Claim::new(name, RegionKind::Other, offset, size_bytes)
    }

    fn settled(size_bytes: u64, claims: &[Claim]) -> Vec<(String, u64, u64)> {
        let regions = settle(size_bytes, claims);
        let row = |it: Region| (it.name, it.extent.offset, it.extent.size_bytes);
        regions.into_iter().map(row).collect()
    }

    fn row(name: &str, offset: u64, size_bytes: u64) -> (String, u64, u64) {
        (name.to_owned(), offset, size_bytes)
    }

    #[test]
    fn what_nobody_claims_is_a_gap_named_by_what_follows() {
        let found = settled(10, &[claim("b", 6, 2), claim("a", 1, 3)]);
        let expected = [
            row("gap before a", 0, 1),
            row("a", 1, 3),
            row("gap before b", 4, 2),
            row("b", 6, 2),
            row("gap at the end", 8, 2),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_first_claim_holds_and_the_second_gets_what_is_left_of_it() {
        let found = settled(10, &[claim("inner", 3, 2), claim("outer", 0, 20)]);
        let expected = [
            row("outer", 0, 3),
            row("inner", 3, 2),
            row("outer (2)", 5, 5),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_claim_that_reaches_out_of_the_numbers_takes_what_there_is() {
        let found = settled(4, &[claim("a", 2, u64::MAX), claim("b", u64::MAX, 1)]);
        assert_eq!(found, [row("gap before a", 0, 2), row("a", 2, 2)]);
    }

    #[test]
    fn a_file_that_nobody_claims_is_one_region_and_an_empty_one_is_none() {
        assert_eq!(settled(4, &[]), [row("whole file", 0, 4)]);
        assert_eq!(settled(0, &[claim("a", 0, 0)]), []);
    }

    #[test]
    fn many_claims_cover_every_byte_once() {
        let claims: Vec<Claim> = (0..500)
            .map(|n| claim(&n.to_string(), (n * 7919) % 1000, n % 13))
            .collect();
        let mut at = 0;
        for region in settle(1000, &claims) {
            assert_eq!(region.extent.offset, at);
            at += region.extent.size_bytes;
        }
        assert_eq!(at, 1000);
    }
}
