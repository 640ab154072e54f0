//! `fuzz cover`: how much of each room the kept and the grown inputs reach.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use comfy_table::{CellAlignment, Table, presets};
use patchproof_testkit::fuzz;
use serde::Deserialize;

use super::building::{Build, Places};
use super::error::{FuzzError, file};
use super::inputs::{anew, files_in, kept_folders, write_seeds};

/// How much of each room the kept inputs reach, those that earlier runs grew among them
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Cover {}

/// Prints a row for each room.
pub(super) fn run(_: &Cover) -> Result<(), FuzzError> {
    let places = Places::find()?;
    let (cov, profdata) = (
        tool("LLVM_COV", "llvm-cov-22")?,
        tool("LLVM_PROFDATA", "llvm-profdata-22")?,
    );
    let targets = fuzz::every();
    let names: Vec<&str> = targets.iter().map(|facts| facts.name).collect();
    places.build(Build::Profile, &names)?;
    let folder = places.scratch().join("cover");
    anew(&folder)?;
    let mut binaries = Vec::new();
    for facts in targets {
        let binary = places.binary(Build::Profile, facts.name);
        let mut replay = Command::new(&binary);
        replay.arg("-runs=0").arg(write_seeds(&places, &facts)?);
        replay.args(kept_folders(&places.root, facts.name));
        let grown = places.scratch().join("grown").join(facts.name);
        replay.args(grown.is_dir().then_some(grown));
        replay.env(
            "LLVM_PROFILE_FILE",
            folder.join(format!("{}.profraw", facts.name)),
        );
        replay
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        output(&mut replay, facts.name)?;
        binaries.push(binary);
    }
    let merged = folder.join("all.profdata");
    let mut merge = Command::new(profdata);
    merge.args(["merge", "--sparse", "--output"]).arg(&merged);
    merge.args(files_in(&folder)?);
    output(&mut merge, "llvm-profdata")?;
    let mut export = Command::new(cov);
    export
        .args(["export", "--summary-only", "--instr-profile"])
        .arg(&merged);
    for (number, binary) in binaries.iter().enumerate() {
        if number > 0 {
            export.arg("--object");
        }
        export.arg(binary);
    }
    let said = output(&mut export, "llvm-cov")?;
    let covered: Covered = serde_json::from_slice(&said).map_err(|error| FuzzError::Malformed {
        path: folder.join("llvm-cov"),
        why: error.to_string(),
    })?;
    let summary = folder.join("summary.json");
    fs::write(&summary, said).map_err(file(summary))?;
    print(&rooms(&covered, &places.root));
    Ok(())
}

/// What is read of `llvm-cov export --summary-only`.
#[derive(Deserialize)]
struct Covered {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    files: Vec<CoveredFile>,
}

#[derive(Deserialize)]
struct CoveredFile {
    filename: PathBuf,
    summary: Summary,
}

#[derive(Deserialize)]
struct Summary {
    lines: Count,
    regions: Count,
}

#[derive(Clone, Copy, Default, Deserialize)]
struct Count {
    count: u64,
    covered: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.covered += other.covered;
    }

    fn percent(self) -> String {
        let tenths = self.covered * 1000 / self.count.max(1);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// Room -> its lines and regions.
fn rooms(covered: &Covered, root: &Path) -> BTreeMap<String, (Count, Count)> {
    let mut rooms = BTreeMap::<String, (Count, Count)>::new();
    for found in covered.data.iter().flat_map(|data| &data.files) {
        let inside = found.filename.strip_prefix(root.join("crates"));
        let Some(room) = inside.ok().and_then(|it| it.components().next()) else {
            continue;
        };
        let room = room.as_os_str().to_string_lossy().into_owned();
        let entry = rooms.entry(room).or_default();
        entry.0.add(found.summary.lines);
        entry.1.add(found.summary.regions);
    }
    rooms
}

fn print(rooms: &BTreeMap<String, (Count, Count)>) {
    let mut table = Table::new();
    let table = table.load_style(presets::NOTHING).set_header([
        "room",
        "lines",
        "of them reached %",
        "regions reached %",
    ]);
    for (room, (lines, regions)) in rooms {
        let (count, lines) = (lines.count.to_string(), lines.percent());
        table.add_row([room, &count, &lines, &regions.percent()]);
    }
    for index in 1..4 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    anstream::println!("{}", table.trim_fmt());
}

/// A tool of LLVM, by its variable or by Debian's name; it must be as new as the compiler's.
fn tool(variable: &str, name: &str) -> Result<PathBuf, FuzzError> {
    let tool = std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from);
    let mut version = Command::new(&tool);
    version
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if version.status().is_ok() {
        return Ok(tool);
    }
    Err(FuzzError::Missing {
        what: "a tool of LLVM",
        remedy: "install llvm-22 (on Debian: apt-get install llvm-22), or name the tools by \
                 LLVM_COV and LLVM_PROFDATA",
    })
}

fn output(command: &mut Command, program: &str) -> Result<Vec<u8>, FuzzError> {
    let output = command.output().map_err(|source| FuzzError::NotStarted {
        program: program.to_owned(),
        source,
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    anstream::eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(FuzzError::Ended {
        program: program.to_owned(),
        status: output.status.to_string(),
    })
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask fuzz cover
  LLVM_COV=llvm-cov LLVM_PROFDATA=llvm-profdata cargo xtask fuzz cover";
