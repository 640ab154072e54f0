//! Whoever publishes by the commands, in a folder of their own.

use std::process::{Command, Output};

use libtest_mimic::Failed;
use patchproof_testkit::made::{
    Container, Embedder, Layout, Machine, MadeApp, MadeLibraries, MadeSnapshot, Os,
};
use patchproof_tests::servers::Serve;
use patchproof_tests::trials::same;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::Stand;
use crate::world::{CHECK, offered};

/// Whoever publishes, in a folder: a server with the example app, and a token for it.
pub(super) struct Desk {
    pub(super) serve: Serve,
    pub(super) url: String,
    pub(super) token: String,
    folder: TempDir,
}

impl Desk {
    pub(super) fn begin(stand: &Stand) -> Result<Self, Failed> {
        let mut setup = stand.setup()?;
        setup.args.push("--example".to_owned());
        let serve = setup.start()?;
        let token = std::fs::read_to_string(serve.data().join("example.token"))?;
        Ok(Self {
            url: serve.url(),
            token: token.trim().to_owned(),
            folder: tempfile::tempdir()?,
            serve,
        })
    }

    /// Bare libraries of one app: [`LIBRARIES`].
    pub(super) fn build(&self) -> Result<(), Failed> {
        let shipped = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
            .for_target(Os::Linux, Embedder::Flutter);
        // So much is edited that a patch in our container is the smaller one.
        let first = (0..60).fold(shipped.clone(), MadeSnapshot::edited);
        let second = first.clone().edited(60);
        let stranger = first.clone().with_version(&"0".repeat(32));
        for (name, made) in LIBRARIES.iter().zip([shipped, first, second, stranger]) {
            std::fs::write(self.folder.path().join(name), made.build())?;
        }
        Ok(())
    }

    /// A made app of Linux on arm64 with a root inside, released; its patched build lies beside it.
    pub(super) fn release_signed(&self) -> Result<(), Failed> {
        for name in ["root", "patch", "channel"] {
            self.done(&["keygen", "-o", &format!("{name}.pem"), "--no-passphrase"])?;
        }
        let mut init = vec!["root", "init", "--app", APP, "-o", "root.json"];
        for role in [ROOT, PATCH, CHANNEL] {
            init.extend(role);
        }
        init.extend([
            "--key",
            "root.pem",
            "--unencrypted",
            "--expires",
            "2100-01-01",
        ]);
        self.done(&init)?;
        let snapshot = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split)
            .for_target(Os::Linux, Embedder::Flutter);
        let mut app = MadeApp::new();
        app.linux = MadeLibraries::of(&snapshot);
        let root = std::fs::read(self.folder.path().join("root.json"))?;
        app.assets.insert("patchproof/root.json".to_owned(), root);
        std::fs::write(self.folder.path().join("release.zip"), app.zip_of_bundle())?;
        app.linux.dart = snapshot.edited(7).build();
        std::fs::write(self.folder.path().join("patched.zip"), app.zip_of_bundle())?;
        let said = self.said(&["release", "release.zip"])?;
        same(said.contains("signed under root 1"), true).map_err(|_| said.into())
    }

    /// What the command tells of the patched build, published by way of this address.
    pub(super) fn patch_signed(&self, url: &str) -> Result<Value, Failed> {
        let by = ["--server", url, "--key", "patch.pem", "--unencrypted"];
        let args = [
            "patch",
            "--release",
            MADE,
            "patched.zip",
            "--format",
            "json",
        ];
        Ok(serde_json::from_str(
            &self.said(&[&args[..], &by].concat())?,
        )?)
    }

    pub(super) fn run(&self, args: &[&str]) -> Result<Output, Failed> {
        Ok(Command::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
            .args(args)
            .current_dir(self.folder.path())
            .env("PATCHPROOF_SERVER", &self.url)
            .env("PATCHPROOF_APP", APP)
            .env("PATCHPROOF_TOKEN", &self.token)
            .output()?)
    }

    pub(super) fn done(&self, args: &[&str]) -> Result<Output, Failed> {
        let output = self.run(args)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(format!("{args:?}: {output:?}; the server: {}", self.serve.said()).into())
    }

    pub(super) fn said(&self, args: &[&str]) -> Result<String, Failed> {
        Ok(String::from_utf8(self.done(args)?.stdout)?)
    }

    pub(super) fn refused(&self, args: &[&str], code: i32, word: &str) -> Result<(), Failed> {
        let output = self.run(args)?;
        let found = String::from_utf8_lossy(&output.stderr).contains(word);
        same((output.status.code(), found), (Some(code), true))
            .map_err(|_| format!("{args:?}: {output:?}; the server: {}", self.serve.said()).into())
    }

    pub(super) fn status(&self) -> Result<Value, Failed> {
        Ok(serde_json::from_str(
            &self.said(&["status", "--format", "json"])?,
        )?)
    }

    /// The number that a device of Shorebird's is offered on `stable`; 0 for none.
    pub(super) fn offered(&self) -> Result<u64, Failed> {
        let asked = json!({
            "app_id": APP, "channel": "stable", "release_version": RELEASE,
            "platform": "linux", "arch": "x86_64", "client_id": "a phone",
        });
        let answer = self.serve.client().post(CHECK, &asked)?;
        Ok(offered(&answer.success()?.value()?))
    }
}

/// What was shipped, two builds after it by the same compiler, and one by another.
pub(super) const LIBRARIES: [&str; 4] = ["shipped.so", "first.so", "second.so", "stranger.so"];
pub(super) const APP: &str = "com.example.app";
pub(super) const RELEASE: &str = "1.0.0+1";
/// What a made app's manifest says.
pub(super) const MADE: &str = "1.2.3+45";
const ROOT: [&str; 4] = ["--root-key", "root.pem.pub", "--root-threshold", "1"];
const PATCH: [&str; 4] = ["--patch-key", "patch.pem.pub", "--patch-threshold", "1"];
const CHANNEL: [&str; 4] = [
    "--channel-key",
    "channel.pem.pub",
    "--channel-threshold",
    "1",
];
