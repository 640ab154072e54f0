//! A real library of 5 MB: a simulated device takes a real patch.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use libtest_mimic::{Arguments, Failed};
use patchproof_patch::{MakeOptions, make_with};
use patchproof_rehearsal::{Arch, Cancel, Rehearsal, RehearsedPatch, rehearse};
use patchproof_report::ExitCode;
use patchproof_testkit::corpora;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let name = "a_simulated_device_takes_a_real_patch_and_survives_the_cuts";
    let trials = vec![corpora::trial(name, &PAIR, survives)];
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn survives(paths: &[PathBuf]) -> Result<(), Failed> {
    let [base, new] = paths else {
        return Err("two paths were asked for".into());
    };
    let (base, new) = (fs::read(base)?, fs::read(new)?);
    let patch = make_with(&base, &new, MakeOptions::shorebird().at_level(LEVEL))?;
    let patches = vec![RehearsedPatch::new("sass.patch", patch, new)];
    let begun = Instant::now();
    let rehearsal = Rehearsal::new(Arch::X64, base, patches);
    let rehearsed = rehearse(&rehearsal, &mut |_| {}, &Cancel::new())?;
    println!(
        "{} in {:?}; {:?}",
        rehearsed.extent(),
        begun.elapsed(),
        rehearsed.totals
    );
    if rehearsed.exit_code() != ExitCode::Verified {
        return Err(format!("{:#?}", rehearsed.findings).into());
    }
    Ok(())
}

const PAIR: [&str; 2] = [
    "sass-embedded-linux-x64@1.104.0/sass.snapshot",
    "sass-embedded-linux-x64@1.104.1/sass.snapshot",
];
const LEVEL: i32 = 9;
