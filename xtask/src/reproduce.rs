//! `cargo xtask reproduce`: `patchproof` and `libpatchproof`, built in two folders with two numbers
//! of jobs, compared bit for bit, and explained by the product's own comparison where they differ.

pub(crate) mod flags;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use patchproof_snapshot::{Library, explain};
use sha2::{Digest as _, Sha256};

use crate::tidy::{TidyError, tree};
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};

/// Build what is released twice, in two folders with two numbers of jobs, and compare bit for bit
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reproduce {
    /// The two numbers of jobs
    #[arg(long, value_name = "COUNT", num_args = 2, default_values_t = [1, 2])]
    jobs: Vec<u32>,
    /// What to build: `patchproof`, `libpatchproof`; without it both
    #[arg(long, value_name = "WHAT")]
    only: Option<String>,
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
enum ReproduceError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("cannot start `cargo`: {0}")]
    NoCargo(io::Error),
    #[error("the build of {what} with {jobs} jobs failed; to repeat it: {command}")]
    Failed {
        what: &'static str,
        jobs: u32,
        command: String,
    },
    #[error("nothing is called {0:?}; there are `patchproof` and `libpatchproof`")]
    Unknown(String),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

/// Something that is released: how it is built, and where it then lies.
struct Product {
    name: &'static str,
    build: &'static str,
    file: &'static str,
}

/// Builds twice and compares; exit 1 where a bit differs.
pub(crate) fn run(args: &Reproduce) -> ExitCode {
    match compared(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(PROBLEMS_FOUND),
        Err(error) => {
            anstream::eprintln!("reproduce: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

fn compared(args: &Reproduce) -> Result<bool, ReproduceError> {
    let root = tree::repository()?;
    let wanted = |product: &&Product| match &args.only {
        Some(only) => only == product.name,
        None => true,
    };
    let products: Vec<&Product> = PRODUCTS.iter().filter(wanted).collect();
    if products.is_empty() {
        return Err(ReproduceError::Unknown(
            args.only.clone().unwrap_or_default(),
        ));
    }
    let temporary = tempfile::tempdir().map_err(at(Path::new("a temporary folder")))?;
    let mut builds: Vec<Vec<Vec<u8>>> = Vec::new();
    for (folder, jobs) in FOLDERS.iter().zip(&args.jobs) {
        let folder = temporary.path().join(folder);
        copy_tree(&root, &folder)?;
        let built = products
            .iter()
            .map(|product| build(product, &folder, *jobs));
        builds.push(built.collect::<Result<_, _>>()?);
        // Two target folders at once are gigabytes.
        fs::remove_dir_all(&folder).map_err(at(&folder))?;
    }
    let [first, second] = builds.as_slice() else {
        return Ok(false);
    };
    let pairs = products.iter().zip(first.iter().zip(second));
    let mut all_same = true;
    for (product, (first, second)) in pairs {
        all_same &= tell(product, first, second);
    }
    Ok(all_same)
}

/// Copies what git tracks or could, as it lies there now.
fn copy_tree(root: &Path, folder: &Path) -> Result<(), ReproduceError> {
    for file in tree::read(root)? {
        let to = folder.join(&file.path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let from = root.join(&file.path);
        fs::copy(&from, &to).map_err(at(&from))?;
    }
    Ok(())
}

fn build(product: &Product, folder: &Path, jobs: u32) -> Result<Vec<u8>, ReproduceError> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(folder)
        .args(product.build.split_whitespace())
        .arg("--jobs")
        .arg(jobs.to_string())
        .env("CARGO_ENCODED_RUSTFLAGS", flags::encoded(folder))
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_INCREMENTAL", "0");
    let status = cargo.status().map_err(ReproduceError::NoCargo)?;
    if !status.success() {
        return Err(ReproduceError::Failed {
            what: product.name,
            jobs,
            command: format!("{cargo:?}"),
        });
    }
    let file = folder.join(product.file);
    fs::read(&file).map_err(at(&file))
}

/// Says whether the two are one, and if not, where they differ.
fn tell(product: &Product, first: &[u8], second: &[u8]) -> bool {
    let (name, size_bytes) = (product.name, first.len());
    let hashes = [first, second].map(|bytes| hex::encode(Sha256::digest(bytes)));
    let [one, other] = &hashes;
    if first == second {
        anstream::println!("{name}: identical, {size_bytes} bytes, SHA-256 {one}");
        return true;
    }
    anstream::println!("{name}: different, {one} and {other}");
    let difference = explain(
        &Library::read("the first build", first),
        &Library::read("the second build", second),
    )
    .difference;
    for region in difference
        .regions
        .iter()
        .filter(|it| it.differing_bytes > 0)
    {
        anstream::println!("  {}: {} bytes differ", region.name, region.differing_bytes);
    }
    false
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ReproduceError {
    let path = path.to_owned();
    move |source| ReproduceError::Io { path, source }
}

const PRODUCTS: [Product; 2] = [
    Product {
        name: "patchproof",
        build: "build --release --locked --package patchproof-cli",
        file: "target/release/patchproof",
    },
    Product {
        name: "libpatchproof",
        build: "rustc --locked --package patchproof-capi --lib --crate-type staticlib --profile \
                small",
        file: "target/small/libpatchproof.a",
    },
];
/// Of two lengths: what keeps a path in it then differs in length too.
const FOLDERS: [&str; 2] = ["a", "a-second-folder-with-a-longer-name"];
const EXAMPLES: &str = "\
Examples:
  cargo xtask reproduce                       some minutes: each is built twice
  cargo xtask reproduce --only libpatchproof  the C library alone

Exit codes: 0 every bit is the same, 1 one is not, 2 the builds could not be compared.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_builds_that_differ_in_a_bit_are_told_apart() {
        let product = &PRODUCTS[0];
        assert!(tell(product, b"one", b"one"));
        assert!(!tell(product, b"one", b"two"));
    }

    #[test]
    fn a_product_that_nobody_knows_is_no_product() {
        let args = Reproduce {
            jobs: vec![1, 2],
            only: Some("libother".to_owned()),
        };
        assert!(matches!(compared(&args), Err(ReproduceError::Unknown(_))));
    }
}
