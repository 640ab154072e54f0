//! Hostile bytes: no panic, no memory beyond a small multiple of the file, no second opinion that
//! differs from what was read.
//!
//! Files made here and real ones are changed at random, above all where their tables lie; other
//! files are built so that a reader without bounds would drown in them. The same changes are tried
//! in every run; `PROPTEST_CASES=100000` tries as many of each, and others each time. The heap is
//! counted for the whole process, so the trials run one by one.

mod drowning;
mod drowning_files;
mod files;
mod hunt;
mod memory;
mod mutation;

use std::fs;

use libtest_mimic::Trial;
use patchproof_testkit::corpora;
use patchproof_testkit::made::{
    Container, Embedder, Layout, Machine, MadeEngine, MadeSnapshot, NATURAL, Os,
};
use patchproof_tests::trials::one_by_one;

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    let trials = made_files().into_iter().chain(real_files());
    let trials = trials.chain(drowning::trials()).collect();
    one_by_one(trials)
}

/// Snapshots and engines of every natural kind.
fn made_files() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (container, machine) in NATURAL {
        for layout in [Layout::Split, Layout::Unified] {
            let name = format!("{container:?}_{machine:?}_{layout:?}").to_lowercase();
            let mut made = MadeSnapshot::new(container, machine, layout);
            // One half of the files each without what the other half has.
            made.section_headers = layout == Layout::Split || machine == Machine::X64;
            made.stripped = machine == Machine::X64;
            made.load_alignment_bytes = 4096;
            trials.push(made_trial(&format!("snapshot_{name}"), move || {
                made.build()
            }));
        }
        let name = format!("engine_{container:?}_{machine:?}").to_lowercase();
        let engine = MadeEngine::new(container, machine, Layout::Split, Embedder::Standalone);
        trials.push(made_trial(&name, move || engine.build()));
    }
    trials
}

fn made_trial(name: &str, build: impl FnOnce() -> Vec<u8> + Send + 'static) -> Trial {
    let name = format!("a_changed_made_file_is_read_safely::{name}");
    Trial::test(name, move || {
        let right = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
        let right = right.for_target(Os::Linux, Embedder::Standalone);
        let engine = MadeEngine::accepting(&right).build();
        hunt::hunt(&build(), &right.build(), &engine, MADE_CASES)
    })
}

fn real_files() -> Vec<Trial> {
    let trial = |id: &&str| {
        let name = format!("a_changed_real_file_is_read_safely::{id}");
        let ids = [*id, RIGHT_SNAPSHOT, RIGHT_ENGINE];
        corpora::trial(name, &ids, |paths| {
            let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
            let [file, right, engine] = &*files else {
                return Err("three paths were asked for".into());
            };
            hunt::hunt(file, right, engine, REAL_CASES)
        })
    };
    REAL.iter().map(trial).collect()
}

/// One of each kind: ELF32, ELF64 in both layouts, Mach-O, stripped, and both kinds of engine.
const REAL: [&str; 7] = [
    "sass-embedded-android-arm@1.93.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.104.1/sass.snapshot",
    "sass-embedded-darwin-arm64@1.104.1/sass.snapshot",
    "flet-desktop@0.28.2/libapp.so",
    "sass-embedded-linux-x64@1.97.2/dart",
    "flet-desktop@0.28.2/libflutter_linux_gtk.so",
];
const RIGHT_SNAPSHOT: &str = "sass-embedded-linux-x64@1.97.2/sass.snapshot";
const RIGHT_ENGINE: &str = "sass-embedded-linux-x64@1.97.2/dart";
const MADE_CASES: u32 = 1500;
const REAL_CASES: u32 = 150;
