//! Whether two libraries were built in different folders, and whether that is all.

use std::ops::Range;

use memchr::memmem;

use super::regions::same_outside;
use crate::snapshot::Snapshot;

/// A file that has one address in the one library and another in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OtherPath {
    pub(super) expected: Vec<String>,
    pub(super) found: Vec<String>,
    /// Whether the two files are the same outside these strings and the build id.
    pub(super) explains_all: bool,
}

/// Looks for files of the same name in different folders.
pub(super) fn other_path(
    expected: (&[u8], &Snapshot),
    found: (&[u8], &Snapshot),
    build_ids: &[Range<usize>],
) -> Option<OtherPath> {
    let gone = without(&expected.1.absolute_paths, &found.1.absolute_paths);
    let new = without(&found.1.absolute_paths, &expected.1.absolute_paths);
    let has_file = |paths: &[String], path: &String| paths.iter().any(|it| file(it) == file(path));
    let moved = |these: &[String], others: &[String]| {
        let moved = these.iter().filter(|path| has_file(others, path));
        moved.cloned().collect::<Vec<_>>()
    };
    let (gone, new) = (moved(&gone, &new), moved(&new, &gone));
    if gone.is_empty() {
        return None;
    }
    let explains_all = expected.0.len() == found.0.len() && {
        let mut ranges = places(expected.0, &gone);
        ranges.extend(places(found.0, &new));
        ranges.extend_from_slice(build_ids);
        same_outside(expected.0, found.0, &merged(ranges))
    };
    Some(OtherPath {
        expected: gone,
        found: new,
        explains_all,
    })
}

fn without(these: &[String], others: &[String]) -> Vec<String> {
    let own = these.iter().filter(|path| !others.contains(path));
    own.cloned().collect()
}

/// The last part of an address.
fn file(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, file)| file)
}

/// Where the strings stand, with the header before each: it carries a hash of the characters.
fn places(bytes: &[u8], paths: &[String]) -> Vec<Range<usize>> {
    let of = |path: &String| {
        let found = memmem::find_iter(bytes, path.as_bytes()).take(PLACES_MAX);
        let length = path.len();
        let range = move |at: usize| at.saturating_sub(STRING_HEADER_BYTES)..at + length;
        found.map(range).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// The same places in ascending order and without overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Tags with the hash, and the length, of a 64-bit snapshot.
const STRING_HEADER_BYTES: usize = 16;
/// More often than any path stands in a library.
const PLACES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_become_one() {
        let ranges = vec![7..9, 0..2, 1..4, 4..5];
        assert_eq!(merged(ranges), [0..5, 7..9]);
    }

    #[test]
    fn the_file_of_a_path_is_its_last_part() {
        assert_eq!(file("file:///home/a/b.dart"), "b.dart");
    }
}
