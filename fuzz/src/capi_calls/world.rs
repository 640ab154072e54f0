//! Where the library runs: folders, a bundled library, a server on this machine.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use tempfile::TempDir;

use super::server::Server;

/// One for each process.
pub(super) struct World {
    folder: TempDir,
    pub(super) server: Server,
}

impl World {
    pub(super) fn of_process() -> &'static Self {
        static WORLD: LazyLock<World> = LazyLock::new(World::new);
        &WORLD
    }

    fn new() -> Self {
        sweep();
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        let folder = builder.tempdir_in(MEMORY).or_else(|_| builder.tempdir());
        let folder = folder.expect("a temporary folder can be made");
        let base = library(0);
        std::fs::write(folder.path().join("base.so"), &base).expect("our own folder is written");
        let patches = [1, 2].map(|number| {
            let library = library(number);
            let patch = patchproof_patch::make(&base, &library, 3);
            (library, patch.expect("a patch of two libraries"))
        });
        Self {
            folder,
            server: Server::start(patches),
        }
    }

    pub(super) fn base(&self) -> PathBuf {
        self.path("base.so")
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The `shorebird.yaml` of an app that asks this server.
    pub(super) fn settings(&self) -> String {
        format!("app_id: app\nbase_url: {}\n", self.server.url())
    }
}

/// A fuzzer ends without cleaning up: what earlier ones left goes when the next one begins.
fn sweep() {
    let is_left = |name: &str| {
        let process = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once('-'));
        process.is_some_and(|(id, _)| !Path::new("/proc").join(id).exists())
    };
    for entry in std::fs::read_dir(MEMORY).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_left) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// The folder of a device's updater, away with what is in it when dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// The library of this patch; 0 is what was shipped.
pub(super) fn library(number: u64) -> Vec<u8> {
    let machine = match cfg!(target_arch = "aarch64") {
        true => Machine::Arm64,
        false => Machine::X64,
    };
    let made = MadeSnapshot::new(Container::Elf64, machine, Layout::Split);
    match number {
        0 => made.build(),
        number => made.edited(number).build(),
    }
}

/// A disk in memory, on which a sync takes no time; where there is none, the usual place.
const MEMORY: &str = "/dev/shm";
const PREFIX: &str = "patchproof-fuzz-";
