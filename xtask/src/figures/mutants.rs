//! Changes of the code, one at a time, by cargo-mutants: a test has to notice each.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::areas::Area;
use super::error::{FiguresError, file, malformed};
use super::measured::Mutants;
use super::pages::keep;
use crate::environment::{commit, has_cargo_tool, hide_package, today};
use crate::tidy::tree;

/// Measures these areas, by one in so many of their changes. What came of each is written as soon
/// as it is known, or only held to its floor.
pub(super) fn measure(areas: &[&Area], one_in: u64, is_written: bool) -> Result<(), FiguresError> {
    let root = tree::repository()?;
    if !areas.is_empty() {
        require_cargo_mutants()?;
    }
    let mut below = Ok(());
    for area in areas {
        anstream::println!("{}: {}", area.name, area.what);
        let (found, missed) = measured(&root, area, one_in)?;
        anstream::println!(
            "  {} caught, {} timed out, {} missed, {} do not build",
            found.caught,
            found.timed_out,
            found.missed,
            found.unviable
        );
        for line in read(&missed)?.lines() {
            anstream::println!("  missed: {line}");
        }
        below = below.and(floor(area, &found, missed));
        if is_written {
            keep(&root, |all| {
                all.mutants.insert(area.name.to_owned(), found);
            })?;
        }
    }
    below
}

fn floor(area: &Area, found: &Mutants, missed: PathBuf) -> Result<(), FiguresError> {
    let per_mille = found.caught_per_mille();
    if per_mille >= area.floor_per_mille {
        return Ok(());
    }
    Err(FiguresError::BelowFloor {
        area: area.name,
        per_mille,
        floor_per_mille: area.floor_per_mille,
        missed,
    })
}

/// What is read of `outcomes.json`.
#[derive(Deserialize)]
struct Outcomes {
    caught: u64,
    timeout: u64,
    missed: u64,
    unviable: u64,
}

/// What came of an area, and the file that names what was missed.
fn measured(root: &Path, area: &Area, one_in: u64) -> Result<(Mutants, PathBuf), FiguresError> {
    let folder = root.join("target/mutating").join(area.name);
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let (date, commit) = (today(), commit(root));
    let arguments = arguments(area, one_in);
    let mut mutants = Command::new("cargo");
    mutants
        .arg("mutants")
        .args(&arguments)
        .arg("--output")
        .arg(&folder);
    // It copies the tree for its changes; what it builds of dependencies is built once for all.
    mutants.env("CARGO_TARGET_DIR", root.join("target/mutating/build"));
    mutants.env("CARGO_INCREMENTAL", "1");
    // That a test fails is all that is asked; nobody reads a smaller example.
    mutants.env("PROPTEST_MAX_SHRINK_ITERS", "0");
    hide_package(&mut mutants);
    run(&mut mutants, root, &folder)?;
    let outcomes = folder.join("mutants.out/outcomes.json");
    let found: Outcomes = serde_json::from_str(&read(&outcomes)?).map_err(malformed(&outcomes))?;
    let found = Mutants {
        date,
        commit,
        command: command(area, one_in),
        sample: sample(one_in),
        caught: found.caught,
        timed_out: found.timeout,
        missed: found.missed,
        unviable: found.unviable,
    };
    Ok((found, folder.join("mutants.out/missed.txt")))
}

/// Which changes are tried, for people.
fn sample(one_in: u64) -> String {
    match one_in {
        1 => "every one".to_owned(),
        _ => format!("one in {one_in}"),
    }
}

/// What somebody types to have the same.
fn command(area: &Area, one_in: u64) -> String {
    let whole = format!("cargo xtask figures --measure {}", area.name);
    match one_in {
        1 => whole,
        _ => format!("{whole} --one-in {one_in}"),
    }
}

fn arguments(area: &Area, one_in: u64) -> Vec<String> {
    let mut arguments = vec!["--package".to_owned(), area.package.to_owned()];
    let pairs = area.files.iter().map(|glob| ("--file", glob));
    let pairs = pairs.chain(area.but.iter().map(|glob| ("--exclude", glob)));
    arguments.extend(pairs.flat_map(|(flag, glob)| [flag.to_owned(), (*glob).to_owned()]));
    if one_in > 1 {
        // Every so many of its list, whose order is that of the code: a sample that stays the same.
        arguments.extend(["--sharding=round-robin", "--shard"].map(str::to_owned));
        arguments.push(format!("0/{one_in}"));
    }
    arguments.extend(["--colors=never", "--no-times"].map(str::to_owned));
    arguments
}

/// Runs it; 2 says that something was missed, and 3 that something timed out.
fn run(mutants: &mut Command, root: &Path, folder: &Path) -> Result<(), FiguresError> {
    let said = folder.join("said.txt");
    let log = File::create(&said).map_err(file(&said))?;
    let status = mutants
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(file(&said))?)
        .stderr(log)
        .status()
        .map_err(|source| FiguresError::NotStarted {
            program: "cargo mutants",
            source,
        })?;
    match status.code() {
        Some(0 | 2 | 3) => Ok(()),
        _ => Err(FiguresError::Ended {
            program: "cargo mutants",
            status: status.to_string(),
            said,
        }),
    }
}

fn require_cargo_mutants() -> Result<(), FiguresError> {
    if has_cargo_tool("mutants", CARGO_MUTANTS) {
        return Ok(());
    }
    Err(FiguresError::Missing {
        what: "cargo-mutants",
        remedy: "`cargo install --locked cargo-mutants --version 27.1.0`",
    })
}

fn read(path: &Path) -> Result<String, FiguresError> {
    fs::read_to_string(path).map_err(file(path))
}

const CARGO_MUTANTS: &str = "27.1.0";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::areas::AREAS;

    #[test]
    fn every_file_of_an_area_is_there() {
        let root = tree::repository().unwrap();
        for glob in AREAS
            .iter()
            .flat_map(|area| area.files.iter().chain(area.but))
        {
            let (folder, name) = glob.rsplit_once('/').unwrap();
            let found = match name {
                "*.rs" => root.join(folder).is_dir(),
                _ => root.join(glob).is_file(),
            };
            assert!(found, "{glob}");
        }
    }

    #[test]
    fn a_sample_is_spread_over_the_list_and_its_command_says_so() {
        let [verdict, ..] = &AREAS;
        let whole = arguments(verdict, 1);
        assert!(
            !whole.iter().any(|it| it.starts_with("--shard")),
            "{whole:?}"
        );
        let whole = "cargo xtask figures --measure verdict";
        assert_eq!(command(verdict, 1), whole);
        let fifth = arguments(verdict, 5);
        assert!(
            fifth.windows(2).any(|it| it == ["--shard", "0/5"]),
            "{fifth:?}"
        );
        assert_eq!(command(verdict, 5), format!("{whole} --one-in 5"));
    }
}
