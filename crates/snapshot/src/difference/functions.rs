//! The functions of two libraries: which came, which went, which changed.
//!
//! Functions are paired by name; of several with one name, those of one size. Whether the contents
//! changed is looked at only where every function kept its place: where one moves, the addresses
//! in all others change with it.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use patchproof_report::FunctionDifference;

use super::functions_read::Function;
use super::shown::shown;
use super::strings::moved;

/// The functions of two libraries beside each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Functions<'a> {
    /// Whether both libraries name functions.
    pub(super) named: bool,
    pub(super) gone: Vec<Function<'a>>,
    pub(super) new: Vec<Function<'a>>,
    /// Those with another size.
    pub(super) resized: Vec<(Function<'a>, Function<'a>)>,
    /// Those with other contents, where all functions kept their places.
    pub(super) rewritten: Vec<Function<'a>>,
    /// How many names stand once in both libraries.
    pub(super) common: u64,
    /// Behind how many of these another of them stands than in the expected library.
    pub(super) moved: u64,
}

/// Compares two lists, each by address.
pub(super) fn compare<'a>(expected: &[Function<'a>], found: &[Function<'a>]) -> Functions<'a> {
    let mut functions = Functions {
        named: !expected.is_empty() && !found.is_empty(),
        ..Functions::default()
    };
    if !functions.named {
        return functions;
    }
    functions.pair(by_name(expected), by_name(found));
    let same_places = apart(expected)
        && expected.len() == found.len()
        && expected.iter().zip(found).all(|(a, b)| {
            a.address == b.address && a.name == b.name && a.code.len() == b.code.len()
        });
    if same_places {
        let pairs = expected.iter().zip(found);
        let rewritten = pairs.filter(|(a, b)| a.code != b.code).map(|(a, _)| *a);
        functions.rewritten = rewritten.collect();
    }
    let (common, moved) = order(expected, found);
    (functions.common, functions.moved) = (common, moved);
    functions
}

impl<'a> Functions<'a> {
    /// How many came, went or changed.
    pub(super) fn total(&self) -> u64 {
        let parts = [
            self.gone.len(),
            self.new.len(),
            self.resized.len(),
            self.rewritten.len(),
        ];
        parts
            .iter()
            .map(|part| u64::try_from(*part).unwrap_or(u64::MAX))
            .sum()
    }

    /// The first of them, those that went and came before those that changed.
    pub(super) fn listed(&self, at_most: usize) -> Vec<FunctionDifference> {
        let row =
            |name: &[u8], expected, found| FunctionDifference::new(shown(name), expected, found);
        let gone = self
            .gone
            .iter()
            .map(|it| row(it.name, Some(it.size_bytes()), None));
        let new = self
            .new
            .iter()
            .map(|it| row(it.name, None, Some(it.size_bytes())));
        let resized = self.resized.iter();
        let resized = resized.map(|(a, b)| row(a.name, Some(a.size_bytes()), Some(b.size_bytes())));
        let same = |it: &Function<'_>| Some(it.size_bytes());
        let rewritten = self
            .rewritten
            .iter()
            .map(|it| row(it.name, same(it), same(it)));
        gone.chain(new)
            .chain(resized)
            .chain(rewritten)
            .take(at_most)
            .collect()
    }

    /// Of how many that came or went another one of the same size went or came.
    pub(super) fn swapped(&self) -> u64 {
        let (mut gone, mut new) = (sizes(&self.gone), sizes(&self.new));
        let mut swapped = 0;
        while let (Some(a), Some(b)) = (gone.last(), new.last()) {
            let order = a.cmp(b);
            if order != Ordering::Less {
                gone.pop();
            }
            if order != Ordering::Greater {
                new.pop();
            }
            swapped += u64::from(order == Ordering::Equal);
        }
        swapped
    }

    /// The parts of the names that came or went: classes, methods.
    pub(super) fn name_parts(&self) -> HashSet<&'a [u8]> {
        let names = self
            .gone
            .iter()
            .chain(&self.new)
            .map(|function| function.name);
        let parts = names.flat_map(|name| name.split(|byte| matches!(byte, b'.' | b' ')));
        parts.collect()
    }

    /// Walks both lists by name, and pairs what has one name.
    fn pair(&mut self, expected: Vec<Function<'a>>, found: Vec<Function<'a>>) {
        let mut expected = expected.chunk_by(|a, b| a.name == b.name).peekable();
        let mut found = found.chunk_by(|a, b| a.name == b.name).peekable();
        loop {
            let name = |group: Option<&&[Function<'a>]>| {
                group
                    .and_then(|group| group.first())
                    .map(|function| function.name)
            };
            let order = match (name(expected.peek()), name(found.peek())) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(b),
            };
            let none: &[Function<'a>] = &[];
            let a = if order == Ordering::Greater {
                none
            } else {
                expected.next().unwrap_or(none)
            };
            let b = if order == Ordering::Less {
                none
            } else {
                found.next().unwrap_or(none)
            };
            self.pair_group(a, b);
        }
    }

    /// Pairs functions of one name: first those of one size, then what is left by address.
    fn pair_group(&mut self, expected: &[Function<'a>], found: &[Function<'a>]) {
        let (a, b) = unlike(expected, found);
        let pairs = a.len().min(b.len());
        self.resized
            .extend(a.iter().copied().zip(b.iter().copied()));
        self.gone.extend(a.iter().skip(pairs).copied());
        self.new.extend(b.iter().skip(pairs).copied());
    }
}

