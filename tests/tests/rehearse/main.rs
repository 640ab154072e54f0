//! `patchproof rehearse` and the link `rehearsal`, over made files; and faults that are found.

mod command;
mod faulty;
mod link;
mod planted;

use patchproof_tests::bench::Bench;

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}
