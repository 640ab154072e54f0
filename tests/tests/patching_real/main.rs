//! Real libraries: what is made of them comes back from every decoder, what Shorebird's tool makes
//! of them too, and a device has the memory to inflate them.
//!
//! Some pairs are in every run; all pairs of the corpus take minutes, and
//! `cargo test -p patchproof-tests --test patching_real -- --ignored every_pair` takes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed};
use patchproof_patch::{
    CodecChoice, DEFAULT_LEVEL, Inflation, Limits, MakeOptions, inflate, make_with, plain,
    reference,
};
use patchproof_testkit::corpora;
use patchproof_testkit::pairs::{Pair, Pairs};
use patchproof_tests::patches::{Columns, brotli, shorebirds};

fn main() -> std::process::ExitCode {
    let mut arguments = Arguments::from_args();
    // Each holds several libraries of 18 MB and its index of one.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let mut trials = Vec::new();
    for [base, new] in PAIRS {
        let name = format!("a_real_pair_comes_back_from_every_decoder::{base}");
        trials.push(corpora::trial(name, &[base, new], comes_back));
    }
    let [base, new] = PAIRS[0];
    let name = "what_shorebirds_tool_makes_of_a_real_pair_comes_back";
    trials.push(corpora::trial(name, &[base, new], shorebirds_comes_back));
    let name = "a_small_real_patch_is_no_larger_than_shorebirds";
    trials.push(corpora::trial(name, &SMALL, no_larger));
    let name = "every_pair_of_the_corpus_comes_back_from_every_decoder_and_is_no_larger";
    trials.push(corpora::trial(name, &[], every_pair).with_ignored_flag(true));
    for (codec, word) in [(1, "zstd"), (2, "brotli")] {
        let name = format!("eighteen_megabytes_are_inflated_in_twelve_mebibytes::{word}");
        let trial = corpora::trial(name, &LARGE, move |paths| fits(paths, codec));
        let linux = cfg!(target_os = "linux");
        trials.push(if linux {
            trial
        } else {
            trial.with_ignored_flag(true)
        });
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

type Answer = Result<(), Failed>;

fn comes_back(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    both_containers(&base, &new, LEVEL).map(drop)
}

/// Answers how large the `shorebird` container is.
fn both_containers(base: &[u8], new: &[u8], level: i32) -> Result<usize, Failed> {
    let limits = Limits::for_base(u64::try_from(base.len())?);
    let ours = make_with(base, new, MakeOptions::shorebird().at_level(level))?;
    gives(base, &ours, new)?;
    let device = reference(base, &ours, limits)?;
    same(&device, new, "the decoder on devices")?;
    let zstd = MakeOptions::patchproof(CodecChoice::Zstd).at_level(level);
    let patch = make_with(base, new, zstd)?;
    gives(base, &patch, new)?;
    gives(base, &in_brotli(&patch), new)?;
    Ok(ours.len())
}

fn shorebirds_comes_back(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    gives(&base, &shorebirds(&base, &new), &new)
}

/// Where all of a patch is a few thousand bytes, a second search and a second look are what makes
/// up for a window of an eighth.
fn no_larger(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    let ours = make_with(&base, &new, MakeOptions::shorebird())?.len();
    smaller(ours, shorebirds(&base, &new).len())
}

/// Of all neighbours that there are: ours through Shorebird's decoder, Shorebird's through ours.
fn every_pair(_: &[PathBuf]) -> Answer {
    let pairs = Pairs::of_corpus()?;
    if pairs.count() == 0 {
        return Err("the corpus has no pair".into());
    }
    for pair in pairs.all() {
        println!("{}", pair.name());
        one_pair(pair).map_err(|failed| {
            let message = failed.message().unwrap_or("failed");
            format!("{}: {message}", pair.name())
        })?;
    }
    Ok(())
}

fn one_pair(pair: &Pair) -> Answer {
    let (base, new) = (fs::read(&pair.base.path)?, fs::read(&pair.new.path)?);
    let ours = both_containers(&base, &new, DEFAULT_LEVEL)?;
    let theirs = shorebirds(&base, &new);
    gives(&base, &theirs, &new)?;
    smaller(ours, theirs.len())
}

fn smaller(ours: usize, theirs: usize) -> Answer {
    if ours <= theirs {
        return Ok(());
    }
    Err(format!("{ours} bytes, and Shorebird's has {theirs}").into())
}

fn gives(base: &[u8], patch: &[u8], new: &[u8]) -> Answer {
    let limits = Limits::for_base(u64::try_from(base.len())?);
    same(
        &plain::inflate(base, patch, limits)?,
        new,
        "the plain decoder",
    )?;
    same(&inflate(base, patch, limits)?, new, "both decoders")?;
    let mut output = Vec::new();
    Inflation::within(limits).run(&patch, &base, &mut output)?;
    same(&output, new, "the streaming decoder")
}

/// The same patch under the other codec: the windows, which are what a decoder holds, are as large
/// as those of a patch that was made with it, and it is packed in a tenth of the time.
fn in_brotli(patch: &[u8]) -> Vec<u8> {
    let mut columns = Columns::of(patch);
    columns.codec = 2;
    let packed = columns
        .columns
        .each_ref()
        .map(|column| match column.is_empty() {
            true => Vec::new(),
            false => brotli(column, 5, 21),
        });
    columns.around(&packed)
}

/// Peak resident memory of a process that inflates, above that of one that does nothing.
fn fits(paths: &[PathBuf], codec: u8) -> Answer {
    let (base, new) = pair(paths)?;
    let options = MakeOptions::patchproof(CodecChoice::Zstd);
    let mut patch = make_with(&base, &new, options)?;
    if codec == 2 {
        patch = in_brotli(&patch);
    }
    let folder = tempfile::tempdir()?;
    let [patch_path, output] = ["patch", "output"].map(|name| folder.path().join(name));
    fs::write(&patch_path, &patch)?;
    let [base_path, _] = paths else {
        return Err("two paths were asked for".into());
    };
    let idle = peak_kib(&[])?;
    let busy = peak_kib(&[base_path, &patch_path, &output])?;
    same(&fs::read(&output)?, &new, "the process")?;
    let above = busy.saturating_sub(idle);
    println!("codec {codec}: {above} KiB above the {idle} KiB of a process that does nothing");
    if above > 12 << 10 {
        return Err(format!("{above} KiB were held").into());
    }
    Ok(())
}

fn peak_kib(arguments: &[&Path]) -> Result<u64, Failed> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_inflate_under_test"));
    let ran = process.args(arguments).output()?;
    let said = String::from_utf8(ran.stdout)?;
    let number = said
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok());
    let error = String::from_utf8_lossy(&ran.stderr).into_owned();
    number.ok_or_else(|| format!("it said {said:?} and {error:?}").into())
}