/// Whether functions lie apart, so that all their contents together are no more than the code.
fn apart(functions: &[Function<'_>]) -> bool {
    let mut end = 0;
    functions.iter().all(|function| {
        let apart = function.address >= end;
        end = function.address.saturating_add(function.size_bytes());
        apart
    })
}

/// What of two lists has no other of the same size in the other list, each by address.
fn unlike<'a>(
    expected: &[Function<'a>],
    found: &[Function<'a>],
) -> (Vec<Function<'a>>, Vec<Function<'a>>) {
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for function in expected {
        *sizes.entry(function.code.len()).or_default() += 1;
    }
    let mut take = |function: &&Function<'a>| match sizes.get_mut(&function.code.len()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    let new: Vec<Function<'a>> = found.iter().filter(|it| take(it)).copied().collect();
    let mut gone = Vec::new();
    for function in expected.iter().rev() {
        // What is left over was not taken: of equal sizes the last ones.
        if let Some(left) = sizes
            .get_mut(&function.code.len())
            .filter(|left| **left > 0)
        {
            *left -= 1;
            gone.push(*function);
        }
    }
    gone.reverse();
    (gone, new)
}

fn by_name<'a>(functions: &[Function<'a>]) -> Vec<Function<'a>> {
    let mut functions = functions.to_vec();
    functions.sort_unstable_by_key(|function| (function.name, function.address));
    functions
}

fn sizes(functions: &[Function<'_>]) -> Vec<usize> {
    let mut sizes: Vec<usize> = functions
        .iter()
        .map(|function| function.code.len())
        .collect();
    sizes.sort_unstable();
    sizes
}

/// How many names stand once in both, and how many of them have another behind them.
fn order(expected: &[Function<'_>], found: &[Function<'_>]) -> (u64, u64) {
    let (once, also) = (once(expected), once(found));
    let common = found
        .iter()
        .filter(|function| once.contains(function.name) && also.contains(function.name));
    let places: HashMap<&[u8], usize> = common
        .enumerate()
        .map(|(place, function)| (function.name, place))
        .collect();
    let in_order = expected
        .iter()
        .filter_map(|function| places.get(function.name))
        .copied();
    (
        u64::try_from(places.len()).unwrap_or(u64::MAX),
        moved(in_order),
    )
}

fn once<'a>(functions: &[Function<'a>]) -> HashSet<&'a [u8]> {
    let mut times: HashMap<&[u8], u64> = HashMap::with_capacity(functions.len());
    for function in functions {
        *times.entry(function.name).or_default() += 1;
    }
    let once = times.into_iter().filter(|(_, times)| *times == 1);
    once.map(|(name, _)| name).collect()
}
