//! Lies that are long, so that what they cost shows.

use patchproof_tests::patches::number;

use crate::lies::{Lie, NO_MAPS, REST, over_table};

/// Numbers of one byte that are seen with three.
pub(crate) fn grown_records() -> Lie {
    let count = 200_000;
    let length = number(count);
    let regions = [&[1, 8][..], &length, &[0], &[1, 0], &length].concat();
    // One form of one field, moved by the only map: from 0 on by 2^14.
    let layout = [&[1, 1, 3, 0][..], &[0, 0, 1], &[1, 1, 0], &number(1 << 15)].concat();
    Lie {
        base: vec![1; usize::try_from(count).unwrap_or(0)],
        side: [&regions[..], NO_MAPS, &[0, 0], &layout].concat(),
        seen: Vec::new(),
    }
}

/// What is seen of an instructions table with a map and an entry of its own for each function.
pub(crate) fn without_ranks() -> Lie {
    let function = |at: u32| {
        let [a, b, c, _] = at.to_le_bytes();
        [1, 0, 0, 1, 5, 24, 0, a, b, c]
    };
    let functions: Vec<u8> = (0..20_000).flat_map(function).collect();
    let seen = [&[0; 16][..], &functions].concat();
    let length = number(u64::try_from(seen.len()).unwrap_or(u64::MAX));
    let regions = [&[1, 0][..], &length, &[1, 4], &length].concat();
    Lie {
        base: vec![0; seen.len()],
        side: [&regions[..], NO_MAPS, REST, &[0, 0]].concat(),
        seen,
    }
}

/// A map of many pairs, all of them with one entry that is long.
pub(crate) fn large_map() -> Lie {
    let entry = [&number(8 * 20_000)[..], &[0], &[7; 20_000]].concat();
    let pairs = [1, 0].repeat(20_000);
    let word = |value: usize| u32::try_from(value).unwrap_or(0).to_le_bytes();
    let map_at = 24;
    let entries_at = map_at + 4 + pairs.len();
    let table = [
        &word(entries_at)[..],
        &word(1),
        &[0; 8],
        &word(5),
        &word(map_at),
        &word(pairs.len() << 2 | 2),
        &pairs,
        &word(entry.len() << 2 | 1),
        &entry,
    ];
    over_table(4, &table.concat())
}
