//! A workbench: a folder with the made example's files in it, and the command run inside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use patchproof_patch::make;
use patchproof_testkit::made;
use tempfile::TempDir;

/// What a run of the command gave.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ran {
    /// The exit code; -1 for a signal.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A folder with `release.so`, `patched.so`, `engine.so` and `good.patch`, all made and consistent.
#[derive(Debug)]
pub struct Bench {
    command: PathBuf,
    folder: TempDir,
}

impl Bench {
    /// Lays the files out.
    ///
    /// # Panics
    /// Where the files cannot be written: a test cannot go on then.
    #[must_use]
    pub fn new(command: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let bench = Self {
            command: PathBuf::from(command),
            folder,
        };
        let made = made::example();
        bench.put("good.patch", &patch(&made.release, &made.patched));
        bench.put("release.so", &made.release);
        bench.put("patched.so", &made.patched);
        bench.put("engine.so", &made.engine);
        bench
    }

    /// Writes a file.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("a file in our own folder can be written");
    }

    /// Reads a file.
    ///
    /// # Panics
    /// Where it cannot be read.
    #[must_use]
    pub fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the file was written before")
    }

    /// Where a file is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the command in the folder, so that no output holds a path of this machine.
    ///
    /// # Panics
    /// Where the command cannot be started.
    #[must_use]
    pub fn run(&self, args: &[&str]) -> Ran {
        let output = Command::new(&self.command)
            .args(args)
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("the command was built with this test");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Runs `verify-release` over the good files, each option replaced by one of `other` of the
    /// same name, or left out where its value is empty.
    #[must_use]
    pub fn verify(&self, other: &[(&str, &str)]) -> Ran {
        let good = [
            ("--release", "release.so"),
            ("--patched", "patched.so"),
            ("--patch", "good.patch"),
            ("--engine", "engine.so"),
        ];
        let replaced = |name: &str| other.iter().find(|(other, _)| *other == name);
        let kept = good.map(|(name, file)| replaced(name).copied().unwrap_or((name, file)));
        let added = other
            .iter()
            .filter(|(name, _)| good.iter().all(|(known, _)| known != name));
        let all = kept
            .into_iter()
            .chain(added.copied())
            .filter(|(_, value)| !value.is_empty());
        let mut args = vec!["verify-release"];
        args.extend(all.flat_map(|(name, value)| [name, value]));
        self.run(&args)
    }
}

/// Checks the exit code of a run, and words that must stand in what it printed, however its lines
/// are broken.
///
/// # Panics
/// Where they are others: this is an assertion.
pub fn check(ran: &Ran, code: i32, words: &[&str]) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, code, "{all}");
    let words_of = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let in_one_line = words_of(&all);
    for word in words {
        let stands = all.contains(word) || in_one_line.contains(&words_of(word));
        assert!(stands, "`{word}` is not in:\n{all}");
    }
}

/// A patch at a low level: these files are small, and many tests make one.
///
/// # Panics
/// Where no patch can be made.
#[must_use]
pub fn patch(base: &[u8], new: &[u8]) -> Vec<u8> {
    make(base, new, 3).expect("made files are patched without trouble")
}
