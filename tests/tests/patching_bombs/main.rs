//! Patches in which a decoder without bounds would drown: small files that decode to a gibibyte, to
//! a hundred million records, or that only say so.
//!
//! Bytes are counted, not time: what was written, and what of the heap was held, for which the
//! trials run one by one.

mod made;

use std::io::{self, Write};

use libtest_mimic::{Failed, Trial};
use patchproof_patch::{InflateError, Inflation, Limit, Limits, StreamError, plain};
use patchproof_tests::bench::Bench;
use patchproof_tests::claims;
use patchproof_tests::patches::{Columns, number, stream};
use patchproof_tests::trials::{held, one_by_one, same};

use crate::made::{column_bomb, control_only, zeros_in_a_frame};

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    let trial = |(name, body): (&str, Claim)| Trial::test(name, body);
    one_by_one(TRIALS.map(trial).into())
}

type Claim = fn() -> Answer;
type Answer = Result<(), Failed>;

const TRIALS: [(&str, Claim); 9] = claims![
    a_gibibyte_of_zeros_is_no_stream
    a_gibibyte_of_output_ends_at_the_limit
    a_hundred_million_empty_records_end_at_the_limit
    a_gibibyte_in_a_column_is_refused_by_its_header
    a_column_that_decodes_to_more_than_it_says_is_stopped_there
    a_record_that_adds_without_end_is_refused_at_once
    a_header_that_declares_everything_costs_nothing
    a_window_beyond_the_limit_costs_nothing
    a_bomb_leaves_no_file
];

fn a_gibibyte_of_zeros_is_no_stream() -> Answer {
    let bomb = zeros_in_a_frame(&[], GIBIBYTE)?;
    small(&bomb)?;
    let ran = run(&bomb);
    same(
        (ran.fault, ran.written, ran.held <= STREAMING),
        ("malformed", 0, true),
    )?;
    refused_plainly(&bomb, "over a limit")
}

fn a_gibibyte_of_output_ends_at_the_limit() -> Answer {
    let record = [&[0][..], &number(GIBIBYTE)].concat();
    let bomb = zeros_in_a_frame(&stream(&record), GIBIBYTE + 1)?;
    small(&bomb)?;
    let ran = run(&bomb);
    same((ran.fault, ran.held <= STREAMING), ("over a limit", true))?;
    same(ran.written <= limits().output_bytes_max, true)?;
    refused_plainly(&bomb, "over a limit")
}

fn a_hundred_million_empty_records_end_at_the_limit() -> Answer {
    let bomb = zeros_in_a_frame(&stream(&[]), 300_000_000)?;
    small(&bomb)?;
    let ran = run(&bomb);
    same(
        (ran.fault, ran.written, ran.held <= STREAMING),
        ("over a limit", 0, true),
    )?;
    refused_plainly(&bomb, "over a limit")?;
    // The records' own limit, not the stream's.
    let mut long = limits();
    long.stream_bytes_max = GIBIBYTE;
    let refused = Inflation::within(long).run(&bomb, &NO_BASE.as_slice(), &mut io::sink());
    let found = matches!(
        refused,
        Err(StreamError::Inflate(InflateError::OverLimit {
            limit: Limit::Records,
            ..
        }))
    );
    same(found, true)
}

fn a_gibibyte_in_a_column_is_refused_by_its_header() -> Answer {
    for codec in [1, 2] {
        let bomb = column_bomb(codec, GIBIBYTE, GIBIBYTE)?;
        small(&bomb)?;
        let ran = run(&bomb);
        same(
            (ran.fault, ran.written, ran.held <= NOTHING),
            ("over a limit", 0, true),
        )?;
        refused_plainly(&bomb, "over a limit")?;
    }
    Ok(())
}

fn a_column_that_decodes_to_more_than_it_says_is_stopped_there() -> Answer {
    for codec in [1, 2] {
        let bomb = column_bomb(codec, GIBIBYTE, 1000)?;
        small(&bomb)?;
        let ran = run(&bomb);
        same((ran.fault, ran.held <= STREAMING), ("malformed", true))?;
        same(ran.written <= 1000, true)?;
        let (refused, held) = held(&HEAP, || plain::inflate(&NO_BASE, &bomb, limits()));
        same(
            (class(refused.err().as_ref()), held <= STREAMING),
            ("malformed", true),
        )?;
    }
    Ok(())
}

