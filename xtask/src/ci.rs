//! What has to pass before a change is merged, as one list of commands that anyone can repeat.

mod readme;
mod steps;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anstyle::Style;

use crate::environment::hide_package;
use crate::tables::for_terminal;
use crate::tidy::{TidyError, tree};
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
use readme::ReadmeError;
use steps::{Step, steps};

/// Run everything that has to pass before a merge; the first failing step ends it
#[derive(clap::Args)]
pub(crate) struct Ci {
    /// Also make a hundred thousand patches, take every pair of the corpus and every schedule of
    /// the decoder's threads, run every bench once, that of the server too, and check the licences,
    /// sources and versions of dependencies
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
    hide_package(&mut shell);
    let status = shell.status().map_err(CiError::NoShell)?;
    let took = start.elapsed();
    anstream::println!("{title}: {} s", seconds(took));
    Ok((took, status.success()))
}

fn print_summary(times: &[(&str, Duration)]) {
    let total = times.iter().map(|(_, took)| *took).sum();
    let mut table = for_terminal(&["step", "seconds"], 1..2);
    for (title, took) in times.iter().copied().chain([("total", total)]) {
        table.add_row([title.to_owned(), seconds(took)]);
    }
    anstream::println!("\n{}", table.trim_fmt());
}

fn seconds(took: Duration) -> String {
    format!("{:.1}", took.as_secs_f64())
}

const BOLD: Style = Style::new().bold();

#[cfg(test)]
mod tests {
    use super::*;

    fn step(title: &'static str, command: &str) -> Step {
        Step {
            title,
            command: command.to_owned(),
        }
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

    #[test]
    fn a_step_is_told_nothing_of_the_package_that_cargo_runs() {
        let folder = tempfile::tempdir().unwrap();
        let told = "test -z \"${CARGO_MANIFEST_DIR-}${CARGO_PKG_NAME-}${OUT_DIR-}\"";
        run_all(folder.path(), &[step("one", told)]).unwrap();
    }
}
