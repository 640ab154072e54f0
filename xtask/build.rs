//! Does nothing. Without a build script cargo passes over the build-dependencies.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
