//! The header is what the sources say, and C and C++ read it.

use std::fs;
use std::process::Command;

use patchproof_tests::c_library as built;

#[test]
fn the_header_is_the_one_that_the_sources_make() {
    let folder = built::crate_folder();
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).unwrap();
    let bindings = cbindgen::Builder::new()
        .with_crate(&folder)
        .with_config(config)
        .generate()
        .unwrap();
    let mut made = Vec::new();
    bindings.write(&mut made);
    let made = String::from_utf8(made).unwrap();
    let path = folder.join("include/patchproof.h");
    if std::env::var_os("PATCHPROOF_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == made,
        "{} is not what the sources make; run this test with PATCHPROOF_BLESS=1",
        path.display()
    );
}

#[test]
fn c_and_cpp_read_the_header_without_a_warning() {
    for (compiler, standard) in [("cc", "-std=c99"), ("c++", "-std=c++11")] {
        for face in ["-DPATCHPROOF_COMPAT=1", "-DPATCHPROOF_NO_COMPAT=1"] {
            let output = Command::new(compiler)
                .args([standard, face, "-Wall", "-Wextra", "-Werror", "-pedantic"])
                .arg("-fsyntax-only")
                .arg(built::crate_folder().join("include/patchproof.h"))
                .output()
                .unwrap();
            built::passed(&output);
        }
    }
}
