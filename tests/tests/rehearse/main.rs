//! `patchproof rehearse` and the link `rehearsal`, over made files; and faults that are found.

#[cfg(test)]
mod command;
#[cfg(test)]
mod faulty;
#[cfg(test)]
mod link;
#[cfg(test)]
mod planted;

#[cfg(test)]
use patchproof_tests::bench::Bench;

#[cfg(test)]
fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}
