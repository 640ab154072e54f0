//! `fuzz cover`: how much of each room the kept and the grown inputs reach.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use patchproof_testkit::fuzz;

use super::building::{Build, Places};
use super::error::FuzzError;
use super::inputs::{anew, kept_folders, write_seeds};
use crate::coverage::{self, Rooms, Tools};

/// How much of each room the kept inputs reach, and those that `run` and `smoke` grew here
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Cover {}

/// Prints a row for each room.
pub(super) fn run(_: &Cover) -> Result<(), FuzzError> {
    coverage::print(&reached()?);
    Ok(())
}

/// What the inputs of every target reach: made seeds, kept ones, and those that runs here grew.
pub(crate) fn reached() -> Result<Rooms, FuzzError> {
    let tools = Tools::find()?;
    let places = Places::find()?;
    let targets = fuzz::every();
    let names: Vec<&str> = targets.iter().map(|facts| facts.name).collect();
    places.build(Build::Profile, &names)?;
    let folder = places.scratch().join("cover");
    anew(&folder)?;
    let mut binaries: Vec<PathBuf> = Vec::new();
    for facts in targets {
        let binary = places.binary(Build::Profile, facts.name);
        let mut replay = Command::new(&binary);
        replay.arg("-runs=0").arg(write_seeds(&places, &facts)?);
        replay.args(kept_folders(&places.root, facts.name));
        let grown = [places.grown(facts.name), places.grown_by_smoke(facts.name)];
        replay.args(grown.iter().filter(|it| it.is_dir()));
        let counters = folder.join(format!("{}.profraw", facts.name));
        replay.env("LLVM_PROFILE_FILE", counters);
        replay.current_dir(&folder).stdin(Stdio::null());
        replay.stdout(Stdio::null()).stderr(Stdio::null());
        let program = facts.name.to_owned();
        let status = match replay.status() {
            Ok(status) => status,
            Err(source) => return Err(FuzzError::NotStarted { program, source }),
        };
        if !status.success() {
            let status = status.to_string();
            return Err(FuzzError::Ended { program, status });
        }
        binaries.push(binary);
    }
    Ok(tools.reached(&folder, &binaries, &places.root)?)
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask fuzz cover
  LLVM_COV=llvm-cov LLVM_PROFDATA=llvm-profdata cargo xtask fuzz cover

It needs llvm-22 (on Debian: apt-get install llvm-22). `cargo xtask figures --measure coverage` puts
the figures of the tests beside these.";
