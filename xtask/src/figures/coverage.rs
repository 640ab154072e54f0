//! How much of what ships the tests reach, and how much the inputs of the fuzz targets.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use cargo_metadata::Message;
use serde::{Deserialize, Serialize};

use super::error::{FiguresError, file};
use super::pages::keep;
use crate::coverage::{Room, Rooms, Tools, WRAPPER, print, together};
use crate::environment::{commit, hide_package, today};
use crate::fuzz::reached_by_inputs;
use crate::tables::table;
use crate::tidy::tree;

/// What is said to `--measure`.
pub(super) const NAME: &str = "coverage";
pub(super) const WHAT: &str =
    "what the tests reach of the code that ships, and what the inputs of the fuzz targets";

/// What was reached by one kind of runs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Covered {
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) command: String,
    pub(super) rooms: Rooms,
}

/// One kind of runs, and what it has to reach.
pub(super) struct Kind {
    pub(super) name: &'static str,
    what: &'static str,
    /// Of a thousand regions, so many.
    pub(super) floor_per_mille: u64,
    reached: fn(&Path) -> Result<Rooms, FiguresError>,
}

pub(super) const KINDS: [Kind; 2] = [
    Kind {
        name: "tests",
        what: "`cargo test --workspace`",
        floor_per_mille: 920,
        reached: reached_by_tests,
    },
    Kind {
        name: "fuzz",
        what: "seeds, kept and grown inputs of the fuzz targets",
        floor_per_mille: 600,
        reached: |_| reached_by_inputs().map_err(|error| FiguresError::Fuzz(Box::new(error))),
    },
];

/// Measures both kinds, and holds them to their floors. Each is written as soon as it is known.
pub(super) fn measure(is_written: bool) -> Result<(), FiguresError> {
    let root = tree::repository()?;
    let mut below = Ok(());
    for kind in &KINDS {
        anstream::println!("{NAME}: {}", kind.what);
        let (date, commit) = (today(), commit(&root));
        let rooms = (kind.reached)(&root)?;
        print(&rooms);
        below = below.and(floor(kind, &rooms));
        if is_written {
            let command = format!("cargo xtask figures --measure {NAME}");
            let covered = Covered {
                date,
                commit,
                command,
                rooms,
            };
            keep(&root, |all| {
                all.coverage.insert(kind.name.to_owned(), covered);
            })?;
        }
    }
    below
}

fn floor(kind: &Kind, rooms: &Rooms) -> Result<(), FiguresError> {
    let per_mille = together(rooms).regions.per_mille();
    if per_mille >= kind.floor_per_mille {
        return Ok(());
    }
    Err(FiguresError::ReachedBelowFloor {
        what: kind.what,
        per_mille,
        floor_per_mille: kind.floor_per_mille,
    })
}

/// Every test of the workspace, and the programs that tests start.
fn reached_by_tests(root: &Path) -> Result<Rooms, FiguresError> {
    let tools = Tools::find()?;
    let folder = root.join("target/coverage");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(file(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let said = folder.join("said.txt");
    let log = File::create(&said).map_err(file(&said))?;
    let programs = programs(root, &folder, &log, &said)?;
    let mut tests = cargo(root);
    tests.arg("--no-fail-fast");
    // Processes that end at the same time share eight files for each program.
    tests.env("LLVM_PROFILE_FILE", folder.join("%8m.profraw"));
    tests.stdout(log.try_clone().map_err(file(&said))?);
    let status = tests.stderr(log).status().map_err(not_started)?;
    well(status, &said)?;
    Ok(tools.reached(&folder, &programs, root)?)
}

/// Builds the tests, and gives every file with code that may leave counters.
fn programs(
    root: &Path,
    folder: &Path,
    log: &File,
    said: &Path,
) -> Result<Vec<PathBuf>, FiguresError> {
    let mut build = cargo(root);
    build.args(["--no-run", "--message-format=json-render-diagnostics"]);
    // What the compiler runs leaves counters too, and nobody wants them.
    build.env("LLVM_PROFILE_FILE", folder.join("compiler/%8m.profraw"));
    build.stderr(log.try_clone().map_err(file(said))?);
    let mut child = build.stdout(Stdio::piped()).spawn().map_err(not_started)?;
    let messages = child.stdout.take().map(BufReader::new);
    let mut programs = Vec::new();
    for message in messages.into_iter().flat_map(Message::parse_stream) {
        let message = message.map_err(file("cargo"))?;
        if let Message::CompilerArtifact(built) = message {
            let of_workspace = built
                .manifest_path
                .starts_with(root.to_string_lossy().as_ref());
            let shared = built
                .filenames
                .into_iter()
                .filter(|it| it.extension() == Some("so"));
            let found = shared.chain(built.executable).filter(|_| of_workspace);
            programs.extend(found.map(|it| it.into_std_path_buf()));
        }
    }
    well(child.wait().map_err(not_started)?, said)?;
    Ok(programs)
}

fn well(status: ExitStatus, said: &Path) -> Result<(), FiguresError> {
    if status.success() {
        return Ok(());
    }
    Err(FiguresError::Ended {
        program: CARGO,
        status: status.to_string(),
        said: said.to_owned(),
    })
}

fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--workspace", "--locked"]);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", root.join(WRAPPER));
    cargo.current_dir(root).stdin(Stdio::null());
    hide_package(&mut cargo);
    cargo
}

fn not_started(source: std::io::Error) -> FiguresError {
    let program = CARGO;
    FiguresError::NotStarted { program, source }
}

const CARGO: &str = "cargo test";

/// The README's rows: one for each kind.
pub(super) fn kinds(coverage: &BTreeMap<String, Covered>) -> String {
    let row = |kind: &Kind| {
        let found = coverage.get(kind.name)?;
        let all = together(&found.rooms);
        Some(vec![
            kind.what.to_owned(),
            all.regions.all.to_string(),
            all.regions.percent(),
            all.outcomes.all.to_string(),
            all.outcomes.percent(),
            format!("{}, {}", found.date, found.commit),
        ])
    };
    let rows: Vec<_> = KINDS.iter().filter_map(row).collect();
    let head = [
        "what runs",
        "regions of code",
        "reached %",
        "outcomes of branches",
        "reached %",
        "measured",
    ];
    table(&head, &rows)
}

/// The rows of docs/fuzzing.md: one for each room.
pub(super) fn rooms(coverage: &BTreeMap<String, Covered>) -> String {
    let of = |kind: &str, room: &str| coverage.get(kind)?.rooms.get(room).copied();
    let mut names: Vec<&String> = coverage.values().flat_map(|it| it.rooms.keys()).collect();
    names.sort();
    names.dedup();
    let percent = |room: Option<Room>, of: fn(Room) -> String| room.map_or("-".to_owned(), of);
    let row = |name: &&String| {
        let (tests, fuzz) = (of("tests", name), of("fuzz", name));
        let all = tests.or(fuzz).unwrap_or_default();
        let regions: fn(Room) -> String = |room| room.regions.percent();
        let outcomes: fn(Room) -> String = |room| room.outcomes.percent();
        vec![
            (*name).clone(),
            all.regions.all.to_string(),
            percent(tests, regions),
            percent(fuzz, regions),
            all.outcomes.all.to_string(),
            percent(tests, outcomes),
            percent(fuzz, outcomes),
        ]
    };
    let rows: Vec<_> = names.iter().map(row).collect();
    let head = [
        "room",
        "regions of code",
        "by tests %",
        "by fuzzing %",
        "outcomes of branches",
        "by tests %",
        "by fuzzing %",
    ];
    table(&head, &rows)
}