fn pair(paths: &[PathBuf]) -> Result<(Vec<u8>, Vec<u8>), Failed> {
    let [base, new] = paths else {
        return Err("two paths were asked for".into());
    };
    Ok((fs::read(base)?, fs::read(new)?))
}

fn same(found: &[u8], expected: &[u8], who: &str) -> Answer {
    if found == expected {
        return Ok(());
    }
    Err(format!("{who}: other bytes").into())
}

/// Neighbours of one package and snapshot version, and one pair across a compiler's versions.
const PAIRS: [[&str; 2]; 3] = [
    [
        "sass-embedded-android-arm@1.93.2/sass.snapshot",
        "sass-embedded-android-arm@1.93.3/sass.snapshot",
    ],
    [
        "sass-embedded-linux-x64@1.104.0/sass.snapshot",
        "sass-embedded-linux-x64@1.104.1/sass.snapshot",
    ],
    [
        "sass-embedded-linux-x64@1.97.2/sass.snapshot",
        "sass-embedded-linux-x64@1.104.1/sass.snapshot",
    ],
];
/// Equal length, and nearly equal.
const SMALL: [&str; 2] = [
    "sass-embedded-android-arm64@1.89.1/sass.snapshot",
    "sass-embedded-android-arm64@1.89.2/sass.snapshot",
];
const LARGE: [&str; 2] = [
    "flet-desktop@0.28.2/libapp.so",
    "flet-desktop@0.28.3/libapp.so",
];
const LEVEL: i32 = 9;
