//! `fuzz replay`: kept inputs through their oracles, in this process; nothing is instrumented.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use patchproof_testkit::fuzz::{self, Facts, Reached};

use super::building::{Build, Places};
use super::error::{FuzzError, file};
use super::fuzzer::{MEMORY_MB, TIMEOUT_SECONDS};
use super::inputs::{facts, files_in, kept_folders, write_seeds};

/// Replays; says of each input that fails what it is.
pub(super) fn run(target: Option<&str>, files: &[PathBuf]) -> Result<(), FuzzError> {
    let places = Places::find()?;
    let targets = match target {
        Some(name) => vec![facts(name)?],
        None => fuzz::every(),
    };
    let (mut inputs, mut failed) = (0, 0);
    for facts in targets {
        let files = if files.is_empty() {
            kept(&places, &facts)?
        } else {
            files.to_vec()
        };
        let bad = replayed(&places, &facts, &files)?;
        anstream::println!("{}: {} inputs, {bad} fail", facts.name, files.len());
        inputs += files.len();
        failed += bad;
    }
    if failed == 0 {
        return Ok(());
    }
    Err(FuzzError::Replay { failed, inputs })
}

/// Whether a fuzz binary ends well over one input.
pub(super) fn passes(binary: &Path, input: &Path) -> Result<bool, FuzzError> {
    let mut command = Command::new(binary);
    command.args(limits()).arg(input);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().map_err(|source| FuzzError::NotStarted {
        program: binary.display().to_string(),
        source,
    })?;
    Ok(status.success())
}

/// What a fuzz binary may take for one input, as in a run.
pub(super) fn limits() -> [String; 2] {
    [
        format!("-timeout={TIMEOUT_SECONDS}"),
        format!("-rss_limit_mb={MEMORY_MB}"),
    ]
}

/// Every input that is kept for a target, its made seeds among them.
fn kept(places: &Places, facts: &Facts) -> Result<Vec<PathBuf>, FuzzError> {
    let mut files = files_in(&write_seeds(places, facts)?)?;
    for folder in kept_folders(&places.root, facts.name) {
        files.extend(files_in(&folder)?);
    }
    Ok(files)
}

/// How many fail. An oracle that is not testkit's is in its fuzz binary alone.
fn replayed(places: &Places, facts: &Facts, files: &[PathBuf]) -> Result<usize, FuzzError> {
    let mut failed = 0;
    let Some(target) = fuzz::target(facts.name) else {
        places.build(Build::Plain, &[facts.name])?;
        let binary = places.binary(Build::Plain, facts.name);
        for input in files {
            if !passes(&binary, input)? {
                anstream::eprintln!("{}: {} fails", facts.name, input.display());
                failed += 1;
            }
        }
        return Ok(failed);
    };
    for input in files {
        let bytes = fs::read(input).map_err(file(input))?;
        let start = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes)));
        match ended {
            Ok(_) if start.elapsed().as_secs() >= TIMEOUT_SECONDS => {
                let name = facts.name;
                let file = input.display();
                anstream::eprintln!("{name}: {file} takes {TIMEOUT_SECONDS} s or more");
                failed += 1;
            }
            Ok(Reached::Depth) => {}
            Ok(_) if files.len() == 1 => anstream::println!("it did not reach the depth"),
            Ok(_) => {}
            Err(_) => {
                anstream::eprintln!("{}: {} fails", facts.name, input.display());
                failed += 1;
            }
        }
    }
    Ok(failed)
}
