//! The strings of two snapshots: which came, which went, and whether the rest kept its order.

use std::collections::{HashMap, HashSet};

/// The strings of two snapshots beside each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings<'a> {
    /// Those that only the expected one has, sorted.
    pub(super) gone: Vec<&'a [u8]>,
    /// Those that only the found one has, sorted.
    pub(super) new: Vec<&'a [u8]>,
    /// How many both have.
    pub(super) common: u64,
    /// Behind how many of these another of them stands than in the expected one.
    pub(super) moved: u64,
    /// How many different names each has, and how many of them are short.
    pub(super) names: [Names; 2],
}

/// How many strings could be names in a program, and how many of these have up to three letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) all: u64,
    pub(super) short: u64,
}

/// Compares two lists, each in the order of its file and with each string once.
pub(super) fn compare<'a>(expected: &[&'a [u8]], found: &[&'a [u8]]) -> Strings<'a> {
    let known: HashSet<&[u8]> = expected.iter().copied().collect();
    let mut places: HashMap<&[u8], usize> = HashMap::with_capacity(found.len());
    let common = found.iter().filter(|text| known.contains(*text));
    for (place, text) in common.enumerate() {
        places.insert(text, place);
    }
    let mut gone: Vec<&[u8]> = expected
        .iter()
        .copied()
        .filter(|text| !places.contains_key(text))
        .collect();
    let mut new: Vec<&[u8]> = found
        .iter()
        .copied()
        .filter(|text| !known.contains(text))
        .collect();
    gone.sort_unstable();
    new.sort_unstable();
    let order = expected.iter().filter_map(|text| places.get(text)).copied();
    Strings {
        moved: moved(order),
        common: count(places.len()),
        names: [names(expected), names(found)],
        gone,
        new,
    }
}

/// Of things in the order of one file, with their places among the same things in another: how many
/// have another thing behind them there.
pub(super) fn moved(places: impl Iterator<Item = usize>) -> u64 {
    let mut places = places.peekable();
    let mut broken = 0;
    while let Some(place) = places.next() {
        broken += u64::from(
            places
                .peek()
                .is_some_and(|next| place.checked_add(1) != Some(*next)),
        );
    }
    broken
}

/// What remains of a string when what the compiler puts around a name is taken off.
pub(super) fn bare_name(text: &[u8]) -> &[u8] {
    let prefixes: [&[u8]; 4] = [b"get:", b"set:", b"dyn:", b"init:"];
    let mut name = text;
    while let Some(rest) = prefixes
        .iter()
        .find_map(|prefix| name.strip_prefix(*prefix))
    {
        name = rest;
    }
    let digits = name
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let key = name.len().saturating_sub(digits);
    match name.get(..key).and_then(|name| name.strip_suffix(b"@")) {
        Some(name) if digits > 0 => name,
        _ => name,
    }
}

/// Whether a string could be the name of something in a Dart program.
pub(super) fn is_name(text: &[u8]) -> bool {
    let name = bare_name(text);
    let first = name.first();
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$'))
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

fn names(texts: &[&[u8]]) -> Names {
    let mut bare: Vec<&[u8]> = texts
        .iter()
        .filter(|text| is_name(text))
        .map(|text| bare_name(text))
        .collect();
    bare.sort_unstable();
    bare.dedup();
    let short = bare.iter().filter(|name| {
        let name = name.strip_prefix(b"_").unwrap_or(name);
        name.len() <= 3 && name.iter().all(u8::is_ascii_alphabetic)
    });
    Names {
        short: count(short.count()),
        all: count(bare.len()),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared<'a>(expected: &[&'a str], found: &[&'a str]) -> Strings<'a> {
        let bytes = |texts: &[&'a str]| texts.iter().map(|text| text.as_bytes()).collect();
        let (expected, found): (Vec<&[u8]>, Vec<&[u8]>) = (bytes(expected), bytes(found));
        compare(&expected, &found)
    }

    #[test]
    fn a_string_that_moved_has_neither_come_nor_gone() {
        let strings = compared(&["a", "b", "c", "d"], &["c", "d", "a", "b"]);
        assert!(strings.gone.is_empty() && strings.new.is_empty());
        assert_eq!((strings.common, strings.moved), (4, 1));
    }

    #[test]
    fn a_string_that_came_in_between_moves_no_other() {
        let strings = compared(&["a", "b"], &["a", "new", "b"]);
        assert_eq!(strings.new, [b"new"]);
        assert_eq!(strings.moved, 0);
    }

    #[test]
    fn a_name_is_bared_of_what_the_compiler_puts_around_it() {
        let bared = ["get:_a@12", "dyn:get:a", "a@", "a12", "set:a"];
        let bared = bared.map(|text| str::from_utf8(bare_name(text.as_bytes())).unwrap());
        assert_eq!(bared, ["_a", "a", "a@", "a12", "a"]);
    }

    #[test]
    fn a_sentence_or_a_version_is_no_name() {
        let texts = ["not found", "1.97.1", "", "a-b", "file:///a"];
        assert_eq!(texts.map(|text| is_name(text.as_bytes())), [false; 5]);
    }

    #[test]
    fn short_names_are_counted_once_and_without_their_underscore() {
        let texts = ["abc", "_aB", "get:aB", "a1", "abcd", "two words"];
        let strings = compared(&texts, &[]);
        assert_eq!(strings.names[0], Names { all: 5, short: 3 });
    }
}
