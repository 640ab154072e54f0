//! The acts, the kills, and what must hold after each.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use patchproof_patch::make;
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::halting::HALTED;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// An app, its server, and the folders of its device.
struct World {
    folder: TempDir,
}

/// What one process said.
struct Said {
    process: u32,
    lines: Vec<String>,
    halted: bool,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let world = Self { folder };
        let release = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
        let base = release.build();
        fs::create_dir(world.path("server")).expect("our own folder can be written");
        fs::write(world.path("base.so"), &base).expect("our own folder can be written");
        for number in 1..=2 {
            let library = release.clone().edited(number).build();
            let patch = make(&base, &library, 3).expect("a patch of two made libraries");
            fs::write(world.path(&format!("server/{number}")), patch).expect("as above");
            fs::write(world.path(&format!("{number}.so")), library).expect("as above");
        }
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// From now on the server offers this patch, and withdraws these.
    fn offers(&self, number: u64, rolled_back: &[u64]) {
        let library = fs::read(self.path(&format!("{number}.so"))).expect("written above");
        let answer = serde_json::json!({
            "patch_available": true,
            "patch": {
                "number": number,
                "hash": hex::encode(Sha256::digest(&library)),
                "download_url": format!("https://example.com/{number}"),
            },
            "rolled_back_patch_numbers": rolled_back,
        });
        fs::write(self.path("server/answer.json"), answer.to_string()).expect("as above");
    }

    /// Runs one process to its end, or until it halts, where it is killed.
    fn run(&self, device: &str, halt: Option<u64>, crashed: Option<u32>, acts: &[&str]) -> Said {
        let number = |number: Option<u64>| number.map_or("-".to_owned(), |it| it.to_string());
        let mut child = Command::new(env!("CARGO_BIN_EXE_device_under_test"))
            .args([self.path(device), self.path("server"), self.path("base.so")])
            .args([number(halt), number(crashed.map(u64::from))])
            .args(acts)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the command was built with this test");
        let process = child.id();
        let stdout = BufReader::new(child.stdout.take().expect("piped above"));
        let mut said = Said {
            process,
            lines: Vec::new(),
            halted: false,
        };
        for line in stdout.lines() {
            let line = line.expect("the child prints text");
            if line == HALTED {
                said.halted = true;
                child.kill().expect("our own child can be killed");
                break;
            }
            said.lines.push(line);
        }
        child.wait().expect("our own child can be waited for");
        said
    }

    /// How many operations these acts take on a copy of this device.
    fn operations(&self, device: &str, crashed: Option<u32>, acts: &[&str]) -> u64 {
        self.copy(device, "counted");
        let said = self.run("counted", None, crashed, acts);
        said.number("operations")
            .expect("a run that was not halted says it")
    }

    fn copy(&self, from: &str, to: &str) {
        let (from, to) = (self.path(from), self.path(to));
        if to.exists() {
            fs::remove_dir_all(&to).expect("our own folder can be removed");
        }
        if from.exists() {
            copy_folder(&from, &to);
        }
    }
}

impl Said {
    /// The number after this word.
    fn number(&self, word: &str) -> Option<u64> {
        let mut words = self.lines.iter().map(|line| line.split(' '));
        words.find_map(|mut line| (line.next() == Some(word)).then(|| line.next()?.parse().ok())?)
    }

    fn booted(&self) -> u64 {
        self.number("booted")
            .unwrap_or_else(|| panic!("nothing booted: {:?}", self.lines))
    }

    fn library(&self) -> Option<PathBuf> {
        let line = self.lines.iter().find(|line| line.starts_with("booted "))?;
        line.split(' ').nth(2).map(PathBuf::from)
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("our own folder can be written");
    for entry in fs::read_dir(from).expect("our own folder can be read") {
        let entry = entry.expect("our own folder can be read");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("our own files can be copied");
        }
    }
}

/// Kills these acts before each operation on copies of `device`; what boots next must be one of
/// `may_boot`, with its library whole, and once all is let go on, `last` boots. Returns the kills.
fn kill_at_each(
    world: &World,
    device: &str,
    crashed: Option<u32>,
    acts: &[&str],
    may_boot: &[u64],
    last: u64,
) -> u64 {
    let operations = world.operations(device, crashed, acts);
    for halt in 0..operations {
        world.copy(device, "killed");
        let killed = world.run("killed", Some(halt), crashed, acts);
        assert!(
            killed.halted,
            "operation {halt} of {operations} was not reached: {:?}",
            killed.lines
        );
        let next = world.run("killed", None, crashed, &["start"]);
        let booted = next.booted();
        let case = format!("{acts:?} killed before operation {halt}: {:?}", next.lines);
        assert!(may_boot.contains(&booted), "{case}");
        whole(world, &next, &case);
        let update = world.run("killed", None, crashed, &["update"]);
        assert!(
            update.lines.iter().any(|line| line == "done update"),
            "{case}: {:?}",
            update.lines
        );
        let end = world.run("killed", None, crashed, &["start"]);
        assert_eq!(end.booted(), last, "{case}: {:?}", end.lines);
        whole(world, &end, &case);
    }
    operations
}

fn whole(world: &World, said: &Said, case: &str) {
    let Some(library) = said.library() else {
        return;
    };
    let expected = fs::read(world.path(&format!("{}.so", said.booted()))).expect("written above");
    assert!(
        fs::read(library).expect("what boots can be read") == expected,
        "{case}"
    );
}

#[test]
fn a_first_install_killed_anywhere_leaves_the_release_or_the_patch() {
    let world = World::new();
    world.offers(1, &[]);
    let kills = kill_at_each(&world, "new", None, &["update"], &[0, 1], 1);
    assert!(kills >= KILLS_MIN, "{kills}");
}

#[test]
fn an_update_over_a_proven_patch_killed_anywhere_leaves_one_of_the_two() {
    let world = World::new();
    world.offers(1, &[]);
    drop(world.run("proven", None, None, &["update"]));
    assert_eq!(world.run("proven", None, None, &["healthy"]).booted(), 1);
    world.offers(2, &[]);
    let kills = kill_at_each(&world, "proven", None, &["healthy", "update"], &[1, 2], 2);
    assert!(kills >= KILLS_MIN, "{kills}");
}

#[test]
fn a_rollback_killed_anywhere_never_leaves_anything_else() {
    let world = World::new();
    world.offers(1, &[]);
    drop(world.run("proven", None, None, &["update"]));
    assert_eq!(world.run("proven", None, None, &["healthy"]).booted(), 1);
    world.offers(2, &[]);
    drop(world.run("proven", None, None, &["update"]));
    world.offers(1, &[2]);
    let kills = kill_at_each(&world, "proven", None, &["update"], &[1, 2], 1);
    assert!(kills >= KILLS_MIN, "{kills}");
}

#[test]
fn a_patch_that_crashed_never_boots_again_though_the_start_that_learns_it_is_killed_anywhere() {
    let world = World::new();
    world.offers(1, &[]);
    drop(world.run("bad", None, None, &["update"]));
    let crashed = world.run("bad", None, None, &["start"]);
    assert_eq!(crashed.booted(), 1);
    let kills = kill_at_each(&world, "bad", Some(crashed.process), &["start"], &[0], 0);
    assert!(kills >= 5, "{kills}");
}

/// An install does more than this.
const KILLS_MIN: u64 = 30;
