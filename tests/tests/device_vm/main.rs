//! The device library with nothing simulated: a server on this machine, the real disk, a process
//! for each start, and the real Dart VM that runs what it is told to boot.

mod signed;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_patch::make;
use patchproof_testkit::{corpora, vm};
use patchproof_tests::lying_server::{LyingServer, Request, Talk};
use patchproof_tests::trials::same;
use sha2::{Digest as _, Sha256};
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
    let trials = [trial, under_a_root].into_iter();
    let trials: Vec<Trial> = trials
        .map(|trial| trial.with_ignored_flag(!vm::runs_here()))
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn story(paths: &[PathBuf]) -> Result<(), Failed> {
    let [runtime, release, patched, foreign] = paths else {
        return Err("four paths were asked for".into());
    };
    let server = Server::start();
    let phone = Phone::at(runtime, release, server.lying)?;
    let server = Offering {
        lying: &phone.server,
        offers: server.offers,
    };

    // As it was shipped, and nothing to update to.
    server.offers(None, &[])?;
    let shipped = phone.process(&["update"])?;
    same(shipped.booted, 0)?;
    same(shipped.updated.as_str(), "UpToDate")?;
    same(phone.runs(&shipped)?.as_str(), "1.97.2")?;

    // Patch 1: the process that fetches it runs on as it was, the next one boots it.
    server.offers(Some((1, release, patched)), &[])?;
    let fetching = phone.process(&["update"])?;
    same(fetching.booted, 0)?;
    let patched_runs = phone.process(&["healthy"])?;
    same(patched_runs.booted, 1)?;
    same(phone.runs(&patched_runs)?.as_str(), "1.97.3")?;

    // Patch 2 is another compiler's: it never gets as far as the VM, and is not fetched twice.
    server.offers(Some((2, release, foreign)), &[])?;
    let refusing = phone.process(&["update"])?;
    let said = refusing.error.as_deref().unwrap_or_default();
    same(said.contains("snapshot"), true).map_err(|_| format!("it said {said:?}"))?;
    let kept = phone.process(&["start"])?;
    same((kept.booted, phone.runs(&kept)?.as_str()), (1, "1.97.3"))?;

    // Patch 1 is withdrawn: what was shipped runs again.
    server.offers(None, &[1])?;
    let withdrawing = phone.process(&["update"])?;
    same(withdrawing.booted, 1)?;
    let again = phone.process(&["start"])?;
    same((again.booted, phone.runs(&again)?.as_str()), (0, "1.97.2"))?;

    // And comes again.
    server.offers(Some((1, release, patched)), &[])?;
    drop(phone.process(&["update"])?);
    let back = phone.process(&["healthy"])?;
    same((back.booted, phone.runs(&back)?.as_str()), (1, "1.97.3"))?;
    same(server.saw_event("__patch_install__"), true)
}

/// A device with its app, its engine and its server.
struct Phone {
    folder: TempDir,
    runtime: PathBuf,
    release: PathBuf,
    server: LyingServer,
}

/// What one process of the app said and booted.
struct Said {
    booted: u64,
    library: Option<PathBuf>,
    updated: String,
    error: Option<String>,
}

impl Phone {
    fn at(runtime: &Path, release: &Path, server: LyingServer) -> Result<Self, Failed> {
        Ok(Self {
            folder: tempfile::tempdir()?,
            runtime: runtime.to_owned(),
            release: release.to_owned(),
            server,
        })
    }

    /// One process of the app, from its start to its end.
    fn process(&self, acts: &[&str]) -> Result<Said, Failed> {
        let output = Command::new(env!("CARGO_BIN_EXE_device_under_test"))
            .arg(self.folder.path().join("patches"))
            .arg(self.server.url(""))
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

/// A server of Shorebird's protocol with at most one patch.
struct Server {
    lying: LyingServer,
    offers: Arc<Mutex<Offers>>,
}

/// What it offers can be changed while the phone asks.
struct Offering<'a> {
    lying: &'a LyingServer,
    offers: Arc<Mutex<Offers>>,
}

#[derive(Default)]
struct Offers {
    answer: String,
    patch: Vec<u8>,
}

impl Server {
    fn start() -> Self {
        let offers: Arc<Mutex<Offers>> = Arc::default();
        let held = Arc::clone(&offers);
        let lying = LyingServer::start(move |request, talk| {
            let offers = held.lock().unwrap_or_else(PoisonError::into_inner);
            answer(&offers, request, talk)
        });
        Self { lying, offers }
    }
}

impl Offering<'_> {
    /// From now on: this patch of this base, and these withdrawn.
    fn offers(
        &self,
        patch: Option<(u64, &Path, &Path)>,
        rolled_back: &[u64],
    ) -> Result<(), Failed> {
        let mut offer = serde_json::Value::Null;
        let mut bytes = Vec::new();
        if let Some((number, base, library)) = patch {
            let library = fs::read(library)?;
            bytes = make(&fs::read(base)?, &library, PATCH_LEVEL)?;
            offer = serde_json::json!({
                "number": number,
                "hash": hex::encode(Sha256::digest(&library)),
                "download_url": self.lying.url("/download"),
            });
        }
        let answer = serde_json::json!({
            "patch_available": patch.is_some(),
            "patch": offer,
            "rolled_back_patch_numbers": rolled_back,
        });
        let mut offers = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        *offers = Offers {
            answer: answer.to_string(),
            patch: bytes,
        };
        Ok(())
    }

    fn saw_event(&self, kind: &str) -> bool {
        let asked = self.lying.asked();
        asked
            .iter()
            .any(|request| String::from_utf8_lossy(&request.body).contains(kind))
    }
}

fn answer(offers: &Offers, request: &Request, talk: &mut Talk<'_>) -> io::Result<()> {
    let path = request.line.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match path {
        "/api/v1/patches/check" => ("200 OK", offers.answer.as_bytes()),
        "/api/v1/patches/events" => ("201 Created", &b"{}"[..]),
        "/download" => ("200 OK", offers.patch.as_slice()),
        _ => ("404 Not Found", &b""[..]),
    };
    talk.answer(status, body)
}

const PATCH_LEVEL: i32 = 9;

/// The runtime, what was shipped, its neighbour by the same compiler, and a library by another one.
const ARTEFACTS: [&str; 4] = [
    "sass-embedded-linux-x64@1.97.2/dart",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
    "sass-embedded-linux-x64@1.104.0/sass.snapshot",
];
