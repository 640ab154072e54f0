//! Every input that is kept for fuzzing, through its oracle: made seeds, seeds that cannot be made,
//! and whatever once failed. No fuzzer is needed.

mod harness;

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_testkit::fuzz::{self, Reached, Target};

fn main() -> std::process::ExitCode {
    let mut trials = harness::trials();
    for target in fuzz::TARGETS {
        trials.extend(seeds(target));
        trials.push(depth(target));
        for folder in ["corpora/seeds", "corpora/regressions"] {
            trials.extend(kept(target, folder));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The root of the repository.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A panic of the oracle is a failure of the trial.
fn seeds(target: &'static Target) -> Vec<Trial> {
    let trial = |(name, bytes): (String, Vec<u8>)| {
        Trial::test(
            format!("the_claim_holds_for_a_seed::{}::{name}", target.name),
            move || {
                (target.run)(&bytes);
                Ok(())
            },
        )
    };
    (target.seeds)().into_iter().map(trial).collect()
}

fn kept(target: &'static Target, folder: &'static str) -> Vec<Trial> {
    let files = fs::read_dir(repository().join(folder).join(target.name));
    let paths = files.into_iter().flatten().filter_map(Result::ok);
    let trial = |path: PathBuf| {
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = format!("the_claim_holds_for_a_kept_input::{}::{file}", target.name);
        Trial::test(name, move || {
            (target.run)(&fs::read(&path)?);
            Ok(())
        })
    };
    paths.map(|entry| trial(entry.path())).collect()
}

fn depth(target: &'static Target) -> Trial {
    Trial::test(
        format!("a_seed_reaches_the_depth::{}", target.name),
        move || {
            let seeds = (target.seeds)();
            let deep = seeds
                .iter()
                .any(|(_, bytes)| (target.run)(bytes) == Reached::Depth);
            if deep {
                return Ok(());
            }
            Err(Failed::from(format!("none of {} seeds does", seeds.len())))
        },
    )
}
