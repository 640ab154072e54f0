//! `cargo xtask attacks`: each check of a device compiled out in turn, to see its attacks end as
//! their folders say.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use serde::Deserialize;

use crate::tables::for_terminal;
use crate::tidy::{TidyError, tree};
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};

/// See each check compiled out: its attacks then end as their folders say (they succeed, but for
/// endless data, which is taken in whole before its hash refuses it)
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Attacks {
    /// This check alone; may be given again
    #[arg(long, value_name = "CHECK")]
    check: Vec<String>,
    /// Print the checks and their attacks, and build nothing
    #[arg(long)]
    list: bool,
}

/// Why the attacks could not be run.
#[derive(Debug, thiserror::Error)]
enum AttacksError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Toml {
        path: PathBuf,
        source: toml::de::Error,
    },
    #[error("there is no check {name:?} that an attack names; `--list` prints them")]
    NoCheck { name: String },
    #[error("cannot start `cargo`: {0}")]
    NoCargo(io::Error),
    #[error(
        "the attacks could not be built {which}, so that nothing was tried; cargo says:\n{said}"
    )]
    NotBuilt { which: String, said: String },
    #[error(transparent)]
    Repository(#[from] TidyError),
}

/// What is read of an `attack.toml`.
#[derive(Deserialize)]
struct Attack {
    row: String,
    check: Option<String>,
}

/// Check -> its attacks, each with its row of the table.
type Checks = BTreeMap<String, Vec<(String, String)>>;

/// 0 where every attack is stopped with all checks, and ends as its folder says without its own; 1
/// where not, 2 where that could not be seen.
pub(crate) fn run(args: &Attacks) -> ExitCode {
    match run_all(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(PROBLEMS_FOUND),
        Err(error) => {
            anstream::eprintln!("attacks: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

fn run_all(args: &Attacks) -> Result<bool, AttacksError> {
    let root = tree::repository()?;
    let mut checks = checks(&root)?;
    if let Some(name) = args.check.iter().find(|name| !checks.contains_key(*name)) {
        return Err(AttacksError::NoCheck { name: name.clone() });
    }
    checks.retain(|name, _| args.check.is_empty() || args.check.contains(name));
    if args.list {
        print(&checks, &BTreeMap::new());
        return Ok(true);
    }
    let with_all = tested(&root, None)?;
    let mut outcomes = BTreeMap::new();
    for check in checks.keys() {
        anstream::eprintln!("without {check}");
        let without = tested(&root, Some(check))?;
        show_failed(&without);
        outcomes.insert(check.clone(), without.status.success());
    }
    show_failed(&with_all);
    print(&checks, &outcomes);
    let stopped = with_all.status.success();
    let words = if stopped {
        "every attack is refused"
    } else {
        "an attack is not refused"
    };
    anstream::println!("\nwith all checks: {words}");
    Ok(stopped && outcomes.values().all(|as_said| *as_said))
}

/// What the tests say where one of them failed.
fn show_failed(output: &Output) {
    if output.status.success() {
        return;
    }
    for said in [&output.stdout, &output.stderr] {
        anstream::eprint!("{}", String::from_utf8_lossy(said));
    }
}

fn checks(root: &Path) -> Result<Checks, AttacksError> {
    let folder = root.join("tests/attacks");
    let file = |source| AttacksError::File {
        path: folder.clone(),
        source,
    };
    let mut checks = Checks::new();
    for entry in fs::read_dir(&folder).map_err(file)? {
        let entry = entry.map_err(file)?;
        let path = entry.path().join("attack.toml");
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let attack: Attack =
            toml::from_str(&text).map_err(|source| AttacksError::Toml { path, source })?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(check) = attack.check {
            checks.entry(check).or_default().push((name, attack.row));
        }
    }
    for attacks in checks.values_mut() {
        attacks.sort();
    }
    Ok(checks)
}

/// Builds and runs the attacks, without a check if one is named. What does not build fails as an
/// attack that is not refused does, and says nothing of one: so it is built first.
fn tested(root: &Path, without: Option<&str>) -> Result<Output, AttacksError> {
    let output = |mut cargo: Command| cargo.output().map_err(AttacksError::NoCargo);
    let mut building = cargo_test(root, without)?;
    building.arg("--no-run");
    let built = output(building)?;
    if !built.status.success() {
        return Err(AttacksError::NotBuilt {
            which: without.map_or_else(
                || "with all checks".to_owned(),
                |check| format!("without {check}"),
            ),
            said: String::from_utf8_lossy(&built.stderr).into_owned(),
        });
    }
    output(cargo_test(root, without)?)
}

/// The flag goes to this repository's crates alone, so that nothing else is built again.
fn cargo_test(root: &Path, without: Option<&str>) -> Result<Command, AttacksError> {
    let target = root.join("target/attacks");
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root);
    cargo.args([
        "test",
        "--profile",
        "attacks",
        "--locked",
        "--package",
        "patchproof-tests",
    ]);
    cargo
        .args(["--test", "attacks", "--target-dir"])
        .arg(&target);
    if let Some(check) = without {
        cargo.env("RUSTC_WORKSPACE_WRAPPER", wrapper(&target, check)?);
    }
    Ok(cargo)
}

/// A compiler that leaves a check out; cargo tells builds apart by its path.
fn wrapper(target: &Path, check: &str) -> Result<PathBuf, AttacksError> {
    let path = target.join(format!("rustc-without-{check}"));
    let file = |source| AttacksError::File {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(target).map_err(file)?;
    let script = format!("#!/bin/sh\nexec \"$@\" --cfg 'patchproof_without=\"{check}\"'\n");
    fs::write(&path, script).map_err(file)?;
    make_executable(&path).map_err(file)?;
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    let why = "a compiler's wrapper is a shell script here; run this on a Unix";
    Err(io::Error::new(io::ErrorKind::Unsupported, why))
}

fn print(checks: &Checks, outcomes: &BTreeMap<String, bool>) {
    let head = ["check", "attack", "row", "without the check"];
    let mut table = for_terminal(&head, 0..0);
    for (check, attacks) in checks {
        for (name, row) in attacks {
            let outcome = match outcomes.get(check) {
                None => "",
                Some(true) => "as its folder says",
                Some(false) => "NOT AS ITS FOLDER SAYS",
            };
            table.add_row([check.as_str(), name, row, outcome]);
        }
    }
    anstream::println!("{}", table.trim_fmt());
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask attacks                  every check, about half a minute each
  cargo xtask attacks --check replay   one of them
  cargo xtask attacks --list           which check stops which attack

Exit codes: 0 every check is load-bearing, 1 one is not, or an attack is not refused, 2 it could
not be tried.";
