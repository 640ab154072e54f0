//! Real libraries: what is made of them comes back from every decoder, what Shorebird's tool makes
//! of them too, and a device has the memory to inflate them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed};
use patchproof_patch::{
    CodecChoice, Inflation, Limits, MakeOptions, inflate, make_with, plain, reference,
};
use patchproof_testkit::corpora;
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
    let limits = Limits::for_base(u64::try_from(base.len())?);
    for options in [
        MakeOptions::shorebird().at_level(LEVEL),
        MakeOptions::patchproof(CodecChoice::Zstd).at_level(LEVEL),
    ] {
        let patch = make_with(&base, &new, options)?;
        gives(&base, &patch, &new)?;
        if options == MakeOptions::shorebird().at_level(LEVEL) {
            same(
                &reference(&base, &patch, limits)?,
                &new,
                "the decoder on devices",
            )?;
        } else {
            gives(&base, &in_brotli(&patch), &new)?;
        }
    }
    Ok(())
}

fn shorebirds_comes_back(paths: &[PathBuf]) -> Answer {
    let (base, new) = pair(paths)?;
    gives(&base, &shorebirds(&base, &new), &new)
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
const LARGE: [&str; 2] = [
    "flet-desktop@0.28.2/libapp.so",
    "flet-desktop@0.28.3/libapp.so",
];
const LEVEL: i32 = 9;
