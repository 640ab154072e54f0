//! The fuzz binaries: plainly on stable Rust for every run, by cargo-fuzz for the sanitizer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::FuzzError;
use crate::environment::{has_cargo_tool, hide_package, said};
use crate::tidy::tree;

/// Where things are.
pub(super) struct Places {
    /// The repository.
    pub(super) root: PathBuf,
    /// Cargo's target folder.
    pub(super) target: PathBuf,
}

/// How the binaries are instrumented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// Coverage for libFuzzer, by stable flags; dependencies as the tests have them.
    Plain,
    /// The same, and everything optimised: worth its build where it runs for minutes.
    Fast,
    /// Nightly's AddressSanitizer, by cargo-fuzz.
    Address,
    /// Counters for llvm-cov, and none for libFuzzer.
    Profile,
}

impl Places {
    pub(super) fn find() -> Result<Self, FuzzError> {
        let root = tree::repository()?;
        let metadata = cargo_metadata::MetadataCommand::new()
            .current_dir(&root)
            .no_deps()
            .exec()?;
        let target = metadata.target_directory.into_std_path_buf();
        Ok(Self { root, target })
    }

    /// Where fuzzing keeps what nobody commits.
    pub(super) fn scratch(&self) -> PathBuf {
        self.target.join("fuzz")
    }

    /// What runs of a target found interesting.
    pub(super) fn grown(&self, name: &str) -> PathBuf {
        self.scratch().join("grown").join(name)
    }

    /// Where the smoke test of a target keeps what it needs.
    pub(super) fn smoke(&self, name: &str) -> PathBuf {
        self.scratch().join("smoke").join(name)
    }

    /// What the last smoke test of a target found interesting.
    pub(super) fn grown_by_smoke(&self, name: &str) -> PathBuf {
        self.smoke(name).join("grown")
    }

    /// The binary of a target.
    pub(super) fn binary(&self, build: Build, name: &str) -> PathBuf {
        let folder = match build {
            Build::Plain | Build::Profile => self.target.join("debug"),
            Build::Fast => self.target.join("fuzzing"),
            Build::Address => self.target.join(TRIPLE).join("debug"),
        };
        folder.join(name)
    }

    /// Builds the binaries of these targets.
    pub(super) fn build(&self, build: Build, names: &[&str]) -> Result<(), FuzzError> {
        match build {
            Build::Plain => self.cargo_build(&["dev", "--config", LITTLE], COVERAGE, names),
            Build::Fast => self.cargo_build(&["fuzzing"], COVERAGE, names),
            Build::Profile => self.cargo_build(&["dev"], "fuzz/rustc-with-profile", names),
            Build::Address => self.cargo_fuzz_build(names),
        }
    }

    /// By a profile, and what changes it.
    fn cargo_build(
        &self,
        profile: &[&str],
        wrapper: &str,
        names: &[&str],
    ) -> Result<(), FuzzError> {
        let mut command = Command::new("cargo");
        command.args(["build", "--locked", "--profile"]);
        command.args(profile);
        command.args(["--package", "patchproof-fuzz"]);
        // Nothing of xtask is built. Its manifest asks for the features that the tests have, so
        // that dependencies stay as these built them.
        command.args(["--package", "xtask"]);
        for name in names {
            command.args(["--bin", name]);
        }
        command.env("RUSTC_WORKSPACE_WRAPPER", self.root.join(wrapper));
        self.run(command, "the fuzz targets")
    }

    fn cargo_fuzz_build(&self, names: &[&str]) -> Result<(), FuzzError> {
        require_nightly()?;
        require_cargo_fuzz()?;
        for name in names {
            let mut command = Command::new("cargo");
            command.args(["+nightly", "fuzz", "build", "--fuzz-dir", "fuzz", "--dev"]);
            command.args(["--sanitizer", "address", "--target", TRIPLE, name]);
            // The file `rust-toolchain.toml` and whoever runs us name another one.
            command.env_remove("RUSTUP_TOOLCHAIN");
            self.run(command, "the fuzz target under AddressSanitizer")?;
        }
        Ok(())
    }

    fn run(&self, mut command: Command, what: &'static str) -> Result<(), FuzzError> {
        command.current_dir(&self.root).stdin(Stdio::null());
        hide_package(&mut command);
        let status = command.status().map_err(|source| FuzzError::NotStarted {
            program: "cargo".to_owned(),
            source,
        })?;
        if status.success() {
            return Ok(());
        }
        let command = line(&command, &self.root);
        Err(FuzzError::NotBuilt { what, command })
    }
}

/// A command as one types it.
fn line(command: &Command, root: &Path) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        let Some(value) = value else { continue };
        let value = value.to_string_lossy();
        let value = value.replace(&*root.to_string_lossy(), "$PWD");
        words.push(format!("{}={value}", name.to_string_lossy()));
    }
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn require_nightly() -> Result<(), FuzzError> {
    let mut nightly = Command::new("cargo");
    nightly.args(["+nightly", "--version"]);
    nightly.env_remove("RUSTUP_TOOLCHAIN");
    if said(&mut nightly).is_some() {
        return Ok(());
    }
    Err(FuzzError::Missing {
        what: "the nightly toolchain, which alone has the sanitizer,",
        remedy: "`rustup toolchain install nightly --profile minimal`, or run with `--plain`",
    })
}

fn require_cargo_fuzz() -> Result<(), FuzzError> {
    if has_cargo_tool("fuzz", CARGO_FUZZ) {
        return Ok(());
    }
    Err(FuzzError::Missing {
        what: "cargo-fuzz",
        remedy: "`cargo install --locked cargo-fuzz --version 0.13.2`, or run with `--plain`",
    })
}

const COVERAGE: &str = "fuzz/rustc-with-coverage";
/// Optimises less; says why.
const LITTLE: &str = "fuzz/plain.toml";
const CARGO_FUZZ: &str = "0.13.2";
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
