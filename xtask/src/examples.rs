//! The examples of `cargo xtask verify-release`: real artefacts, and the real VM beside the report.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use patchproof_cli::verify_release::{
    AttestArgs, ChainArgs, ClockError, PrintingArgs, ReportFormat, verify_and_print,
};
use patchproof_cli::{read_file, working};
use patchproof_patch::{DEFAULT_LEVEL, Limits, inflate, make};
use patchproof_report::ExitCode;
use patchproof_testkit::{corpora, made, vm};
use patchproof_verify::{Build, Input, Inputs, LabelledPatch};

use crate::verify_release::Example;

/// Runs an example: gets its files, makes the patch, verifies, and lets the real VM speak.
pub(crate) fn run(
    example: Example,
    chain: &ChainArgs,
    printing: &PrintingArgs,
    attest: &AttestArgs,
) -> ExitCode {
    let patched = |set: &Set| patched(set, chain, printing, attest);
    let ran = match example {
        Example::Good => real(RELEASE, NEXT).map(|set| patched(&set)),
        Example::Incompatible => real(RELEASE, OTHER_COMPILER).map(|set| patched(&set)),
        Example::RebuildDiffers => rebuild_differs(chain, printing, attest),
        Example::Made => Ok(patched(&made_files())),
    };
    ran.unwrap_or_else(|why| {
        anstream::eprintln!(
            "verify-release: the files of this example could not be had\n{why}\n\
             Without a network, `cargo xtask verify-release --example made` builds its own."
        );
        ExitCode::Undecided
    })
}

/// Two builds of one source by one compiler: what the report says when a rebuild is not the
/// release.
fn rebuild_differs(
    chain: &ChainArgs,
    printing: &PrintingArgs,
    attest: &AttestArgs,
) -> Result<ExitCode, String> {
    let [released, rebuilt] = [ONE_BUILD, OTHER_BUILD].map(|id| {
        let path = corpora::path(id).map_err(|error| format!("  {error}"))?;
        load(id, &path)
    });
    let (released, rebuilt) = (released?, rebuilt?);
    if printing.format == ReportFormat::Text {
        introduce_file("released library", &released);
        introduce_file("rebuilt library", &rebuilt);
        say("");
    }
    let inputs = chain.inputs(build(&released));
    let mut inputs = inputs.map_err(|error| format!("  {error}"))?;
    inputs.rebuilt = Some(build(&rebuilt));
    Ok(verify_and_print(&inputs, printing, attest, &chain.paths()))
}

/// A release, its patched build, and a patch made on the spot.
fn patched(set: &Set, chain: &ChainArgs, printing: &PrintingArgs, attest: &AttestArgs) -> ExitCode {
    let making = || make(&set.release.bytes, &set.patched.bytes, DEFAULT_LEVEL);
    let patch = match working("making the patch", making) {
        Ok(patch) => patch,
        Err(error) => {
            anstream::eprintln!("verify-release: {error}");
            return ExitCode::Undecided;
        }
    };
    let for_a_person = printing.format == ReportFormat::Text;
    if for_a_person {
        introduce(set, &patch);
    }
    let inputs = match inputs(set, &patch, chain) {
        Ok(inputs) => inputs,
        Err(error) => {
            anstream::eprintln!("verify-release: {error}");
            return ExitCode::Undecided;
        }
    };
    let code = verify_and_print(&inputs, printing, attest, &chain.paths());
    if for_a_person {
        let_the_vm_speak(set, &patch);
    }
    code
}

/// The files of an example.
struct Set {
    release: Named,
    patched: Named,
    engine: Named,
    /// The engine as a program, where it is a real one that runs here.
    runtime: Option<PathBuf>,
}

/// A file and what to call it.
struct Named {
    name: String,
    bytes: Vec<u8>,
}

fn made_files() -> Set {
    let made = made::example();
    let named = |name: &str, bytes| Named {
        name: name.to_owned(),
        bytes,
    };
    Set {
        release: named("made release", made.release),
        patched: named("made patched build", made.patched),
        engine: named("made engine", made.engine),
        runtime: None,
    }
}

