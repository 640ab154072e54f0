//! The C library as it is handed to embedders: libraries, headers, licences, checksums.

mod licences;
mod shared;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sha2::{Digest as _, Sha256};

use crate::tidy::{TidyError, tree};
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};

/// Build the C library for this machine, with headers, licences and checksums
#[derive(clap::Args)]
pub(crate) struct Dist {
    /// Where to put it; what lies there goes. Without it: target/dist/TARGET
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Builds, and says how large everything is.
pub(crate) fn run(args: &Dist) -> ExitCode {
    match made(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("dist: {error}");
            ExitCode::from(match error {
                DistError::Failed { .. } | DistError::Needs { .. } => PROBLEMS_FOUND,
                _ => COULD_NOT_DECIDE,
            })
        }
    }
}

/// Why there is no distribution.
#[derive(Debug, thiserror::Error)]
enum DistError {
    #[error("{what} failed; to repeat it: {command}")]
    Failed { what: &'static str, command: String },
    #[error("cannot start {what}: {source}")]
    NotStarted {
        what: &'static str,
        source: io::Error,
    },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the shared library needs {found}, expected the C library and libgcc_s alone")]
    Needs { found: String },
    #[error(transparent)]
    Metadata(#[from] cargo_metadata::Error),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

fn made(args: &Dist) -> Result<(), DistError> {
    let root = tree::repository()?;
    let target = host()?;
    let default = || root.join("target/dist").join(&target);
    let out = args.out.clone().unwrap_or_else(default);
    if out.exists() {
        fs::remove_dir_all(&out).map_err(io(&out))?;
    }
    for folder in ["lib/pkgconfig", "include", "engine", "licences"] {
        let folder = out.join(folder);
        fs::create_dir_all(&folder).map_err(io(&folder))?;
    }
    // As the only kind: beside a Rust library nothing is optimised across crates.
    let build = "rustc --locked --package patchproof-capi --lib --crate-type staticlib \
                 --target-dir target --profile";
    run_command("cargo", "the build", |cargo| {
        let args = build.split_whitespace();
        // No folder of this machine stands in what is handed out.
        let flags = crate::reproduce::flags::encoded(&root);
        cargo
            .current_dir(&root)
            .args(args)
            .arg(PROFILE)
            .env("CARGO_ENCODED_RUSTFLAGS", flags);
    })?;
    let built = root.join("target").join(PROFILE).join("libpatchproof.a");
    let archive = out.join("lib/libpatchproof.a");
    run_command("strip", "stripping the archive", |strip| {
        strip
            .arg("--strip-debug")
            .arg("-o")
            .arg(&archive)
            .arg(&built);
    })?;
    let folder = root.join("crates/capi");
    shared::link(&archive, &folder.join("patchproof.map"), &out.join("lib"))?;
    let header = folder.join("include/patchproof.h");
    copy(&header, &out.join("include/patchproof.h"))?;
    copy(&header, &out.join("engine/updater.h"))?;
    copy(&archive, &out.join("engine/libupdater.a"))?;
    let template = folder.join("patchproof.pc.in");
    let text = fs::read_to_string(&template).map_err(io(&template))?;
    let text = text.replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    write(&out.join("lib/pkgconfig/patchproof.pc"), text.as_bytes())?;
    licences::write_all(&root, &target, &out.join("licences"))?;
    checksums(&out)
}

/// The sums of all files, by their paths, and a line of each that has a size worth saying.
fn checksums(out: &Path) -> Result<(), DistError> {
    let mut files = Vec::new();
    files_in(out, &mut files)?;
    files.sort();
    let mut sums = String::new();
    for file in files {
        let bytes = fs::read(&file).map_err(io(&file))?;
        let name = file.strip_prefix(out).unwrap_or(&file).display();
        sums.push_str(&format!(
            "{}  {name}\n",
            hex::encode(Sha256::digest(&bytes))
        ));
        let is_library = file.extension().is_some_and(|end| end == "a" || end == "0");
        if is_library {
            anstream::println!("{:>10} bytes  {name}", bytes.len());
        }
    }
    write(&out.join("SHA256SUMS"), sums.as_bytes())?;
    anstream::println!("{}", out.display());
    Ok(())
}

/// Plain files alone: a link's target has its own line.
fn files_in(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), DistError> {
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        let kind = entry.file_type().map_err(io(folder))?;
        if kind.is_dir() {
            files_in(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn host() -> Result<String, DistError> {
    let output = run_command("rustc", "asking rustc what this machine is", |rustc| {
        rustc.arg("-vV");
    })?;
    let line = output.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.unwrap_or("unknown").to_owned())
}

/// Runs a program to its end, and gives what it said; its errors go where ours go.
fn run_command(
    program: &'static str,
    what: &'static str,
    fill: impl FnOnce(&mut Command),
) -> Result<String, DistError> {
    let mut command = Command::new(program);
    fill(&mut command);
    command.stderr(std::process::Stdio::inherit());
    let output = command.output();
    let output = output.map_err(|source| DistError::NotStarted {
        what: program,
        source,
    })?;
    if !output.status.success() {
        let command = format!("{command:?}");
        return Err(DistError::Failed { what, command });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn copy(from: &Path, to: &Path) -> Result<(), DistError> {
    fs::copy(from, to).map_err(io(from)).map(|_| ())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DistError> {
    fs::write(path, bytes).map_err(io(path))
}

fn io(path: &Path) -> impl FnOnce(io::Error) -> DistError {
    let path = path.to_owned();
    move |source| DistError::Io { path, source }
}

/// Of the root manifest.
const PROFILE: &str = "small";
