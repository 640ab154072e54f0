//! The other commands as processes, over made files.

mod looking;
mod patching;

use patchproof_tests::bench::Bench;

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}