fn real(release: &str, patched: &str) -> Result<Set, String> {
    let fetched = [release, patched, RUNTIME].map(|id| (id, corpora::path(id)));
    let mut missing: Vec<String> = Vec::new();
    let mut paths = Vec::new();
    for (id, path) in fetched {
        match path {
            Ok(path) => paths.push((id, path)),
            Err(error) => missing.push(format!("  {error}")),
        }
    }
    let [
        (release, release_at),
        (patched, patched_at),
        (runtime, runtime_at),
    ] = &paths[..]
    else {
        return Err(missing.join("\n"));
    };
    Ok(Set {
        release: load(release, release_at)?,
        patched: load(patched, patched_at)?,
        engine: load(runtime, runtime_at)?,
        runtime: vm::runs_here().then(|| runtime_at.clone()),
    })
}

fn load(name: &str, path: &Path) -> Result<Named, String> {
    let bytes = read_file(path).map_err(|error| format!("  {name}: {error}"))?;
    Ok(Named {
        name: name.to_owned(),
        bytes,
    })
}

fn inputs(set: &Set, patch: &[u8], chain: &ChainArgs) -> Result<Inputs, ClockError> {
    let mut inputs = chain.inputs(build(&set.release))?;
    inputs.patched = Some(build(&set.patched));
    inputs.engine = Some(Input::new(&set.engine.name, Ok(set.engine.bytes.clone())));
    let patch = Input::new("the patch", Ok(patch.to_vec()));
    inputs.patches = vec![LabelledPatch::new(None, patch)];
    Ok(inputs)
}

fn introduce(set: &Set, patch: &[u8]) {
    for (role, file) in [
        ("released library", &set.release),
        ("patched build", &set.patched),
        ("engine", &set.engine),
    ] {
        introduce_file(role, file);
    }
    say(&format!(
        "{:<18}{:<48}{:>9} bytes\n",
        "patch",
        "made now",
        patch.len()
    ));
}

fn introduce_file(role: &str, file: &Named) {
    let size_bytes = file.bytes.len();
    say(&format!("{role:<18}{:<48}{size_bytes:>9} bytes", file.name));
}

fn build(file: &Named) -> Build {
    Build::in_memory(&file.name, file.bytes.clone())
}

/// Runs what the patch gives in the real runtime: the report said what would happen.
fn let_the_vm_speak(set: &Set, patch: &[u8]) {
    let Some(runtime) = &set.runtime else { return };
    let answer = inflated(set, patch)
        .and_then(|file| vm::run(runtime, file.path()).map_err(|error| error.to_string()));
    match answer {
        Ok(answer) => {
            let said = answer
                .first_line()
                .split(", expected")
                .next()
                .unwrap_or_default();
            say(&format!(
                "the real VM, run over the inflated library: {said} (exit {})",
                answer.exit_code
            ));
        }
        Err(error) => anstream::eprintln!("verify-release: the real VM could not be run: {error}"),
    }
}

fn inflated(set: &Set, patch: &[u8]) -> Result<tempfile::NamedTempFile, String> {
    let base_bytes = u64::try_from(set.release.bytes.len()).unwrap_or(u64::MAX);
    let limits = Limits::for_base(base_bytes);
    let library = inflate(&set.release.bytes, patch, limits).map_err(|error| error.to_string())?;
    let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    fs::write(file.path(), library).map_err(|error| error.to_string())?;
    Ok(file)
}

fn say(line: &str) {
    // A closed pipe: the reader has what it wanted, and the exit code still speaks.
    let _ = writeln!(anstream::stdout(), "{line}");
}

const RELEASE: &str = "sass-embedded-linux-x64@1.97.2/sass.snapshot";
const NEXT: &str = "sass-embedded-linux-x64@1.97.3/sass.snapshot";
const OTHER_COMPILER: &str = "sass-embedded-linux-x64@1.89.0/sass.snapshot";
const ONE_BUILD: &str = "sass-embedded-linux-x64@1.97.1/sass.snapshot";
const OTHER_BUILD: &str = "sass-embedded-linux-musl-x64@1.97.1/sass.snapshot";
const RUNTIME: &str = "sass-embedded-linux-x64@1.97.2/dart";
