//! Every schedule of the two threads, taken in turn by a model checker,
//! [shuttle](https://docs.rs/shuttle).
//!
//! In each of them the decoder ends, and what it answers is the same: the pipe keeps the order, so
//! what fails first in the stream is what is told. Run with
//!
//! ```sh
//! RUSTFLAGS='--cfg shuttle' \
//!     cargo test -p patchproof-patch --lib --target-dir target/shuttle schedules
//! ```
//!
//! Threads switch before they use a channel, where base or output fail, and where they end: they
//! share nothing but the channels and what is only read. How many schedules there are is pinned,
//! for a run that takes fewer than it should would pass. The numbers change with the calls to the
//! channels and with shuttle's version, and for no other reason.
//!
//! Seen to fail, by hand: a receiver that is forgotten where a record fails, and giving a block
//! back by a `send` without room for it, are deadlocks; no end sent, a hang-up not looked at, and
//! nothing given back fail by their answers and counts. With the room that there is, a give-back
//! that waits for room has the same schedules: it never waits. A panic is not modelled.

mod containers;
mod failing;
mod made;

use shuttle::scheduler::DfsScheduler;
use shuttle::{Config, Runner};

use super::feed::pump;
use super::pipe::Pipe;
use super::threads;
use made::{Apply, Feed, Made};

/// Runs every schedule there is and answers how many.
fn every_schedule(run: impl Fn() + Send + Sync + 'static) -> usize {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    Runner::new(DfsScheduler::new(None, false), config).run(run)
}

/// A line of the table: how many blocks, for how many the pipe has room, and the schedules of each
/// case.
fn line(blocks: usize, room: usize, cases: impl IntoIterator<Item = Made>) -> String {
    let counts = cases
        .into_iter()
        .map(|made| every_schedule(move || made.check()));
    let counts: Vec<_> = counts.map(|count| count.to_string()).collect();
    format!("{blocks} {room}: {}", counts.join(" "))
}

/// A table of schedules as it is, against the one that is pinned.
fn pinned(pinned: &[&str], cases: impl Fn(Made) -> Vec<Made>) {
    let mut found = Vec::new();
    for blocks in 1..=BLOCKS_MAX {
        for room in 1..=ROOM_MAX {
            found.push(line(blocks, room, cases(Made::whole(blocks, room))));
        }
    }
    assert!(
        pinned == found,
        "the schedules were\n{}\nand are\n{}",
        pinned.join("\n"),
        found.join("\n"),
    );
}

#[test]
fn where_nothing_fails_every_schedule_ends_with_the_right_bytes() {
    pinned(&NOTHING_FAILS, |made| vec![made]);
}

#[test]
fn a_patch_that_cannot_be_read_ends_every_schedule_with_that_error() {
    pinned(&FEED_FAILS, |made| made.with_feed(Feed::Read));
}

#[test]
fn a_patch_that_cannot_be_decompressed_ends_every_schedule_with_that_error() {
    pinned(&FEED_FAILS, |made| made.with_feed(Feed::Frame));
}

#[test]
fn a_stream_that_is_cut_short_ends_every_schedule_with_that_error() {
    pinned(&CUT, |made| made.with_feed(Feed::Cut));
}

#[test]
fn a_base_that_cannot_be_read_ends_every_schedule_with_that_error() {
    pinned(&BASE_FAILS, |made| made.with_apply(Apply::Base));
}

#[test]
fn a_base_of_no_known_length_ends_every_schedule_with_that_error() {
    pinned(&NO_LENGTH, |made| made.with_apply(Apply::Length));
}

#[test]
fn an_output_that_cannot_be_written_ends_every_schedule_with_that_error() {
    pinned(&WRITE_FAILS, |made| made.with_apply(Apply::Write));
}

#[test]
fn an_output_that_cannot_be_flushed_ends_every_schedule_with_that_error() {
    pinned(&FLUSH_FAILS, |made| made.with_apply(Apply::Flush));
}

