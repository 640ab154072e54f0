//! A publisher's folder: keys, a root that two of three people signed, and the made libraries.

use std::process::{Command, Stdio};

use patchproof_tests::bench::{Bench, Ran, check};
use patchproof_trust::read_public_pem;

/// The moment at which everything happens.
pub(crate) const NOW: &str = "1800000000";
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

pub(crate) struct World {
    pub(crate) bench: Bench,
}

impl World {
    /// A folder with the made libraries, and a passphrase that only its owner can read.
    pub(crate) fn empty() -> Self {
        let world = Self {
            // `env` runs the command: a bench knows nothing of the environment.
            bench: Bench::new("env"),
        };
        world.bench.put("pass", PASSPHRASE.as_bytes());
        world.chmod("pass", 0o600);
        world
    }

    /// With open keys of alice, bob, carol, patch and channel; `root.json` is signed by two people.
    pub(crate) fn new() -> Self {
        let world = Self::empty();
        for name in ["alice", "bob", "carol", "patch", "channel"] {
            world.open_key(name);
        }
        world.ok(&init(&[
            "--key",
            "alice.pem",
            "--unencrypted",
            "-o",
            "root.json",
        ]));
        world.ok(&[
            "root",
            "sign",
            "root.json",
            "--key",
            "bob.pem",
            "--unencrypted",
        ]);
        world
    }

    /// With `patch.json` over `good.patch`, number 1.
    pub(crate) fn with_patch() -> Self {
        let world = Self::new();
        world.ok(&sign_patch(&["--key", "patch.pem", "--unencrypted"]));
        world
    }

    pub(crate) fn open_key(&self, name: &str) {
        self.ok(&["keygen", "-o", &format!("{name}.pem"), "--no-passphrase"]);
    }

    /// Runs the command, and it must do what it was asked.
    pub(crate) fn ok(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        check(&ran, 0, &[]);
        ran
    }

    /// Runs the command without a terminal and without a passphrase in the environment.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let clean = ["-u", "PATCHPROOF_PASSPHRASE", COMMAND];
        self.bench.run(&[&clean[..], args].concat())
    }

    pub(crate) fn run_with(&self, args: &[&str], passphrase: &str) -> Ran {
        let set = format!("PATCHPROOF_PASSPHRASE={passphrase}");
        self.bench.run(&[&[&set, COMMAND], args].concat())
    }

    /// Runs openssl in the folder. Without it nothing is proved, so that is a failure.
    pub(crate) fn openssl(&self, args: &[&str]) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(args).current_dir(self.bench.folder());
        let output = command.stdin(Stdio::null()).output();
        let output = output.expect(
            "openssl 3 is needed to prove that keys are interchangeable: install it with \
             `apt-get install openssl` or `brew install openssl@3`",
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {args:?}: {said}");
        output.stdout
    }

    #[cfg(unix)]
    pub(crate) fn chmod(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.bench.path(name), mode).unwrap();
    }

    #[cfg(not(unix))]
    pub(crate) fn chmod(&self, _: &str, _: u32) {}

    /// Changes one byte of a file.
    pub(crate) fn spoil(&self, name: &str, at: usize) {
        let mut bytes = self.bench.get(name);
        bytes[at] ^= 1;
        self.bench.put(name, &bytes);
    }

    /// The id of a key.
    pub(crate) fn id(&self, name: &str) -> String {
        let public = self.bench.get(&format!("{name}.pem.pub"));
        read_public_pem(&public).unwrap().id().to_string()
    }
}

/// `root init` with the keys of [`World::new`], two of three people.
pub(crate) fn init<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let args = [
        "root",
        "init",
        "--app",
        "com.example.app",
        "--root-key",
        "alice.pem.pub",
        "--root-key",
        "bob.pem.pub",
        "--root-key",
        "carol.pem.pub",
        "--root-threshold",
        "2",
        "--patch-key",
        "patch.pem.pub",
        "--patch-threshold",
        "1",
        "--channel-key",
        "channel.pem.pub",
        "--channel-threshold",
        "1",
        "--expires",
        "2030-01-01",
    ];
    [&args[..], more].concat()
}

/// `sign patch` over the made libraries, number 1, into `patch.json`.
pub(crate) fn sign_patch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["sign", "patch", "--now", NOW];
    let defaults = [
        ("--root", "root.json"),
        ("--version", "1.2.3+45"),
        ("--release-build", "release.so"),
        ("--platform", "linux"),
        ("--abi", "x86_64"),
        ("--number", "1"),
        ("--patch", "good.patch"),
        ("-o", "patch.json"),
    ];
    for (name, value) in defaults {
        if !more.contains(&name) {
            args.extend([name, value]);
        }
    }
    args.extend(more);
    args
}

/// `sign channel` for stable under counter 1, into `channel.json`.
pub(crate) fn sign_channel<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "sign",
        "channel",
        "--root",
        "root.json",
        "--channel",
        "stable",
        "--now",
        NOW,
        "--unencrypted",
        "--key",
        "channel.pem",
    ];
    let defaults = [
        ("--counter", "1"),
        ("--expires-in-days", "7"),
        ("-o", "channel.json"),
    ];
    for (name, value) in defaults {
        if !more.contains(&name) {
            args.extend([name, value]);
        }
    }
    args.extend(more);
    args
}

/// `verify` under `root.json` at the moment of signing.
pub(crate) fn verify<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["verify", "--root", "root.json", "--now", NOW][..], more].concat()
}

/// A text in which each run of 64 hex digits is one word: keys are new in each run.
pub(crate) fn without_hex(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() == 64 {
            "<64 hex digits>"
        } else {
            &run
        });
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

const COMMAND: &str = env!("CARGO_BIN_EXE_patchproof_under_test");
