//! A device whose engine is the real Dart VM, and the processes of its app.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use libtest_mimic::Failed;
use patchproof_tests::c_library;
use patchproof_tests::offering::OfferingServer;
use tempfile::TempDir;

/// A device with its app, its engine and its server.
pub(crate) struct Phone {
    folder: TempDir,
    host: PathBuf,
    runtime: PathBuf,
    base: PathBuf,
    pub(crate) server: OfferingServer,
    pub(crate) released: Vec<u8>,
}

/// What one process said.
pub(crate) struct Said {
    pub(crate) lines: Vec<String>,
    pub(crate) ended_well: bool,
}

impl Phone {
    pub(crate) fn new(runtime: &Path, base: &Path) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/capi_vm/host.c");
        Ok(Self {
            host: c_library::program(&source, folder.path()),
            folder,
            runtime: runtime.to_owned(),
            base: base.to_owned(),
            server: OfferingServer::start(),
            released: fs::read(base)?,
        })
    }

    /// From now on the server offers this library under this number.
    pub(crate) fn offer(&self, number: u64, library: &[u8]) {
        self.server
            .offer(Some((number, &self.released, library)), &[]);
    }

    pub(crate) fn device(&self) -> PathBuf {
        self.folder.path().join("device")
    }

    /// One process of the app, from its start to its end.
    pub(crate) fn run(&self, acts: &[&str]) -> Result<Said, Failed> {
        self.run_after("-", acts)
    }

    /// As [`Phone::run`]; `exits` is what the platform tells of an earlier process.
    pub(crate) fn run_after(&self, exits: &str, acts: &[&str]) -> Result<Said, Failed> {
        let output = self.command(exits, acts).output()?;
        let text = String::from_utf8(output.stdout)?;
        Ok(Said {
            lines: text.lines().map(str::to_owned).collect(),
            ended_well: output.status.success(),
        })
    }

    /// A process that says what it does until it says that it halts; then it is killed.
    pub(crate) fn killed(&self, acts: &[&str]) -> Result<Said, Failed> {
        let mut child = self.start(acts)?;
        let lines = until_halted(&mut child)?;
        child.kill()?;
        child.wait()?;
        Ok(Said {
            lines,
            ended_well: false,
        })
    }

    /// A process that goes on by itself.
    pub(crate) fn start(&self, acts: &[&str]) -> Result<Child, Failed> {
        Ok(self.command("-", acts).stdout(Stdio::piped()).spawn()?)
    }

    fn command(&self, exits: &str, acts: &[&str]) -> Command {
        let mut command = Command::new(&self.host);
        command
            .arg(self.device())
            .arg(&self.base)
            .arg(self.server.url())
            .arg(&self.runtime)
            .arg(exits)
            .args(acts);
        command
    }
}

impl Said {
    /// What stands behind this word at the beginning of a line.
    pub(crate) fn after(&self, word: &str) -> &str {
        let line = self.lines.iter().find_map(|line| line.strip_prefix(word));
        line.unwrap_or_default().trim()
    }

    /// The number that it boots, and what the VM said.
    pub(crate) fn boots(&self) -> (&str, &str) {
        (self.after("boots "), self.after("vm "))
    }
}

/// What a process says up to the line that says that it halts.
pub(crate) fn until_halted(child: &mut Child) -> Result<Vec<String>, Failed> {
    let said = child.stdout.take().ok_or("it has an output")?;
    let mut lines = Vec::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        if line == "halted" {
            return Ok(lines);
        }
        lines.push(line);
    }
    Err(format!("it ended before it halted: {lines:?}").into())
}
