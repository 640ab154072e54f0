//! `verify-release` as a process, over made files: each missing input and each broken link by its
//! exit code and its words.

mod broken;
mod inputs;
mod printing;

use patchproof_tests::bench::Bench;

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}
