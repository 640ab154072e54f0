//! Streams of the transform that lie. Each is refused with an error that blames the patch, by both
//! inverses, and costs what it is long and the base is, and not what it says.

use std::io::{self, Write as _};

use libtest_mimic::Failed;
use patchproof_dart_delta::{DartDelta, PlainDartDelta};
use patchproof_patch::{InflateError, PlainTransform as _, StreamError, Transform as _};
use patchproof_tests::patches::number;
use patchproof_tests::trials::{held, same};
use peak_alloc::PeakAlloc;

use crate::large::{grown_records, large_map, without_ranks};

/// A base, a stream, and what the records give.
pub(crate) struct Lie {
    pub(crate) base: Vec<u8>,
    pub(crate) side: Vec<u8>,
    pub(crate) seen: Vec<u8>,
}

impl Lie {
    /// Refused by view or by inverse, the same by both, and cheaply.
    pub(crate) fn is_refused(&self, heap: &PeakAlloc) -> Result<(), Failed> {
        let (streamed, by_stream) = held(heap, || self.streamed());
        let (plain, by_plain) = held(heap, || self.plain());
        same(streamed.err().is_some_and(|error| blames(&error)), true)?;
        same(matches!(plain, Err(InflateError::Malformed(_))), true)?;
        let worth = 4 * self.base.len() + 24 * self.side.len() + 4 * self.seen.len();
        let most = worth + (256 << 10);
        if by_stream > most || by_plain > 2 * most {
            return Err(format!("{by_stream} and {by_plain} bytes, {most} allowed").into());
        }
        Ok(())
    }

    fn streamed(&self) -> Result<(), StreamError> {
        let (base, mut output) = (self.base.as_slice(), io::sink());
        DartDelta.view(&base, &self.side)?;
        let mut inverse = DartDelta.inverse(&base, &self.side, &mut output)?;
        for bytes in self.seen.chunks(1000) {
            inverse.write_all(bytes).map_err(StreamError::Write)?;
        }
        inverse.flush().map_err(StreamError::Write)
    }

    fn plain(&self) -> Result<(), InflateError> {
        PlainDartDelta.view(&self.base, &self.side)?;
        let most = 1 << 40;
        PlainDartDelta.inverse(&self.seen, &self.base, &self.side, most)?;
        Ok(())
    }
}

fn blames(error: &StreamError) -> bool {
    match error {
        StreamError::Inflate(InflateError::Malformed(_)) => true,
        StreamError::Write(error) => error
            .get_ref()
            .is_some_and(|inner| inner.downcast_ref::<InflateError>().is_some()),
        _ => false,
    }
}

/// A stream over a base of 100 zeros, which is seen as it is.
fn over_zeros(side: &[&[u8]]) -> Lie {
    Lie {
        base: vec![0; 100],
        side: side.concat(),
        seen: vec![0; 100],
    }
}

/// The same with these tokens behind 100 zeros, and everything behind the maps of code.
fn over_tokens(behind: &[&[u8]]) -> Lie {
    let tokens = [0x81, 0x01, 0x82, 0x83, 0x01, 0x84];
    let regions = [2, 0, 100, 2, 6];
    Lie {
        base: [&[0; 100][..], &tokens].concat(),
        side: [&regions[..], &regions, &[0; 5], &behind.concat()].concat(),
        seen: vec![0; 106],
    }
}

/// A base that ends with a table, a stream that says so.
pub(crate) fn over_table(kind: u8, table: &[u8]) -> Lie {
    let length = number(u64::try_from(table.len()).unwrap_or(u64::MAX));
    let base = [&[0; 100][..], table].concat();
    let side = [&[2, 0, 100, kind][..], &length, &[0], &[0; 5], REST].concat();
    Lie {
        base,
        side,
        seen: Vec::new(),
    }
}

