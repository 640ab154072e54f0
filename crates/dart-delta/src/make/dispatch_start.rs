//! Where in the clusters the dispatch table begins: it is the last thing in them.

use crate::inflate::dispatch;

/// The offset of the first entry; `None` where there is no table.
///
/// Before the entries stand how many there are and an id. Walked from the end, the place is where
/// the number that stands two tokens before is that of the entries that were walked over.
pub(super) fn dispatch_start(clusters: &[u8]) -> Option<usize> {
    places(clusters)?.into_iter().find(|at| {
        let packed = clusters.get(*at..).unwrap_or_default();
        let table = dispatch::expanded(packed, clusters.len().saturating_mul(64));
        table.is_ok_and(|table| dispatch::packed(&table) == packed)
    })
}

/// Where a table may begin, the longest first. To look at one costs as much as it is long, and in a
/// file of Dart's all but one are accidents: no more are looked at than the bound.
fn places(clusters: &[u8]) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    let mut entries = 0_i64;
    let mut end = clusters.len();
    while let Some(start) = token_start(clusters, end) {
        if entries > ENTRIES_MIN && declared(clusters, end) == Some(entries) {
            places.push(end);
        }
        let (value, _) = dispatch::entry(clusters.get(start..end)?).ok()?;
        entries += if (1..64).contains(&value) { value } else { 1 };
        end = start;
    }
    places.reverse();
    places.truncate(PLACES_MAX);
    Some(places)
}

/// The start of the token that ends at `end`; `None` before the first, and where what stands there
/// is no token.
fn token_start(bytes: &[u8], end: usize) -> Option<usize> {
    let (last, before) = bytes.get(..end)?.split_last()?;
    if *last < 0x80 {
        return None;
    }
    let digits = before.iter().rev().take_while(|byte| **byte < 0x80);
    Some(before.len() - digits.take(TOKEN_BYTES_MAX).count())
}

/// The number that stands two tokens before.
fn declared(bytes: &[u8], end: usize) -> Option<i64> {
    let id = token_start(bytes, end)?;
    let count = token_start(bytes, id)?;
    let token = bytes.get(count..id)?;
    let bits = token.iter().rev().map(|byte| i64::from(byte & 0x7f));
    (token.len() <= 4).then(|| bits.fold(0, |value, bits| value << 7 | bits))
}

const ENTRIES_MIN: i64 = 200;
const PLACES_MAX: usize = 64;
const TOKEN_BYTES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_every_token_declares_a_table_no_more_places_are_looked_at_than_the_bound() {
        // From the end: entries of one byte, then tokens that each declare how many stand behind
        // the one after them.
        let mut tokens = vec![vec![0xc0_u8]; 300];
        for behind in 299..600_u16 {
            let digit = |shift: u32| u8::try_from((behind >> shift) & 0x7f).unwrap();
            tokens.push(vec![digit(0), digit(7) | 0x80]);
        }
        tokens.reverse();
        let found = places(&tokens.concat()).unwrap();
        assert_eq!(found.len(), PLACES_MAX);
        assert!(found.is_sorted());
    }
}
