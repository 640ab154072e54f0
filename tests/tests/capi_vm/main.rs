//! The C library under a C program whose engine is the real Dart VM: nothing is simulated but the
//! server, which is on this machine.

mod examples;
mod phone;
mod soak;
mod stories;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_testkit::{corpora, vm};

fn main() -> ExitCode {
    let stories = stories::STORIES.iter().chain(&examples::STORIES);
    let trials = stories.chain(&soak::STORIES);
    let trials = trials.map(|(name, story)| {
        let trial = corpora::trial(*name, &ARTEFACTS, story);
        trial.with_ignored_flag(!vm::runs_here())
    });
    let trials: Vec<Trial> = trials.collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A claim, and what shows it, over [`ARTEFACTS`].
pub(crate) type Story = (
    &'static str,
    fn(&[std::path::PathBuf]) -> Result<(), libtest_mimic::Failed>,
);

/// A small library that no VM has to run; 0 is what was shipped.
pub(crate) fn made(number: u64) -> Vec<u8> {
    let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    match number {
        0 => made.build(),
        number => made.edited(number).build(),
    }
}

/// The runtime, what was shipped, its neighbour by the same compiler, and a library by another one.
const ARTEFACTS: [&str; 4] = [
    "sass-embedded-linux-x64@1.97.2/dart",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
    "sass-embedded-linux-x64@1.89.0/sass.snapshot",
];
