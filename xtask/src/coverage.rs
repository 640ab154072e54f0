//! How much of each room was reached by programs that were compiled with `fuzz/rustc-with-profile`:
//! regions of code and outcomes of branches, as llvm-cov counts them, without the tests' own code.

mod export;
mod test_files;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::tables::for_terminal;

/// The wrapper of rustc that puts the counters into the workspace's members.
pub(crate) const WRAPPER: &str = "fuzz/rustc-with-profile";

/// So many, and so many of them reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reach {
    pub(crate) all: u64,
    pub(crate) reached: u64,
}

/// A room's code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Room {
    /// Pieces of code that run as one.
    pub(crate) regions: Reach,
    /// Each branch has two: it was taken, it was not.
    pub(crate) outcomes: Reach,
}

/// By the name of the room.
pub(crate) type Rooms = BTreeMap<String, Room>;

/// Why nothing is known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CoverageError {
    #[error(
        "a tool of LLVM is missing, {0}; install llvm-22 (on Debian: apt-get install llvm-22), \
         or name the tools by LLVM_COV and LLVM_PROFDATA"
    )]
    NoTool(String),
    #[error("cannot start {program}: {source}")]
    NotStarted { program: String, source: io::Error },
    #[error("{program} ended with {status}")]
    Ended { program: String, status: String },
    #[error("no program that ran left counters in {}", .0.display())]
    NoCounters(PathBuf),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("what llvm-cov wrote is not its export: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// LLVM's tools; as new as the compiler's own LLVM.
pub(crate) struct Tools {
    cov: OsString,
    profdata: OsString,
}

impl Tools {
    /// By their variables, or by Debian's names.
    pub(crate) fn find() -> Result<Self, CoverageError> {
        Ok(Self {
            cov: tool("LLVM_COV", "llvm-cov-22")?,
            profdata: tool("LLVM_PROFDATA", "llvm-profdata-22")?,
        })
    }

    /// What was reached, by the counters (`*.profraw`) that these programs left in a folder.
    pub(crate) fn reached(
        &self,
        folder: &Path,
        programs: &[PathBuf],
        root: &Path,
    ) -> Result<Rooms, CoverageError> {
        let merged = folder.join("all.profdata");
        let mut merge = Command::new(&self.profdata);
        // A process that was killed may leave half of its counters.
        merge.args(["merge", "--sparse", "--failure-mode=all", "--output"]);
        merge.arg(&merged).args(counters(folder)?);
        output(&mut merge)?;
        let mut export = Command::new(&self.cov);
        export.args(["export", "--instr-profile"]).arg(&merged);
        for (number, program) in programs.iter().enumerate() {
            if number > 0 {
                export.arg("--object");
            }
            export.arg(program);
        }
        let crates = root.join("crates");
        let tests = test_files::test_modules(&crates).map_err(|source| CoverageError::File {
            path: crates.clone(),
            source,
        })?;
        export.arg("--sources").arg(&crates);
        Ok(export::rooms(&output(&mut export)?, &crates, &tests)?)
    }
}

impl Reach {
    /// Of a thousand, so many.
    pub(crate) fn per_mille(self) -> u64 {
        self.reached * 1000 / self.all.max(1)
    }

    /// With one decimal.
    pub(crate) fn percent(self) -> String {
        let tenths = self.per_mille();
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.reached += other.reached;
    }
}

/// All rooms as one.
pub(crate) fn together(rooms: &Rooms) -> Room {
    let mut all = Room::default();
    for room in rooms.values() {
        all.regions.add(room.regions);
        all.outcomes.add(room.outcomes);
    }
    all
}

/// Prints a row for each room, and one for all.
pub(crate) fn print(rooms: &Rooms) {
    let head = [
        "room",
        "regions",
        "reached %",
        "outcomes of branches",
        "reached %",
    ];
    let mut table = for_terminal(&head, 1..5);
    let (all, named) = (together(rooms), |(name, room): (&String, _)| {
        (name.clone(), room)
    });
    for (name, room) in rooms.iter().map(named).chain([("all".to_owned(), &all)]) {
        let (regions, outcomes) = (room.regions, room.outcomes);
        table.add_row([
            name,
            regions.all.to_string(),
            regions.percent(),
            outcomes.all.to_string(),
            outcomes.percent(),
        ]);
    }
    anstream::println!("{}", table.trim_fmt());
}

fn tool(variable: &str, name: &str) -> Result<OsString, CoverageError> {
    let tool = std::env::var_os(variable).unwrap_or_else(|| name.into());
    let mut version = Command::new(&tool);
    version.arg("--version").stdout(Stdio::null());
    match version.stderr(Stdio::null()).status() {
        Ok(_) => Ok(tool),
        Err(_) => Err(CoverageError::NoTool(tool.to_string_lossy().into_owned())),
    }
}

fn counters(folder: &Path) -> Result<Vec<PathBuf>, CoverageError> {
    let at = |source| CoverageError::File {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.extension().is_some_and(|it| it == "profraw") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(CoverageError::NoCounters(folder.to_owned()));
    }
    Ok(files)
}

fn output(command: &mut Command) -> Result<Vec<u8>, CoverageError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(source) => return Err(CoverageError::NotStarted { program, source }),
    };
    if output.status.success() {
        return Ok(output.stdout);
    }
    anstream::eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(CoverageError::Ended {
        program,
        status: output.status.to_string(),
    })
}