#[test]
fn where_both_sides_fail_every_schedule_tells_what_is_first_in_the_stream() {
    pinned(&BOTH_FAIL, |made| {
        let feeds = made.with_feed(Feed::Read).into_iter();
        feeds
            .flat_map(|made| made.with_apply(Apply::Base))
            .collect()
    });
}

/// Shows that the checker sees what it is there for: the real decoder drops its receiver first.
#[test]
#[should_panic(expected = "deadlock")]
fn a_receiver_that_outlives_its_error_is_found_as_a_deadlock() {
    every_schedule(|| {
        let (sender, receiver) = Pipe::bounded(1);
        threads::scope(|scope| {
            scope.spawn(move || pump(Made::whole(3, 1).feed_alone(), &sender, 1));
            receiver.next().unwrap();
        });
        drop(receiver);
    });
}

const BLOCKS_MAX: usize = 4;
const ROOM_MAX: usize = 2;
/// Codecs in C want more than shuttle gives.
const STACK_BYTES: usize = 256 << 10;
const NOTHING_FAILS: [&str; 8] = [
    "1 1: 48",
    "1 2: 40",
    "2 1: 684",
    "2 2: 500",
    "3 1: 9828",
    "3 2: 7000",
    "4 1: 141264",
    "4 2: 102500",
];
const FEED_FAILS: [&str; 8] = [
    "1 1: 4 48",
    "1 2: 4 40",
    "2 1: 4 48 684",
    "2 2: 4 40 500",
    "3 1: 4 48 684 9828",
    "3 2: 4 40 500 7000",
    "4 1: 4 48 684 9828 141264",
    "4 2: 4 40 500 7000 102500",
];
const CUT: [&str; 8] = [
    "1 1: 48",
    "1 2: 40",
    "2 1: 48 684",
    "2 2: 40 500",
    "3 1: 48 684 9828",
    "3 2: 40 500 7000",
    "4 1: 48 684 9828 141264",
    "4 2: 40 500 7000 102500",
];
const BASE_FAILS: [&str; 8] = [
    "1 1: 48",
    "1 2: 40",
    "2 1: 140 684",
    "2 2: 148 500",
    "3 1: 140 2040 9828",
    "3 2: 336 2340 7000",
    "4 1: 140 2040 29340 141264",
    "4 2: 336 5780 35700 102500",
];
const NO_LENGTH: [&str; 8] = [
    "1 1: 6", "1 2: 6", "2 1: 6", "2 2: 8", "3 1: 6", "3 2: 8", "4 1: 6", "4 2: 8",
];
const WRITE_FAILS: [&str; 8] = [
    "1 1: 48 48",
    "1 2: 40 40",
    "2 1: 140 140 684 684",
    "2 2: 148 148 500 500",
    "3 1: 140 140 2040 2040 9828 9828",
    "3 2: 336 336 2340 2340 7000 7000",
    "4 1: 140 140 2040 2040 29340 29340 141264 141264",
    "4 2: 336 336 5780 5780 35700 35700 102500 102500",
];
const FLUSH_FAILS: [&str; 8] = [
    "1 1: 48",
    "1 2: 40",
    "2 1: 684",
    "2 2: 500",
    "3 1: 9828",
    "3 2: 7000",
    "4 1: 141264",
    "4 2: 102500",
];
const BOTH_FAIL: [&str; 8] = [
    "1 1: 4 48",
    "1 2: 4 40",
    "2 1: 4 4 48 48 140 684",
    "2 2: 4 4 40 40 148 500",
    "3 1: 4 4 4 48 48 48 140 684 684 140 2040 9828",
    "3 2: 4 4 4 40 40 40 148 500 500 336 2340 7000",
    "4 1: 4 4 4 4 48 48 48 48 140 684 684 684 140 2040 9828 9828 140 2040 29340 141264",
    "4 2: 4 4 4 4 40 40 40 40 148 500 500 500 336 2340 7000 7000 336 5780 35700 102500",
];
