//! What has to pass before a change is merged, as one list of commands that anyone can repeat.

mod readme;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anstyle::Style;
use comfy_table::{CellAlignment, Table, presets};

use crate::tidy::{TidyError, tree};
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
use readme::ReadmeError;

/// Run everything that has to pass before a merge; the first failing step ends it
#[derive(clap::Args)]
pub(crate) struct Ci {
    /// Also make a hundred thousand patches, take every pair of the corpus and every schedule of
    /// the decoder's threads, run every bench once, and check the licences, sources and versions of
    /// dependencies
    #[arg(long)]
    full: bool,
}

/// Runs the steps in the repository around the current folder and prints the seconds of each.
pub(crate) fn run(args: &Ci) -> ExitCode {
    let error = match prepared(args.full).and_then(|(root, steps)| run_all(&root, &steps)) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    anstream::eprintln!("ci: {error}");
    ExitCode::from(match error {
        CiError::Failed { .. } => PROBLEMS_FOUND,
        _ => COULD_NOT_DECIDE,
    })
}

/// One thing that has to pass.
struct Step {
    title: &'static str,
    /// A line for `sh`: what is run is what one types to repeat it.
    command: String,
}

/// Why the run did not reach its end.
#[derive(Debug, thiserror::Error)]
enum CiError {
    #[error("the step {title:?} failed; to repeat it: {command}")]
    Failed {
        title: &'static str,
        command: String,
    },
    #[error("cannot start `sh`: {0}; every step is a line for it, so install a POSIX shell")]
    NoShell(io::Error),
    #[error("cannot read {}: {source}; two of the steps are commands it shows", path.display())]
    NoReadme { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Readme(#[from] ReadmeError),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

/// Reads the README before anything runs: a missing command should not cost minutes.
fn prepared(full: bool) -> Result<(PathBuf, Vec<Step>), CiError> {
    let root = tree::repository()?;
    let path = root.join("README.md");
    let readme = std::fs::read_to_string(&path);
    let readme = readme.map_err(|source| CiError::NoReadme { path, source })?;
    Ok((root, steps(&readme, full)?))
}

fn steps(readme: &str, full: bool) -> Result<Vec<Step>, CiError> {
    let test = readme::command(readme, "test")?;
    let main = readme::command(readme, "main")?;
    let shown = [
        ("the README's tests", test.as_str()),
        ("the README's command", main.as_str()),
    ];
    let more: &[_] = if full { &FULL } else { &[] };
    let all = ALWAYS.iter().chain(&shown).chain(more);
    Ok(all
        .map(|&(title, command)| Step {
            title,
            command: command.to_owned(),
        })
        .collect())
}

fn run_all(root: &Path, steps: &[Step]) -> Result<(), CiError> {
    let mut times = Vec::new();
    for step in steps {
        let (took, passed) = run_one(root, step)?;
        times.push((step.title, took));
        if !passed {
            print_summary(&times);
            return Err(CiError::Failed {
                title: step.title,
                command: step.command.clone(),
            });
        }
    }
    print_summary(&times);
    Ok(())
}

fn run_one(root: &Path, step: &Step) -> Result<(Duration, bool), CiError> {
    let Step { title, command } = step;
    anstream::println!("\n{BOLD}{title}{BOLD:#}\n$ {command}");
    let start = Instant::now();
    let mut shell = Command::new("sh");
    shell.args(["-euc", command]).current_dir(root);
    let status = shell.status().map_err(CiError::NoShell)?;
    let took = start.elapsed();
    anstream::println!("{title}: {} s", seconds(took));
    Ok((took, status.success()))
}

fn print_summary(times: &[(&str, Duration)]) {
    let total = times.iter().map(|(_, took)| *took).sum();
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_header(["step", "seconds"]);
    for (title, took) in times.iter().copied().chain([("total", total)]) {
        table.add_row([title.to_owned(), seconds(took)]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    anstream::println!("\n{}", table.trim_fmt());
}

fn seconds(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64())
}

const ALWAYS: [(&str, &str); 4] = [
    ("format", "cargo fmt --all --check"),
    (
        "lints",
        "cargo clippy --workspace --all-targets --locked -- -D warnings",
    ),
    ("house rules", "cargo xtask tidy"),
    (
        "documentation",
        "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked",
    ),
];

/// `--test` makes criterion run every bench once, in the bench profile, and measure nothing: a
/// shared machine has no times worth keeping. Only the bench package is asked, because the test
/// harness of the others does not know criterion's flags.
///
/// The model checker has a target folder of its own: its flag would have everything built again.
const FULL: [(&str, &str); 13] = [
    ("the C library as it is handed out", "cargo xtask dist"),
    (
        "ten thousand cycles of the C library",
        "PATCHPROOF_FULL=1 cargo test --package patchproof-tests --locked --test capi_vm -- \
         cycles_without",
    ),
    (
        "the figures of the proofs, counted anew",
        "cargo xtask figures",
    ),
    (
        "the proof against power loss, exhaustive for sixteen blocks",
        "PATCHPROOF_FULL=1 cargo test --package patchproof-tests --locked --test device_power",
    ),
    (
        "every world of three contents",
        "cargo test --package patchproof-tests --locked --test lifecycle_explored -- --ignored",
    ),
    ("each check of a device compiled out", "cargo xtask attacks"),
    (
        "a hundred thousand random lives",
        "PROPTEST_CASES=100000 cargo test --package patchproof-tests --locked --test device_random",
    ),
    (
        "a hundred thousand made pairs",
        "PROPTEST_CASES=100000 cargo test --package patchproof-tests --locked --test patching",
    ),
    (
        "every pair of the corpus",
        "cargo test --package patchproof-tests --locked --test patching_real -- \
         --ignored every_pair",
    ),
    (
        "every schedule of the two threads",
        "RUSTFLAGS='--cfg shuttle' cargo test --package patchproof-patch --lib --locked \
         --target-dir target/shuttle schedules",
    ),
    (
        "benches, each once",
        "cargo bench --package patchproof-benches --locked -- --test",
    ),
    (
        "cargo-deny, installed if missing",
        "cargo deny --version 2>/dev/null | grep '^cargo-deny 0[.]20[.]' \
         || cargo install cargo-deny --locked --version 0.20.2",
    ),
    (
        "dependencies",
        "cargo deny --locked check bans licenses sources",
    ),
];

const BOLD: Style = Style::new().bold();

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "<!-- ci: main -->
```sh
show it
```
<!-- ci: test -->
```sh
test it
```
";

    fn commands(full: bool) -> Vec<String> {
        steps(README, full)
            .unwrap()
            .into_iter()
            .map(|step| step.command)
            .collect()
    }

    fn step(title: &'static str, command: &str) -> Step {
        Step {
            title,
            command: command.to_owned(),
        }
    }

    #[test]
    fn the_full_run_is_the_short_one_and_more() {
        let (short, full) = (commands(false), commands(true));
        assert!(full.len() > short.len());
        assert!(full.starts_with(&short));
    }

    #[test]
    fn the_readmes_commands_are_steps_of_the_short_run() {
        let short = commands(false);
        assert!(short.contains(&"test it".to_owned()), "{short:?}");
        assert!(short.contains(&"show it".to_owned()), "{short:?}");
    }

    #[test]
    fn steps_that_pass_are_all_run_in_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let steps = [
            step("one", "touch one"),
            step("two", "test -f one && touch two"),
        ];
        run_all(folder.path(), &steps).unwrap();
        assert!(folder.path().join("two").exists());
    }

    #[test]
    fn the_first_failing_step_ends_the_run_and_is_named_with_its_command() {
        let folder = tempfile::tempdir().unwrap();
        let steps = [step("one", "exit 3"), step("two", "touch two")];
        let error = run_all(folder.path(), &steps).unwrap_err().to_string();
        assert_eq!(error, "the step \"one\" failed; to repeat it: exit 3");
        assert!(!folder.path().join("two").exists());
    }
}