/// What is seen of an instructions table, with ranks of maps and entries; the base has none.
fn ranked(maps: &[u8], entries: &[u8]) -> Lie {
    let length = |bytes: &[u8]| number(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    // Two functions with a map each, and an entry for each map.
    let functions = [1, 0, 0, 1, 5, 8, 0, 0xaa, 1, 0, 0, 1, 6, 8, 0, 0xbb];
    let seen = [&[0; 16][..], &functions].concat();
    let regions = [&[1, 0, 100][..], &[1, 4], &length(&seen)].concat();
    let ranks = [&length(maps)[..], maps, &length(entries), entries].concat();
    Lie {
        base: vec![0; 100],
        side: [&regions[..], &[0; 5], REST, &ranks].concat(),
        seen,
    }
}

/// Of the raw region 100 bytes long, on both sides.
const RAW: &[u8] = &[1, 0, 100, 1, 0, 100];
/// No maps.
pub(crate) const NO_MAPS: &[u8] = &[0; 5];
/// No map of columns, no run, no form, both code addresses 0, places of one byte, no map of fields.
pub(crate) const REST: &[u8] = &[0, 0, 0, 0, 0, 1, 0];

type Named = (&'static str, fn() -> Lie);

pub(crate) const LIES: &[Named] = &[
    ("more_regions_than_there_may_be", || {
        over_zeros(&[&number(1 << 40)])
    }),
    ("regions_that_are_not_there", || {
        over_zeros(&[&number(1 << 10)])
    }),
    ("a_region_of_a_kind_that_is_not_known", || {
        over_zeros(&[&[1, 10, 100, 1, 0, 100], NO_MAPS, REST])
    }),
    ("a_region_that_ends_behind_the_file", || {
        over_zeros(&[&[1, 0, 101, 1, 0, 100], NO_MAPS, REST])
    }),
    ("a_region_that_ends_before_the_file", || {
        over_zeros(&[&[1, 0, 99, 1, 0, 100], NO_MAPS, REST])
    }),
    ("regions_whose_lengths_overflow", || {
        let long = number(u64::MAX);
        over_zeros(&[&[2, 0], &long, &[0], &long, &[1, 0, 100], NO_MAPS, REST])
    }),
    (
        "regions_of_the_output_that_are_longer_than_any_file",
        || over_zeros(&[&[1, 0, 100, 1, 0], &number(1 << 33), NO_MAPS, REST]),
    ),
    ("an_output_that_is_longer_than_its_regions", || {
        over_zeros(&[&[1, 0, 100, 1, 0, 99], NO_MAPS, REST])
    }),
    ("an_output_that_is_shorter_than_its_regions", || {
        over_zeros(&[&[1, 0, 100, 1, 0, 101], NO_MAPS, REST])
    }),
    ("breakpoints_that_are_not_there", || {
        over_zeros(&[RAW, &number(1 << 22)])
    }),
    ("more_breakpoints_than_there_may_be", || {
        over_zeros(&[RAW, &number(1 << 50)])
    }),
    ("a_breakpoint_beyond_all_values", || {
        over_zeros(&[RAW, &[1], &number(1 << 42), &[2], &[0; 4], REST])
    }),
    ("a_breakpoint_at_the_lowest_of_all_numbers", || {
        over_zeros(&[RAW, &[1], &number(u64::MAX), &[2], &[0; 4], REST])
    }),
    ("a_shift_beyond_all_values", || {
        over_zeros(&[RAW, &[1, 0], &number(1 << 42), &[0; 4], REST])
    }),
    ("shifts_whose_sum_overflows", || {
        let most = number(u64::MAX - 1);
        over_zeros(&[RAW, &[2, 0], &most, &[1], &most, &[0; 4], REST])
    }),
    ("breakpoints_that_do_not_rise", || {
        over_zeros(&[RAW, &[2, 0, 2, 0, 2], &[0; 4], REST])
    }),
    ("a_breakpoint_that_turns_nothing", || {
        over_zeros(&[RAW, &[1, 0, 0], &[0; 4], REST])
    }),
    ("a_stream_full_of_breakpoints_and_then_no_end", || {
        let many = 200_000_usize;
        let map = [number(200_000), [1, 2, 1, 1].repeat(many / 2)].concat();
        over_zeros(&[RAW, &map])
    }),
    ("more_maps_of_columns_than_there_may_be", || {
        over_tokens(&[&[17], &[0; 17], &[0, 0, 0, 0, 1, 0]])
    }),
    ("a_run_behind_the_last_token", || {
        over_tokens(&[&[1, 0], &[1, 4, 1, 1, 0], &[0, 0, 0, 1, 0]])
    }),
    ("a_run_that_goes_on_behind_the_last_token", || {
        over_tokens(&[
            &[1, 0],
            &[1, 0],
            &number(1 << 31),
            &[1, 0],
            &[0, 0, 0, 1, 0],
        ])
    }),
    ("two_runs_with_one_token", || {
        over_tokens(&[&[1, 0], &[2, 1, 2, 1, 0, 1, 1, 1, 0], &[0, 0, 0, 1, 0]])
    }),
    ("a_run_of_no_tokens", || {
        over_tokens(&[&[1, 0], &[1, 0, 0, 1, 0], &[0, 0, 0, 1, 0]])
    }),
    ("a_run_that_stands_still", || {
        over_tokens(&[&[1, 0], &[1, 0, 1, 0, 0], &[0, 0, 0, 1, 0]])
    }),
    ("a_run_of_a_map_that_is_not_there", || {
        over_tokens(&[&[1, 0], &[1, 0, 1, 1, 1], &[0, 0, 0, 1, 0]])
    }),
    ("runs_that_are_not_there", || {
        over_tokens(&[&[1, 0], &number(1 << 16)])
    }),
    ("forms_that_are_not_there", || {
        over_zeros(&[RAW, NO_MAPS, &[0, 0], &number(1 << 10)])
    }),
    ("a_field_of_a_kind_that_is_not_known", || {
        over_zeros(&[RAW, NO_MAPS, &[0, 0, 1, 1, 8], &[0, 0, 1, 0]])
    }),
    ("records_that_are_seen_longer_than_the_base", grown_records),
    ("places_of_three_bytes", || {
        over_zeros(&[RAW, NO_MAPS, &[0, 0, 0, 0, 0, 3, 0]])
    }),
    ("something_behind_the_end", || {
        over_zeros(&[RAW, NO_MAPS, REST, &[0]])
    }),
    ("a_dispatch_table_that_names_an_empty_place", || {
        over_table(3, &[0xbf])
    }),
    ("a_dispatch_table_with_an_entry_of_six_bytes", || {
        over_table(3, &[0, 0, 0, 0, 0, 0xc1])
    }),
    ("a_dispatch_table_that_is_cut_short", || {
        over_table(3, &[0xc0, 1])
    }),
    ("a_dispatch_table_that_is_seen_longer_than_the_base", || {
        over_table(3, &[0xff; 100])
    }),
    (
        "an_instructions_table_that_lies_about_its_functions",
        || {
            let words = [16, u32::MAX, 0, 0, 1].map(u32::to_le_bytes);
            over_table(4, &words.concat())
        },
    ),
    ("an_instructions_table_whose_entries_lie_behind_it", || {
        let words = [u32::MAX, 0, 0, 0, 1].map(u32::to_le_bytes);
        over_table(4, &words.concat())
    }),
    ("an_instructions_table_whose_maps_lie_behind_it", || {
        let words = [24, 1, 0, 0, 5, u32::MAX, 1].map(u32::to_le_bytes);
        over_table(4, &words.concat())
    }),
    (
        "an_instructions_table_whose_one_map_is_seen_without_end",
        large_map,
    ),
    ("a_rank_out_of_range", || ranked(&[0, 0], &[0, 9])),
    ("a_rank_before_the_first", || ranked(&[1, 0], &[0, 0])),
    ("a_rank_that_is_taken_already", || ranked(&[0, 1], &[0, 0])),
    ("a_rank_too_few", || ranked(&[0], &[0, 0])),
    ("a_rank_too_many", || ranked(&[0, 0], &[0, 0, 0])),
    ("many_entries_and_maps_without_a_rank", without_ranks),
    ("a_rank_that_overflows", || {
        ranked(&[0, 0], &[&[0][..], &number(u64::MAX - 1)].concat())
    }),
];
