//! Which commands have to pass: those of every run, those that the README shows, and those that a
//! full run adds.

use super::readme::{self, ReadmeError};

/// One thing that has to pass.
pub(super) struct Step {
    pub(super) title: &'static str,
    /// A line for `sh`: what is run is what one types to repeat it.
    pub(super) command: String,
}

/// The steps in their order, where this is the README.
///
/// # Errors
///
/// When it does not show the two commands that are steps.
pub(super) fn steps(readme: &str, full: bool) -> Result<Vec<Step>, ReadmeError> {
    let test = readme::command(readme, "test")?;
    let main = readme::command(readme, "main")?;
    let shown = [
        ("the README's tests", test.as_str()),
        ("the README's command", main.as_str()),
    ];
    let more: &[_] = if full { &FULL } else { &[] };
    let all = ALWAYS.iter().chain(&shown).chain(&FUZZ).chain(more);
    Ok(all
        .map(|&(title, command)| Step {
            title,
            command: command.to_owned(),
        })
        .collect())
}

const ALWAYS: [(&str, &str); 4] = [
    ("format", "cargo fmt --all --check"),
    (
        "lints",
        "cargo clippy --workspace --all-targets --locked -- -D warnings",
    ),
    ("house rules", "cargo xtask tidy"),
    (
        "documentation",
        "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked",
    ),
];

/// Behind the tests: what these have built is not built again.
const FUZZ: [(&str, &str); 1] = [(
    "every fuzz target for some seconds",
    "cargo xtask fuzz smoke",
)];

/// `--test` makes criterion run every bench once, in the bench profile, and measure nothing: a
/// shared machine has no times worth keeping. Only the bench package is asked, because the test
/// harness of the others does not know criterion's flags.
///
/// The server's bench has goals that only a release build on a quiet machine meets, and answers 1
/// where one is missed: here it counts that it measures at all.
///
/// Tests are asked of the whole workspace and never of their package: that would have other
/// features of what they depend on, and be built once more.
///
/// The model checker has a target folder of its own: its flag would have everything built again.
const FULL: [(&str, &str); 18] = [
    ("the C library as it is handed out", "cargo xtask dist"),
    (
        "ten thousand cycles of the C library",
        "PATCHPROOF_FULL=1 cargo test --workspace --locked --test capi_vm -- \
         cycles_without",
    ),
    (
        "the figures of the proofs, counted anew",
        "cargo xtask figures",
    ),
    (
        "the proof against power loss, exhaustive for sixteen blocks",
        "PATCHPROOF_FULL=1 cargo test --workspace --locked --test device_power",
    ),
    (
        "every world of three contents",
        "cargo test --workspace --locked --test lifecycle_explored -- --ignored",
    ),
    ("each check of a device compiled out", "cargo xtask attacks"),
    (
        "every change of the verdict function and of the lifecycle, noticed by a test",
        "cargo xtask figures --check --measure verdict lifecycle",
    ),
    (
        "a hundred thousand random lives",
        "PROPTEST_CASES=100000 cargo test --workspace --locked --test device_random",
    ),
    (
        "a hundred thousand made pairs",
        "PROPTEST_CASES=100000 cargo test --workspace --locked --test patching",
    ),
    (
        "every pair of the corpus",
        "cargo test --workspace --locked --test patching_real -- --ignored every_pair",
    ),
    (
        "the transform where it saves less",
        "cargo test --workspace --locked --test delta_real -- --ignored",
    ),
    (
        "every schedule of the two threads",
        "RUSTFLAGS='--cfg shuttle' cargo test --package patchproof-patch --lib --locked \
         --target-dir target/shuttle schedules",
    ),
    (
        "benches, each once",
        "cargo bench --package patchproof-benches --locked -- --test",
    ),
    (
        "the server's bench: lints",
        "cargo clippy --workspace --all-targets --features xtask/bench-server --locked -- \
         -D warnings",
    ),
    (
        "the server's bench: tests",
        "cargo test --workspace --features xtask/bench-server --locked --bin xtask bench::server",
    ),
    (
        "the server's bench, once and small",
        "cargo run --package xtask --features bench-server --locked -- bench server --apps 50 \
         --patches 50 --connections 8 --seconds 1 --rounds 1 --requests 10000 || test $? -eq 1",
    ),
    (
        "cargo-deny, installed if missing",
        "cargo deny --version 2>/dev/null | grep '^cargo-deny 0[.]20[.]' \
         || cargo install cargo-deny --locked --version 0.20.2",
    ),
    (
        "dependencies",
        "cargo deny --locked check bans licenses sources",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "<!-- ci: main -->
```sh
show it
```
<!-- ci: test -->
```sh
test it
```
";

    fn commands(full: bool) -> Vec<String> {
        steps(README, full)
            .unwrap()
            .into_iter()
            .map(|step| step.command)
            .collect()
    }

    #[test]
    fn the_full_run_is_the_short_one_and_more() {
        let (short, full) = (commands(false), commands(true));
        assert!(full.len() > short.len());
        assert!(full.starts_with(&short));
    }

    #[test]
    fn the_readmes_commands_are_steps_of_the_short_run() {
        let short = commands(false);
        assert!(short.contains(&"test it".to_owned()), "{short:?}");
        assert!(short.contains(&"show it".to_owned()), "{short:?}");
    }

    #[test]
    fn the_full_run_compiles_and_tests_every_feature_of_xtask() {
        let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
        let features = manifest["features"].as_table().unwrap();
        let full = commands(true);
        for feature in features.keys() {
            let named = format!(" --features xtask/{feature} ");
            for tool in ["cargo clippy ", "cargo test "] {
                let is_it = |it: &String| it.starts_with(tool) && it.contains(&named);
                assert!(full.iter().any(is_it), "{tool}{named}");
            }
        }
    }
}
