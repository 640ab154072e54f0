//! The examples of `cargo xtask verify-release`: their exit codes, and that the README shows what
//! they print, to the letter.
//!
//! To renew the README after a change, one block after the other:
//! `PATCHPROOF_BLESS=1 cargo test -p xtask --test examples -- --test-threads=1`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_testkit::{corpora, vm};

fn main() -> std::process::ExitCode {
    // The README shows the VM's answer too, which only some machines can give.
    let as_in_the_readme = |name, example, ids: &[&str], code| {
        let check = move |_: &[PathBuf]| shown_in_the_readme(example, code);
        let trial = corpora::trial(name, ids, check);
        if vm::runs_here() {
            trial
        } else {
            trial.with_ignored_flag(true)
        }
    };
    let trials = vec![
        as_in_the_readme("the_good_example_is_as_in_the_readme", "good", &GOOD, 0),
        as_in_the_readme(
            "the_incompatible_one_is_as_in_the_readme",
            "incompatible",
            &OTHER,
            6,
        ),
        as_in_the_readme(
            "the_differing_rebuild_is_as_in_the_readme",
            "rebuild-differs",
            &REBUILDS,
            1,
        ),
        Trial::test("the_made_one_is_as_in_the_readme", || {
            shown_in_the_readme("made", 0)
        }),
        Trial::test("the_made_one_needs_neither_network_nor_cache", made_offline),
        Trial::test("offline_the_good_one_names_what_is_missing", good_offline),
        Trial::test("a_missing_npm_is_said_by_name", good_without_npm),
        Trial::test(
            "files_without_a_release_are_a_usage_error",
            files_without_release,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn shown_in_the_readme(example: &str, code: i32) -> Result<(), Failed> {
    let ran = xtask(&["verify-release", "--example", example]).output()?;
    let printed = String::from_utf8(ran.stdout)?;
    expect(ran.status.code() == Some(code), || {
        format!("exit {:?}\n{printed}", ran.status)
    })?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path)?;
    let start = format!("<!-- example: {example} -->\n```text\n");
    let (before, rest) = readme
        .split_once(&start)
        .ok_or("the README has lost its marker")?;
    let (shown, after) = rest
        .split_once("```\n")
        .ok_or("the README's block has no end")?;
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, format!("{before}{start}{printed}```\n{after}"))?;
        return Ok(());
    }
    expect(shown == printed, || {
        format!("the README shows\n{shown}\nand it prints\n{printed}")
    })
}

fn made_offline() -> Result<(), Failed> {
    let empty = tempfile::tempdir()?;
    let ran = offline(&empty, &["verify-release", "--example", "made"]).output()?;
    expect(ran.status.code() == Some(0), || format!("{ran:?}"))
}

fn good_offline() -> Result<(), Failed> {
    let empty = tempfile::tempdir()?;
    let ran = offline(&empty, &["verify-release"]).output()?;
    let said = String::from_utf8(ran.stderr)?;
    expect(ran.status.code() == Some(2), || {
        format!("{:?}\n{said}", ran.status)
    })?;
    for word in [
        "sass-embedded-linux-x64@1.97.2",
        "sass-embedded-linux-x64@1.97.3",
        "--example made",
    ] {
        expect(said.contains(word), || {
            format!("`{word}` is not in\n{said}")
        })?;
    }
    expect(said.contains("cargo xtask corpora fetch"), || {
        format!("it does not say how to get them\n{said}")
    })
}

fn good_without_npm() -> Result<(), Failed> {
    let empty = tempfile::tempdir()?;
    let ran = xtask(&["verify-release"])
        .env("PATCHPROOF_CORPORA", empty.path())
        .env_remove("PATCHPROOF_OFFLINE")
        .env("PATH", empty.path())
        .output()?;
    let said = String::from_utf8(ran.stderr)?;
    expect(ran.status.code() == Some(2), || {
        format!("{:?}\n{said}", ran.status)
    })?;
    expect(said.contains("npm") && said.contains("PATH"), || {
        format!("npm is not named\n{said}")
    })
}

fn files_without_release() -> Result<(), Failed> {
    let ran = xtask(&["verify-release", "--patch", "some.patch"]).output()?;
    let said = String::from_utf8(ran.stderr)?;
    let good = ran.status.code() == Some(2) && said.contains("--release was not given");
    expect(good, || format!("{:?}\n{said}", ran.status))
}

fn xtask(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(args).env_remove("CLICOLOR_FORCE");
    command
}

fn offline(cache: &tempfile::TempDir, args: &[&str]) -> Command {
    let mut command = xtask(args);
    command
        .env("PATCHPROOF_CORPORA", cache.path())
        .env("PATCHPROOF_OFFLINE", "1");
    command
}

fn expect(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds {
        Ok(())
    } else {
        Err(otherwise().into())
    }
}

const GOOD: [&str; 3] = [
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
    "sass-embedded-linux-x64@1.97.2/dart",
];
const REBUILDS: [&str; 2] = [
    "sass-embedded-linux-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-musl-x64@1.97.1/sass.snapshot",
];
const OTHER: [&str; 3] = [
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.89.0/sass.snapshot",
    "sass-embedded-linux-x64@1.97.2/dart",
];
