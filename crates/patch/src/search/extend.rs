//! Stretches a match over bytes that are nearly the same, as far as more than half of them agree.

/// How far a match is worth stretching forward from the start of both.
pub(super) fn forward(base: &[u8], between: &[u8]) -> usize {
    best_reach(base.iter().zip(between))
}

/// How far a match is worth stretching backward from the end of both.
pub(super) fn backward(before: &[u8], between: &[u8]) -> usize {
    best_reach(before.iter().rev().zip(between.iter().rev()))
}

/// The reach at which agreeing bytes most outnumber the others.
fn best_reach<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u8)>) -> usize {
    let mut balance = 0_i64;
    let mut best = (0_i64, 0_usize);
    for (reach, (a, b)) in (1..).zip(pairs) {
        balance += if a == b { 1 } else { -1 };
        if balance > best.0 {
            best = (balance, reach);
        } else if best.0 - balance > GIVE_UP_BYTES {
            break;
        }
    }
    best.1
}

/// Where two stretches overlap: how many of the overlapping bytes the first one keeps, so that most
/// bytes agree.
pub(super) fn settle_overlap(
    base: &[u8],
    before: &[u8],
    between: &[u8],
    forth: usize,
    back: usize,
    overlap: usize,
) -> usize {
    let first = base.get(forth - overlap..forth).unwrap_or_default();
    let start = before.len().saturating_sub(back);
    let second = before
        .get(start..start.saturating_add(overlap))
        .unwrap_or_default();
    let new = between.get(forth - overlap..forth).unwrap_or_default();
    let mut balance = 0_i64;
    let mut best = (0_i64, 0_usize);
    for (kept, ((new, first), second)) in (1..).zip(new.iter().zip(first).zip(second)) {
        balance += i64::from(new == first) - i64::from(new == second);
        if balance > best.0 {
            best = (balance, kept);
        }
    }
    best.1
}

/// Past this many more differing than agreeing bytes a stretch does not come back, and a file of
/// rubbish would be looked at again and again.
const GIVE_UP_BYTES: i64 = 1 << 16;
