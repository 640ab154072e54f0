//! The same phone under a root: from keys that were made just now to a library that the real VM
//! runs, by the commands that a publisher types, and files behind a web server.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use patchproof_tests::lying_server::{LyingServer, Request, Talk};
use patchproof_tests::trials::same;
use tempfile::TempDir;

use crate::{Phone, Said};

/// Keys, root, statements and what lies on the web, in one folder.
struct Publisher {
    folder: TempDir,
}

pub(crate) fn story(paths: &[PathBuf]) -> Result<(), Failed> {
    let [runtime, release, patched, foreign] = paths else {
        return Err("four paths were asked for".into());
    };
    let publisher = Publisher::new(release)?;
    let tree = publisher.path("public");
    let server = LyingServer::start(move |request, talk| serve(&tree, request, talk));
    let phone = Phone::at(runtime, release, server.url(""))?;
    let under = format!("under={}", publisher.path("root-1.json").display());
    let process = |act: &str| phone.process(&[&under, act]);

    // Nothing is signed yet, so there is nothing.
    let before = process("update")?;
    same(before.booted, 0)?;
    says(&before, "there is no channel statement for this release")?;

    // Patch 1 is signed and offered.
    publisher.sign(1, patched, 1)?;
    let fetching = process("update")?;
    same(fetching.error, None)?;
    let runs = process("healthy")?;
    same((runs.booted, phone.runs(&runs)?.as_str()), (1, "1.97.3"))?;

    // A patch to a library that the engine would refuse is not signed in the first place.
    let Err(refused) = publisher.sign(2, foreign, 2) else {
        return Err("what no engine takes was signed".into());
    };
    same(format!("{refused:?}").contains("exit code 6"), true)?;

    // Somebody with the web server in his hands changes what is offered.
    let channel = publisher.find("channels/stable.json");
    let good = fs::read_to_string(&channel)?;
    fs::write(&channel, good.replace("\"sig\":\"", "\"sig\":\"A"))?;
    let attacked = process("update")?;
    says(&attacked, "what was served is not believed")?;
    fs::write(&channel, good)?;

    // It is withdrawn by a signed word, and what was shipped runs again.
    publisher.withdraw(1, 2)?;
    same(process("update")?.error, None)?;
    let again = process("start")?;
    same((again.booted, phone.runs(&again)?.as_str()), (0, "1.97.2"))
}

impl Publisher {
    fn new(release: &Path) -> Result<Self, Failed> {
        let publisher = Self {
            folder: tempfile::tempdir()?,
        };
        fs::copy(release, publisher.path("released.so"))?;
        for name in ["root", "patch", "channel"] {
            publisher.run(&["keygen", "-o", &format!("{name}.pem")])?;
        }
        let roles = ["root", "patch", "channel"].map(|name| {
            let (key, threshold) = (format!("--{name}-key"), format!("--{name}-threshold"));
            [key, format!("{name}.pem.pub"), threshold, "1".to_owned()]
        });
        let mut line = vec!["root", "init", "--app", "an-app", "--expires-in-days", "30"];
        line.extend(roles.iter().flatten().map(String::as_str));
        line.extend(["--key", "root.pem", "-o", "root-1.json"]);
        publisher.run(&line)?;
        Ok(publisher)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The one file of the tree whose path ends so.
    fn find(&self, end: &str) -> PathBuf {
        let mut folders = vec![self.path("public")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.ends_with(end) {
                    return path;
                }
                folders.extend(path.is_dir().then_some(path));
            }
        }
        self.path(end)
    }

    /// Makes a patch to this library, signs it, offers it, and puts all of it up.
    fn sign(&self, number: u64, library: &Path, counter: u64) -> Result<(), Failed> {
        fs::copy(library, self.path("patched.so"))?;
        let (number, counter) = (number.to_string(), counter.to_string());
        let (patch, statement) = (format!("{number}.patch"), format!("{number}.json"));
        self.run(&["diff", "released.so", "patched.so", "-o", &patch])?;
        let mut line = vec!["sign", "patch", "--root", "root-1.json", "--release-build"];
        line.extend(["released.so", "--version", "1.0.0+1", "--platform", "linux"]);
        line.extend(["--abi", "x86_64", "--number", &number, "--patch", &patch]);
        line.extend(["--key", "patch.pem", "-o", &statement]);
        self.run(&line)?;
        self.channel(&["--select", &statement], &counter)?;
        self.place(&[&statement, &patch, "channel.json"])
    }

    fn withdraw(&self, number: u64, counter: u64) -> Result<(), Failed> {
        self.channel(
            &["--roll-back", &format!("{number}.json")],
            &counter.to_string(),
        )?;
        self.place(&["channel.json"])
    }

    fn channel(&self, choice: &[&str], counter: &str) -> Result<(), Failed> {
        let mut line = vec!["sign", "channel", "--root", "root-1.json", "--channel"];
        line.extend(["stable", "--counter", counter, "--expires-in-days", "1"]);
        line.extend(["--key", "channel.pem", "-o", "channel.json"]);
        line.extend(choice);
        self.run(&line)
    }

    fn place(&self, files: &[&str]) -> Result<(), Failed> {
        let line = ["sign", "place", "--root", "root-1.json", "--tree", "public"];
        self.run(&[&line[..], files].concat())
    }

    fn run(&self, args: &[&str]) -> Result<(), Failed> {
        let output = Command::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
            .args(args)
            .current_dir(self.folder.path())
            .env("PATCHPROOF_PASSPHRASE", "correct horse battery staple")
            .output()?;
        match output.status.code() {
            Some(0) => Ok(()),
            code => Err(format!(
                "{args:?}: exit code {}: {}",
                code.unwrap_or(-1),
                String::from_utf8_lossy(&output.stderr)
            )
            .into()),
        }
    }
}

fn says(said: &Said, words: &str) -> Result<(), Failed> {
    let error = said.error.as_deref().unwrap_or_default();
    same(error.contains(words), true).map_err(|_| format!("it said {error:?}").into())
}

/// A web server that knows nothing but files.
fn serve(tree: &Path, request: &Request, talk: &mut Talk<'_>) -> io::Result<()> {
    let path = request.line.split(' ').nth(1).unwrap_or_default();
    let file = fs::read(tree.join(path.trim_start_matches('/')));
    let status = if file.is_ok() {
        "200 OK"
    } else {
        "404 Not Found"
    };
    let body = file.unwrap_or_default();
    talk.answer(status, &body)
}
