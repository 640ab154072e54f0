//! `fuzz minimise`: an input that fails, made smaller by libFuzzer.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::building::{Build, Places};
use super::error::{FuzzError, file};
use super::inputs::facts;
use super::replay;

/// Writes the smaller input beside the larger one.
pub(super) fn run(target: &str, input: &Path, seconds: u64) -> Result<(), FuzzError> {
    let facts = facts(target)?;
    let places = Places::find()?;
    places.build(Build::Plain, &[facts.name])?;
    let binary = places.binary(Build::Plain, facts.name);
    if replay::passes(&binary, input)? {
        return Err(FuzzError::DoesNotFail(target.to_owned()));
    }
    let smaller = input.with_extension("smaller");
    // One of an earlier run would be taken for what comes of this.
    if smaller.exists() {
        fs::remove_file(&smaller).map_err(file(&smaller))?;
    }
    let status = Command::new(&binary)
        .args(replay::limits())
        .args(["-minimize_crash=1", &format!("-max_total_time={seconds}")])
        .arg(format!("-exact_artifact_path={}", smaller.display()))
        .arg(input)
        .status();
    status.map_err(|source| FuzzError::NotStarted {
        program: binary.display().to_string(),
        source,
    })?;
    let size = |path: &Path| fs::metadata(path).map(|it| it.len()).map_err(file(path));
    if !smaller.exists() {
        anstream::println!("{} bytes, and no smaller one was found", size(input)?);
        return Ok(());
    }
    let (before, after) = (size(input)?, size(&smaller)?);
    anstream::println!("{before} bytes to {after}: {}", smaller.display());
    Ok(())
}
