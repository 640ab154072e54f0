//! What the shared library shows to the world, so that it does not change unseen.

use std::collections::BTreeSet;
use std::process::Command;

use patchproof_tests::c_library as built;

#[test]
fn the_shared_library_exports_the_pinned_functions_and_nothing_else() {
    let output = Command::new("nm")
        .args(["-D", "--defined-only", "--format=posix"])
        .arg(built::folder().join("libpatchproof.so"))
        .output()
        .unwrap();
    built::passed(&output);
    let text = String::from_utf8(output.stdout).unwrap();
    let found: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(found, pinned());
}

#[test]
fn the_version_script_names_the_pinned_functions() {
    let script = include_str!("../../../crates/capi/patchproof.map");
    let names = script.lines().map(str::trim).filter_map(|line| {
        let name = line.strip_suffix(';')?;
        (name.starts_with("patchproof_") || name.starts_with("shorebird_")).then_some(name)
    });
    assert_eq!(names.collect::<BTreeSet<_>>(), pinned());
}

fn pinned() -> BTreeSet<&'static str> {
    PINNED.lines().filter(|line| !line.is_empty()).collect()
}

const PINNED: &str = include_str!("symbols.txt");
