//! The device library with nothing simulated: a server on this machine, the real disk, a process
//! for each start, and the real Dart VM that runs what it is told to boot.

mod aware;
mod signed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_testkit::{corpora, vm};
use patchproof_tests::offering::OfferingServer;
use patchproof_tests::trials::same;
use tempfile::TempDir;

fn main() -> std::process::ExitCode {
    let trial = corpora::trial(
        "a_patch_is_fetched_installed_and_run_by_the_real_vm_and_withdrawn_again",
        &ARTEFACTS,
        story,
    );
    let under_a_root = corpora::trial(
        "a_signed_patch_goes_from_keygen_to_the_real_vm_and_is_withdrawn_by_a_signed_word",
        &ARTEFACTS,
        signed::story,
    );
    let aware = corpora::trial(
        "a_patch_that_knows_of_dart_is_inflated_beside_a_file_or_in_memory_and_runs",
        &ARTEFACTS,
        aware::story,
    );
    let trials = [trial, under_a_root, aware].into_iter();
    let trials: Vec<Trial> = trials
        .map(|trial| trial.with_ignored_flag(!vm::runs_here()))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn story(paths: &[PathBuf]) -> Result<(), Failed> {
    let [runtime, release, patched, foreign] = paths else {
        return Err("four paths were asked for".into());
    };
    let server = OfferingServer::start();
    let phone = Phone::at(runtime, release, server.url())?;
    let released = fs::read(release)?;
    let (patched, foreign) = (fs::read(patched)?, fs::read(foreign)?);

    // As it was shipped, and nothing to update to.
    let shipped = phone.process(&["update"])?;
    same(shipped.booted, 0)?;
    same(shipped.updated.as_str(), "UpToDate")?;
    same(phone.runs(&shipped)?.as_str(), "1.97.2")?;

    // Patch 1: the process that fetches it runs on as it was, the next one boots it.
    server.offer(Some((1, &released, &patched)), &[]);
    let fetching = phone.process(&["update"])?;
    same(fetching.booted, 0)?;
    let patched_runs = phone.process(&["healthy"])?;
    same(patched_runs.booted, 1)?;
    same(phone.runs(&patched_runs)?.as_str(), "1.97.3")?;

    // Patch 2 is another compiler's: it never gets as far as the VM, and is not fetched twice.
    server.offer(Some((2, &released, &foreign)), &[]);
    let refusing = phone.process(&["update"])?;
    let said = refusing.error.as_deref().unwrap_or_default();
    same(said.contains("snapshot"), true).map_err(|_| format!("it said {said:?}"))?;
    let kept = phone.process(&["start"])?;
    same((kept.booted, phone.runs(&kept)?.as_str()), (1, "1.97.3"))?;

    // Patch 1 is withdrawn: what was shipped runs again.
    server.offer(None, &[1]);
    let withdrawing = phone.process(&["update"])?;
    same(withdrawing.booted, 1)?;
    let again = phone.process(&["start"])?;
    same((again.booted, phone.runs(&again)?.as_str()), (0, "1.97.2"))?;

    // And comes again.
    server.offer(Some((1, &released, &patched)), &[]);
    drop(phone.process(&["update"])?);
    let back = phone.process(&["healthy"])?;
    same((back.booted, phone.runs(&back)?.as_str()), (1, "1.97.3"))?;
    let events = server.bodies("/api/v1/patches/events").concat();
    same(events.contains("__patch_install__"), true)
}

/// A device with its app and its engine, and where its server is.
struct Phone {
    folder: TempDir,
    runtime: PathBuf,
    release: PathBuf,
    server_url: String,
}

/// What one process of the app said and booted.
struct Said {
    booted: u64,
    library: Option<PathBuf>,
    updated: String,
    error: Option<String>,
}

impl Phone {
    fn at(runtime: &Path, release: &Path, server_url: String) -> Result<Self, Failed> {
        Ok(Self {
            folder: tempfile::tempdir()?,
            runtime: runtime.to_owned(),
            release: release.to_owned(),
            server_url,
        })
    }

    /// One process of the app, from its start to its end.
    fn process(&self, acts: &[&str]) -> Result<Said, Failed> {
        let output = Command::new(env!("CARGO_BIN_EXE_device_under_test"))
            .arg(self.folder.path().join("patches"))
            .arg(&self.server_url)
            .arg(&self.release)
            .args(["-", "-"])
            .args(acts)
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let after = |word: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(word));
            line.map(|rest| rest.trim().to_owned())
        };
        let booted = after("booted").ok_or_else(|| format!("nothing booted: {text}"))?;
        let mut booted = booted.split(' ');
        Ok(Said {
            booted: booted.next().unwrap_or_default().parse()?,
            library: booted.next().map(PathBuf::from),
            updated: after("update").unwrap_or_default(),
            error: after("error"),
        })
    }

    /// What the real VM says of the library that was booted: its app's version.
    fn runs(&self, said: &Said) -> Result<String, Failed> {
        let library = said.library.as_ref().unwrap_or(&self.release);
        let answer = vm::run(&self.runtime, library)?;
        same(answer.exit_code, 0).map_err(|_| format!("{library:?}: {answer:?}"))?;
        Ok(answer
            .first_line()
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned())
    }
}

/// The runtime, what was shipped, its neighbour by the same compiler, and a library by another one.
const ARTEFACTS: [&str; 4] = [
    "sass-embedded-linux-x64@1.97.2/dart",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
    "sass-embedded-linux-x64@1.104.0/sass.snapshot",
];
