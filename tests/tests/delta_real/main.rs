//! The Dart-aware transform over real libraries: what it makes is a fraction of Shorebird's patch,
//! comes back from both inverses, is the same every time, and runs in the real Dart VM.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed};
use patchproof_dart_delta::{DartDelta, ID, KNOWN, PlainDartDelta};
use patchproof_patch::{
    CodecChoice, Header, Inflation, Limits, MakeOptions, make_through, make_with, plain,
};
use patchproof_testkit::{corpora, vm};
use patchproof_tests::patches::shorebirds;
use patchproof_tests::trials::same;

fn main() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    // Each holds several libraries and what is learned of them.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let mut trials = Vec::new();
    for ([base, new], permille_max) in PAIRS {
        let name = format!("a_real_pair_shrinks_and_comes_back::{base}");
        let trial = move |paths: &[PathBuf]| shrinks(paths, permille_max);
        let trial = corpora::trial(name, &[base, new], trial);
        trials.push(trial.with_ignored_flag(is_slow(base)));
    }
    let name = "a_real_patch_is_the_same_every_time";
    trials.push(corpora::trial(name, &PAIRS[0].0, every_time));
    let name = "a_real_patch_is_the_same_from_two_threads_at_once";
    trials.push(corpora::trial(name, &PAIRS[1].0, at_once));
    let name = "a_thorough_search_without_the_transform_saves_less_than_half_of_a_quick_one";
    trials.push(corpora::trial(name, &PAIRS[0].0, thorough));
    let name = "a_library_for_another_machine_is_patched_without_the_transform_or_no_worse";
    trials.push(corpora::trial(name, &ACROSS, no_worse).with_ignored_flag(true));
    let name = "the_largest_pair_is_made_within_a_gibibyte_of_memory";
    trials.push(corpora::trial(name, &LARGEST, within_a_gibibyte).with_ignored_flag(true));
    let name = "what_comes_out_of_a_patch_runs_in_the_real_vm";
    trials.push(corpora::trial(name, &RUNS, runs).with_ignored_flag(!vm::runs_here()));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Where the thorough search without the transform is made as well, or a pair much like another:
/// `ci --full` runs these.
fn is_slow(base: &str) -> bool {
    let slow = ["sass-embedded-android-arm@", "sass-embedded-darwin-x64@"];
    slow.iter().any(|package| base.starts_with(package))
}

type Answer = Result<(), Failed>;

fn shrinks(paths: &[PathBuf], permille_max: usize) -> Answer {
    let (base, new) = pair(paths)?;
    let patch = made(&base, &new)?;
    same(transform(&patch)?, ID)?;
    comes_back(&base, &patch, &new)?;
    let theirs = shorebirds(&base, &new).len();
    println!("{} of {theirs} bytes", patch.len());
    let permille = patch.len() * 1000 / theirs;
    if permille > permille_max {
        return Err(format!("{permille} of a thousand, where {permille_max} are allowed").into());
    }
    Ok(())
}

fn every_time(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    same(made(&base, &new)? == made(&base, &new)?, true)
}

/// Each of the two has fewer processors than alone, and its own threads end in another order.
fn at_once(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    let alone = made(&base, &new)?;
    let beside = || made(&base, &new).map_err(|error| error.message().map(str::to_owned));
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(beside);
        let other = beside();
        (one.join(), other)
    });
    let one = one.map_err(|_| "it panicked")?;
    same(one == Ok(alone.clone()) && other == Ok(alone), true)
}

/// Where a patch through the transform is four times smaller than a quick one without, the
/// thorough search without it is left out: that must not be where it could win.
fn thorough(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    let with = |codec, level| {
        let options = MakeOptions::patchproof(codec).at_level(level);
        make_with(&base, &new, options).map(|patch| patch.len())
    };
    let (quick, thorough) = (with(CodecChoice::Zstd, 9)?, with(CodecChoice::Auto, 19)?);
    println!("{quick} and {thorough} bytes");
    same(thorough * 2 > quick, true)
}

fn no_worse(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    let patch = made(&base, &new)?;
    comes_back(&base, &patch, &new)?;
    let without = make_with(&base, &new, MakeOptions::patchproof(CodecChoice::Auto))?;
    same(patch.len() <= without.len(), true)
}

