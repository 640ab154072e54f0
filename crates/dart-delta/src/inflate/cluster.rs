//! Clusters: one token after another, each ending with a byte of 128 and more.
//!
//! Most tokens are ids of objects, the highest seven bits first; some are numbers, the lowest
//! first. Which is which does not show in the bytes: the patch says which tokens are numbers,
//! every other one of two to four bytes counts as an id. Longer ones are no tokens of either, and
//! are counted all the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use patchproof_patch::InflateError;

use super::numbers::fault;
use super::shifts::Maps;
use super::side::Run;
use super::watch::{Class, Token, Watch};

/// Rewrites the clusters of a base, one after another.
#[derive(Debug)]
pub(crate) struct Clusters<'a> {
    maps: &'a Maps,
    runs: &'a [Run],
    /// The next token of each run that is not at its end, the nearest on top.
    due: BinaryHeap<Reverse<(u64, usize)>>,
    /// How many tokens there were.
    token: u64,
}

impl<'a> Clusters<'a> {
    pub(crate) fn of(maps: &'a Maps, runs: &'a [Run]) -> Self {
        let firsts = runs.iter().zip(0..);
        let due = firsts.map(|(run, at)| Reverse((run.first, at))).collect();
        Self {
            maps,
            runs,
            due,
            token: 0,
        }
    }

    /// Appends the whole tokens of a cluster's piece as they are seen, and answers how many bytes
    /// stand behind the last one: they go in front of the next piece, or stay as they are. In the
    /// first `held` bytes no token ends: they stood behind the last one of the piece before.
    pub(crate) fn rewrite(
        &mut self,
        bytes: &[u8],
        held: usize,
        out: &mut Vec<u8>,
        watch: &mut impl Watch,
    ) -> Result<usize, InflateError> {
        let (mut rest, mut held) = (bytes, held);
        while let Some(last) = end_behind(rest, held) {
            held = 0;
            let split = rest.split_at_checked(last + 1);
            let (token, behind) = split.unwrap_or((rest, &[]));
            let map = self.map_of_next()?;
            let at = out.len();
            self.one(token, map, out);
            watch.token(Token {
                class: Class::Cluster,
                value: high_digits(token).unwrap_or(-1),
                at,
                length: u8::try_from(token.len()).unwrap_or(u8::MAX),
            });
            rest = behind;
        }
        Ok(rest.len())
    }

    /// At the end of the last cluster every run must be at its end.
    pub(crate) fn at_end(&self) -> Result<(), InflateError> {
        match self.due.is_empty() {
            true => Ok(()),
            false => Err(fault("a run of numbers goes on behind the last token")),
        }
    }

    fn one(&self, token: &[u8], map: Option<usize>, out: &mut Vec<u8>) {
        let start = out.len();
        if (2..=4).contains(&token.len()) {
            match map {
                None => {
                    let value = first_high(token);
                    let moved = value.map(|value| self.maps.references.moved(value));
                    push_first_high(out, moved.filter(|moved| Some(*moved) != value));
                }
                Some(map) => {
                    let value = first_low(token);
                    let map = self.maps.columns.get(map);
                    let moved = value.zip(map).map(|(value, map)| map.moved(value));
                    push_first_low(out, moved.filter(|moved| Some(*moved) != value));
                }
            }
        }
        if out.len() == start {
            out.extend_from_slice(token);
        }
    }

    /// The map of the next token, where a run has it.
    fn map_of_next(&mut self) -> Result<Option<usize>, InflateError> {
        let token = self.token;
        self.token += 1;
        let Some(Reverse((next, at))) = self.due.peek().copied() else {
            return Ok(None);
        };
        if next != token {
            return Ok(None);
        }
        self.due.pop();
        let run = self.runs.get(at).ok_or_else(|| fault("a run is missing"))?;
        let following = next + run.period;
        if (following - run.first) / run.period < run.count {
            self.due.push(Reverse((following, at)));
        }
        if self
            .due
            .peek()
            .is_some_and(|Reverse((next, _))| *next == token)
        {
            return Err(fault("two runs of numbers have one token"));
        }
        Ok(Some(run.map))
    }
}

/// Where the first token ends, where none does in so many bytes.
fn end_behind(bytes: &[u8], held: usize) -> Option<usize> {
    let mut behind = bytes.get(held..)?.iter();
    behind.position(|byte| *byte >= 0x80).map(|at| held + at)
}

/// The value with the highest bits first; `None` for what is longer or not in its one form.
fn first_high(token: &[u8]) -> Option<i64> {
    let one_form = token.len() == 1 || token.first() != Some(&0);
    high_digits(token).filter(|_| one_form)
}

/// The same in any form.
fn high_digits(token: &[u8]) -> Option<i64> {
    if token.len() > 4 {
        return None;
    }
    let bits = token.iter().map(|byte| i64::from(byte & 0x7f));
    Some(bits.fold(0, |value, bits| value << 7 | bits))
}

/// The value with the lowest bits first; `None` for what is longer or not in its one form.
fn first_low(token: &[u8]) -> Option<i64> {
    if token.len() > 4 || (token.len() > 1 && token.last() == Some(&0x80)) {
        return None;
    }
    let bits = token.iter().rev().map(|byte| i64::from(byte & 0x7f));
    Some(bits.fold(0, |value, bits| value << 7 | bits))
}

fn push_first_high(out: &mut Vec<u8>, value: Option<i64>) {
    let Some(value) = value.filter(|value| TOKEN_VALUES.contains(value)) else {
        return;
    };
    let low = |shift: u32| u8::try_from(value >> shift & 0x7f).unwrap_or(0);
    for shift in [21, 14, 7] {
        if value >> shift != 0 {
            out.push(low(shift));
        }
    }
    out.push(low(0) | 0x80);
}

fn push_first_low(out: &mut Vec<u8>, value: Option<i64>) {
    let Some(mut value) = value.filter(|value| TOKEN_VALUES.contains(value)) else {
        return;
    };
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0));
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0) | 0x80);
}

/// What four bytes hold.
const TOKEN_VALUES: std::ops::Range<i64> = 0..1 << 28;
