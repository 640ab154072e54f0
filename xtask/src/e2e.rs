//! Real programs on a real screen. What they need of the system is named before anything is built.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::tidy::tree;
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};

/// Run a story from end to end with a real program
#[derive(clap::Args)]
pub(crate) struct EndToEnd {
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// A Flutter app on a screen of its own takes a patch, and falls back from a broken one
    Flutter,
}

/// Runs it as a test, where everything is there.
pub(crate) fn run(args: &EndToEnd) -> ExitCode {
    let What::Flutter = args.what;
    let missing: Vec<&str> = NEEDED
        .iter()
        .filter(|(file, _)| !is_there(file))
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        anstream::eprintln!(
            "e2e: this needs what is not installed; on Debian and Ubuntu: \
             sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
        return ExitCode::from(COULD_NOT_DECIDE);
    }
    let root = match tree::repository() {
        Ok(root) => root,
        Err(error) => {
            anstream::eprintln!("e2e: {error}");
            return ExitCode::from(COULD_NOT_DECIDE);
        }
    };
    let status = Command::new("cargo")
        .args(["test", "--locked", "--package", "patchproof-tests"])
        // What a test run passes over, such as another kind of machine, is a failure here.
        .args(["--test", "flutter", "--", "--include-ignored"])
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(PROBLEMS_FOUND),
        Err(error) => {
            anstream::eprintln!("e2e: cannot start cargo: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

/// Whether a program is on the path, or a library where systems have them.
fn is_there(file: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let programs = std::env::split_paths(&paths);
    let libraries = LIBRARIES.iter().map(PathBuf::from);
    programs
        .chain(libraries)
        .any(|folder| folder.join(Path::new(file)).is_file())
}

/// A file of each, and the package that has it.
const NEEDED: [(&str, &str); 5] = [
    ("Xvfb", "xvfb"),
    ("libgtk-3.so.0", "libgtk-3-0"),
    ("libmpv.so.2", "libmpv2"),
    ("libgstapp-1.0.so.0", "libgstreamer-plugins-base1.0-0"),
    ("cc", "build-essential"),
];
const LIBRARIES: [&str; 3] = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];