/// What it asks the system for counts, be it used or not: that is more than it holds.
fn within_a_gibibyte(paths: &[PathBuf]) -> Answer {
    let folder = tempfile::tempdir()?;
    let patch = folder.path().join("patch");
    let diff = "ulimit -v 1048576 && exec \"$0\" diff --container patchproof --codec auto \"$@\"";
    let mut limited = Command::new("sh");
    limited.args(["-c", diff, env!("CARGO_BIN_EXE_patchproof_under_test")]);
    let output = limited.args(paths).arg("-o").arg(&patch).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    same(output.status.code(), Some(0)).map_err(|_| said)?;
    let (base, new) = pair(paths)?;
    let patch = fs::read(patch)?;
    same(transform(&patch)?, ID)?;
    comes_back(&base, &patch, &new)
}

fn runs(paths: &[PathBuf]) -> Answer {
    let [runtime, base, new] = paths else {
        return Err("three paths were asked for".into());
    };
    let (base, new) = (fs::read(base)?, fs::read(new)?);
    let patch = made(&base, &new)?;
    same(transform(&patch)?, ID)?;
    let folder = tempfile::tempdir()?;
    let library = folder.path().join("libapp.so");
    fs::write(&library, streamed(&base, &patch)?)?;
    says(runtime, &library, "1.97.3")
}

fn says(runtime: &Path, library: &Path, version: &str) -> Answer {
    let answer = vm::run(runtime, library)?;
    same(answer.exit_code, 0)?;
    same(answer.first_line().starts_with(version), true)
}

fn made(base: &[u8], new: &[u8]) -> Result<Vec<u8>, Failed> {
    let options = MakeOptions::patchproof(CodecChoice::Auto);
    Ok(make_through(base, new, options, KNOWN)?)
}

fn transform(patch: &[u8]) -> Result<u16, Failed> {
    let header = Header::of(patch).ok_or("it has no header")??;
    Ok(header.transform)
}

fn comes_back(base: &[u8], patch: &[u8], new: &[u8]) -> Answer {
    let limits = Limits::for_base(u64::try_from(base.len())?);
    let plainly = plain::inflate_through(base, patch, limits, &[&PlainDartDelta])?;
    same(plainly == new, true)?;
    same(streamed(base, patch)? == new, true)
}

fn streamed(base: &[u8], patch: &[u8]) -> Result<Vec<u8>, Failed> {
    let limits = Limits::for_base(u64::try_from(base.len())?);
    let mut output = Vec::new();
    Inflation::within(limits)
        .with_transforms(&[&DartDelta])
        .run(&patch, &base, &mut output)?;
    Ok(output)
}

fn pair(paths: &[PathBuf]) -> Result<(Vec<u8>, Vec<u8>), Failed> {
    let [base, new] = paths else {
        return Err("two paths were asked for".into());
    };
    Ok((fs::read(base)?, fs::read(new)?))
}

/// A pair, and how many thousandths of Shorebird's patch ours may have.
type Shrinking = ([&'static str; 2], usize);

/// Split and unified layout, four machines; those for 32 bit differ a lot. An eighth of Shorebird's
/// patch for a Mach-O library are the hashes of pages in its code signature, which no search
/// shortens.
const PAIRS: [Shrinking; 6] = [
    (
        [
            "sass-embedded-linux-x64@1.97.2/sass.snapshot",
            "sass-embedded-linux-x64@1.97.3/sass.snapshot",
        ],
        120,
    ),
    (
        [
            "sass-embedded-android-arm64@1.104.0/sass.snapshot",
            "sass-embedded-android-arm64@1.104.1/sass.snapshot",
        ],
        140,
    ),
    (
        [
            "sass-embedded-linux-riscv64@1.97.2/sass.snapshot",
            "sass-embedded-linux-riscv64@1.97.3/sass.snapshot",
        ],
        120,
    ),
    (
        [
            "sass-embedded-android-arm@1.93.2/sass.snapshot",
            "sass-embedded-android-arm@1.93.3/sass.snapshot",
        ],
        400,
    ),
    (
        [
            "sass-embedded-darwin-arm64@1.104.0/sass.snapshot",
            "sass-embedded-darwin-arm64@1.104.1/sass.snapshot",
        ],
        220,
    ),
    (
        [
            "sass-embedded-darwin-x64@1.104.0/sass.snapshot",
            "sass-embedded-darwin-x64@1.104.1/sass.snapshot",
        ],
        220,
    ),
];

const ACROSS: [&str; 2] = [
    "sass-embedded-linux-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-riscv64@1.97.1/sass.snapshot",
];

const LARGEST: [&str; 2] = [
    "flet-desktop@0.28.2/libapp.so",
    "flet-desktop@0.28.3/libapp.so",
];

const RUNS: [&str; 3] = [
    "sass-embedded-linux-x64@1.97.2/dart",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
];
