//! The C library as cargo built it beside the tests, and C programs over it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where the library lies: cargo puts it where the running test is.
///
/// # Panics
///
/// Where the system cannot say what runs.
#[must_use]
pub fn folder() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    test.parent().expect("it is in a folder").to_owned()
}

/// The crate of the C library: header, examples, version script.
#[must_use]
pub fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/capi")
}

/// Builds a C program over the shared library into this folder; no warning is allowed.
///
/// # Panics
///
/// Where the compiler has something to say.
#[must_use]
pub fn program(source: &Path, to: &Path) -> PathBuf {
    let program = to.join(source.file_stem().expect("a source has a name"));
    let output = Command::new("cc")
        .args(["-std=c99", "-g", "-Wall", "-Wextra", "-Werror", "-pedantic"])
        .args(["-D_GNU_SOURCE", "-pthread", "-I"])
        .arg(crate_folder().join("include"))
        .arg(source)
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(folder())
        .arg(format!("-Wl,-rpath,{}", folder().display()))
        .arg("-lpatchproof")
        .output()
        .expect("there is a C compiler: install build-essential");
    passed(&output);
    program
}

/// Goes on where a program ended well.
///
/// # Panics
///
/// With what it said, where it did not.
pub fn passed(output: &Output) {
    assert!(
        output.status.success(),
        "{}: {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
