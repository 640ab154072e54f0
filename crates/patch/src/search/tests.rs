//! The laws of a search: it covers the new file, stays inside the base, and finds what is there.

use super::*;

const EFFORT: Effort = Effort {
    candidates_max: 64,
    slack_bytes: 6,
};

fn search(base: &[u8], new: &[u8]) -> Vec<Match> {
    Files::of(base, new).matches(EFFORT)
}

/// Bytes without repetition.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    let step = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(step).take(count).collect()
}

fn covers(base: &[u8], new: &[u8], found: &[Match]) {
    let mut at = 0;
    for it in found {
        assert_eq!(it.new_at, at, "no gap and no overlap");
        assert!(it.new_at + it.add_bytes <= it.end && it.base_at + it.add_bytes <= base.len());
        at = it.end;
    }
    assert_eq!(at, new.len());
}

fn new_bytes(found: &[Match]) -> usize {
    found
        .iter()
        .map(|it| it.end - it.new_at - it.add_bytes)
        .sum()
}

#[test]
fn equal_files_are_one_match() {
    let base = noise(1, 10_000);
    let found = search(&base, &base);
    covers(&base, &base, &found);
    assert_eq!(found.len(), 1);
    assert_eq!(new_bytes(&found), 0);
}

#[test]
fn an_insertion_costs_its_own_bytes_only() {
    let base = noise(1, 10_000);
    let mut new = base.clone();
    new.splice(5000..5000, noise(2, 100));
    let found = search(&base, &new);
    covers(&base, &new, &found);
    assert!(new_bytes(&found) <= 110, "{}", new_bytes(&found));
}

#[test]
fn a_moved_block_is_found_where_it_went() {
    let base = noise(1, 10_000);
    let new = [&base[6000..], &base[..6000]].concat();
    let found = search(&base, &new);
    covers(&base, &new, &found);
    assert!(new_bytes(&found) <= 16, "{}", new_bytes(&found));
}

#[test]
fn scattered_changes_stay_within_one_stretch() {
    let base = noise(1, 10_000);
    let mut new = base.clone();
    for at in (50..10_000).step_by(97) {
        new[at] ^= 1;
    }
    let found = search(&base, &new);
    covers(&base, &new, &found);
    assert_eq!((found.len(), new_bytes(&found)), (1, 0));
}

#[test]
fn files_too_short_for_a_key_are_covered_too() {
    for (base, new) in [
        (&b""[..], &b""[..]),
        (b"", b"new"),
        (b"base", b""),
        (b"abc", b"abd"),
    ] {
        covers(base, new, &search(base, new));
    }
}

#[test]
fn rubbish_is_new_bytes_and_ends() {
    let (base, new) = (noise(1, 50_000), noise(2, 50_000));
    let found = search(&base, &new);
    covers(&base, &new, &found);
}