/// Zeros that nobody packed: without changes, an add is as long as its number says.
fn a_record_that_adds_without_end_is_refused_at_once() -> Answer {
    for add in [100, 1 << 40, 1 << 62, u64::MAX] {
        let control = [number(add), vec![0, 0]].concat();
        let columns = [control, Vec::new(), Vec::new(), Vec::new()];
        for base in [None, Some(NO_BASE.as_slice())] {
            let bomb = Columns::new(1, base, b"abc", columns.clone()).build();
            let ran = run(&bomb);
            same(
                (ran.fault, ran.written, ran.held <= STREAMING),
                ("malformed", 0, true),
            )?;
            let (refused, held) = held(&HEAP, || plain::inflate(&NO_BASE, &bomb, limits()));
            same(
                (class(refused.err().as_ref()), held <= NOTHING),
                ("malformed", true),
            )?;
        }
    }
    Ok(())
}

fn a_header_that_declares_everything_costs_nothing() -> Answer {
    let patch = column_bomb(1, 1000, 1000)?;
    for field in [16, 56].into_iter().chain((96..176).step_by(8)) {
        let mut bomb = patch.clone();
        let place = bomb
            .get_mut(field..field + 8)
            .ok_or("a header has 176 bytes")?;
        place.copy_from_slice(&u64::MAX.to_le_bytes());
        let ran = run(&bomb);
        same(
            (ran.fault != "taken", ran.written, ran.held <= NOTHING),
            (true, 0, true),
        )?;
        let (refused, held) = held(&HEAP, || plain::inflate(&NO_BASE, &bomb, limits()));
        same(
            (class(refused.err().as_ref()) != "taken", held <= NOTHING),
            (true, true),
        )?;
    }
    Ok(())
}

fn a_window_beyond_the_limit_costs_nothing() -> Answer {
    // 2^27 and an eighth, up to what the format can say.
    for window in [(17 << 3) + 1, 18 << 3, 0xf8, 0xff] {
        let block = [0x28, 0xb5, 0x2f, 0xfd, 0, window, 1, 0, 0];
        let columns = [vec![0, 0, 0], Vec::new(), Vec::new(), Vec::new()];
        let column = Columns::new(1, None, b"", columns).around(&control_only(&block));
        for bomb in [&block[..], &column] {
            let ran = run(bomb);
            same(
                (ran.fault, ran.written, ran.held <= NOTHING),
                ("over a limit", 0, true),
            )?;
            let (refused, held) = held(&HEAP, || plain::inflate(&NO_BASE, bomb, limits()));
            same(
                (class(refused.err().as_ref()), held <= NOTHING),
                ("over a limit", true),
            )?;
        }
    }
    Ok(())
}

fn a_bomb_leaves_no_file() -> Answer {
    let bench = Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"));
    let record = [&[0][..], &number(GIBIBYTE)].concat();
    bench.put("base", b"ab");
    bench.put("bomb", &zeros_in_a_frame(&stream(&record), GIBIBYTE + 1)?);
    let ran = bench.run(&["apply", "base", "bomb", "-o", "output"]);
    patchproof_tests::bench::check(&ran, 1, &["asks for more"]);
    same(bench.path("output").exists(), false)
}

/// What a streaming inflate did.
struct Ran {
    fault: &'static str,
    written: u64,
    held: usize,
}

fn run(patch: &[u8]) -> Ran {
    let mut counted = Counted(0);
    let inflation = Inflation::within(limits());
    let (ran, held) = held(&HEAP, || {
        inflation.run(&patch, &NO_BASE.as_slice(), &mut counted)
    });
    let fault = match &ran {
        Err(StreamError::Inflate(error)) => class(Some(error)),
        Err(_) => "cannot be read",
        Ok(_) => "taken",
    };
    let written = counted.0;
    Ran {
        fault,
        written,
        held,
    }
}

/// The plain decoder holds whole streams, and not more than the limit on them allows.
fn refused_plainly(patch: &[u8], fault: &str) -> Answer {
    let (refused, held) = held(&HEAP, || plain::inflate(&NO_BASE, patch, limits()));
    let bound = usize::try_from(3 * limits().stream_bytes_max)?;
    same(
        (class(refused.err().as_ref()), held <= bound),
        (fault, true),
    )
}

fn class(error: Option<&InflateError>) -> &'static str {
    match error {
        Some(InflateError::OverLimit { .. }) => "over a limit",
        Some(InflateError::Malformed(_)) => "malformed",
        Some(_) => "otherwise",
        None => "taken",
    }
}

/// Counts what it is given and keeps nothing.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += u64::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn small(bomb: &[u8]) -> Answer {
    match bomb.len() {
        0..65_536 => Ok(()),
        size => Err(format!("no bomb: it has {size} bytes itself").into()),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::for_base(0);
    limits.records_max = 1 << 20;
    limits.output_bytes_max = 32 << 20;
    limits.stream_bytes_max = 48 << 20;
    limits
}

const NO_BASE: [u8; 0] = [];
const GIBIBYTE: u64 = 1 << 30;
/// A window of zstd or brotli that a bomb here asks for, and the blocks between the threads.
const STREAMING: usize = 8 << 20;
/// Buffers, and no window.
const NOTHING: usize = 1 << 20;
