//! Whether the other tools are here, and if not, how they get here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use patchproof_testkit::corpora::Network;
use serde::Serialize;

use crate::environment::said;

/// A package of other people's tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Need {
    Bsdiff,
    Xdelta,
    Zstd,
    Hdiffpatch,
}

/// What there is of each.
#[derive(Debug)]
pub(super) struct Tools {
    /// The version, or why there is none.
    found: BTreeMap<Need, Result<String, String>>,
    python: PathBuf,
}

impl Tools {
    /// Why it cannot be measured.
    pub(super) fn missing(&self, need: Need) -> Option<String> {
        let found = self.found.get(&need)?;
        found.as_ref().err().cloned()
    }

    /// Where Python finds what was installed for this.
    pub(super) fn python_path(&self) -> &Path {
        &self.python
    }

    /// Each package with its version, or why it is missing.
    pub(super) fn versions(&self) -> BTreeMap<&'static str, String> {
        let version = |(need, found): (&Need, &Result<String, String>)| {
            let text = found.as_ref().unwrap_or_else(|why| why).clone();
            (need.package(), text)
        };
        self.found.iter().map(version).collect()
    }
}

/// Looks for all of them and installs what is missing, where that is possible without asking:
/// Debian's packages as root, Python's into `folder`.
pub(super) fn ready(folder: &Path) -> Tools {
    let python = folder.join("python");
    let found = ALL.map(|need| (need, need.ready(&python)));
    Tools {
        found: found.into_iter().collect(),
        python,
    }
}

impl Need {
    const fn package(self) -> &'static str {
        match self {
            Self::Bsdiff => "bsdiff",
            Self::Xdelta => "xdelta3",
            Self::Zstd => "zstd",
            Self::Hdiffpatch => "hdiffpatch",
        }
    }

    fn ready(self, python: &Path) -> Result<String, String> {
        if let Some(version) = self.version(python) {
            return Ok(version);
        }
        let (remedy, may) = match self {
            Self::Hdiffpatch => (format!("pip install {}", self.package()), has("python3")),
            _ => (
                format!("apt-get install {}", self.package()),
                is_root() && has("apt-get"),
            ),
        };
        if may && Network::from_env() == Network::Allowed {
            anstream::eprintln!("bench: {} is missing: {remedy}", self.package());
            self.install(python);
        }
        let missing = || format!("missing; install it: {remedy}");
        self.version(python).ok_or_else(missing)
    }

    fn install(self, python: &Path) {
        if self == Self::Hdiffpatch {
            let folder = python.display().to_string();
            let pip = [
                "-m",
                "pip",
                "install",
                "-q",
                "--target",
                &folder,
                self.package(),
            ];
            said(Command::new("python3").args(pip));
            return;
        }
        said(Command::new("apt-get").args(["update", "-qq"]));
        let install = [
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            self.package(),
        ];
        said(
            Command::new("apt-get")
                .args(install)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        );
    }

    /// What is there, by its own word where it has one.
    fn version(self, python: &Path) -> Option<String> {
        if self == Self::Hdiffpatch {
            let line = "import hdiffpatch, importlib.metadata as m; print(m.version('hdiffpatch'))";
            let mut command = Command::new("python3");
            return said(command.args(["-c", line]).env("PYTHONPATH", python));
        }
        if !has(self.package()) {
            return None;
        }
        let query = ["-W", "-f", "${Version}", self.package()];
        let packaged = said(Command::new("dpkg-query").args(query));
        packaged.or_else(|| Some("of unknown version".to_owned()))
    }
}

fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    said(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

const ALL: [Need; 4] = [Need::Bsdiff, Need::Xdelta, Need::Zstd, Need::Hdiffpatch];
