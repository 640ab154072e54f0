//! A device's folder, its app, its server, and C programs that run there.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::offering::OfferingServer;
use tempfile::TempDir;

use patchproof_tests::c_library as built;

/// An app that was shipped, on a device, with a server.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) server: OfferingServer,
    pub(crate) base: Vec<u8>,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let base = library(0);
        fs::write(folder.path().join("base.so"), &base).expect("our own folder can be written");
        Self {
            folder,
            server: OfferingServer::start(),
            base,
        }
    }

    /// From now on the server offers this patch, whose library is edited by its number.
    pub(crate) fn offer(&self, number: u64) {
        self.server
            .offer(Some((number, &self.base, &library(number))), &[]);
    }

    /// Waits until the server was asked for so many downloads.
    pub(crate) fn until_downloads(&self, count: usize) {
        let until = Instant::now() + PATIENCE;
        let asked = || self.server.bodies("/download").len();
        while asked() < count && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(asked() >= count, "it was asked {} times", asked());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A C program of these tests, built, to be run over this device.
    pub(crate) fn program(&self, name: &str) -> Runs<'_> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/capi/c")
            .join(name);
        Runs {
            world: self,
            program: built::program(&source, self.folder.path()),
        }
    }

    /// Runs a C program once under valgrind: it has to end well, with no error and no leak.
    pub(crate) fn passes_under_valgrind(&self, name: &str, more: &[&str]) {
        let program = self.program(name).program;
        let output = Command::new("valgrind")
            .args(["--quiet", "--leak-check=full", "--error-exitcode=99"])
            .args(["--errors-for-leak-kinds=definite,indirect,possible"])
            .arg(format!(
                "--suppressions={}/tests/capi/c/std.supp",
                env!("CARGO_MANIFEST_DIR")
            ))
            .arg(program)
            .args(self.arguments())
            .args(more)
            .output()
            .expect("valgrind is installed");
        built::passed(&output);
    }

    fn arguments(&self) -> [String; 3] {
        [
            self.path("device").display().to_string(),
            self.path("base.so").display().to_string(),
            self.server.url(),
        ]
    }
}

/// A program that can be run again and again.
pub(crate) struct Runs<'a> {
    world: &'a World,
    pub(crate) program: PathBuf,
}

impl Runs<'_> {
    pub(crate) fn command(&self, acts: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(self.world.arguments()).args(acts);
        command
    }

    /// One process, from its start to its end: the lines that it said.
    pub(crate) fn run(&self, acts: &[&str]) -> Vec<String> {
        let output = self.command(acts).output().expect("it was just built");
        built::passed(&output);
        lines(&output)
    }

    /// The same, of a process that waits at its act `stdin` until `meanwhile` is over; it may fail.
    pub(crate) fn run_over(&self, acts: &[&str], meanwhile: impl FnOnce()) -> Output {
        let mut process = self.command(acts);
        process.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = process.spawn().expect("it was just built");
        meanwhile();
        let mut stdin = process.stdin.take().expect("it has an input");
        stdin.write_all(b"\n").expect("it waits");
        process.wait_with_output().expect("it ends")
    }
}

pub(crate) fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(str::to_owned).collect()
}

/// The library of this patch; 0 is what was shipped.
pub(crate) fn library(number: u64) -> Vec<u8> {
    let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    match number {
        0 => made.build(),
        number => made.edited(number).build(),
    }
}

const PATIENCE: Duration = Duration::from_secs(60);
