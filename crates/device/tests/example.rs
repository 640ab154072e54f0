//! The example of this crate runs as it stands.

use std::path::PathBuf;
use std::process::Command;

/// Cargo builds examples beside the tests of their package.
fn example() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test.ancestors().nth(2).expect("it is in deps");
    folder.join("examples/device")
}

#[test]
fn the_example_boots_the_bundled_release_where_there_is_no_server() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let base = folder.path().join("libapp.so");
    std::fs::write(&base, b"a library").expect("our own folder can be written");
    let output = Command::new(example())
        .arg("--folder")
        .arg(folder.path().join("device"))
        .arg("--base")
        .arg(&base)
        .args(["--url", "http://127.0.0.1:1", "--app", "com.example.app"])
        .args(["--version", "1.2.3+45", "healthy", "diagnostics"])
        .output()
        .expect("cargo built it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(
        said.contains(&format!("boots {}", base.display())),
        "{said}"
    );
}
