//! The ledger of fuzzing, added up: which target ran how long, and how often.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use patchproof_testkit::fuzz;
use serde::Deserialize;

use super::error::{FiguresError, file, malformed};

/// The ledger.
#[derive(Deserialize)]
pub(super) struct Ledger {
    #[serde(default)]
    run: Vec<Run>,
}

/// What is read of a run.
#[derive(Deserialize)]
struct Run {
    target: String,
    cpu_seconds: u64,
    executions: u64,
    executions_per_cpu_second: u64,
    sanitizer: String,
    found: bool,
}

/// The runs of one target, added up.
#[derive(Default)]
struct Sum {
    cpu_seconds: u64,
    executions: u64,
    /// The most in a second of the CPU, without a sanitizer.
    per_second_max: u64,
    found: u64,
}

impl Sum {
    fn add(&mut self, run: &Run) {
        self.cpu_seconds += run.cpu_seconds;
        self.executions += run.executions;
        self.found += u64::from(run.found);
        if run.sanitizer == "none" {
            self.per_second_max = self.per_second_max.max(run.executions_per_cpu_second);
        }
    }

    fn row(&self, name: &str) -> String {
        let seconds = self.cpu_seconds;
        let (executions, per_second) = (self.executions, self.per_second_max);
        let found = self.found;
        format!("| {name} | {seconds} | {executions} | {per_second} | {found} |\n")
    }
}

impl Ledger {
    pub(super) fn read(root: &Path) -> Result<Self, FiguresError> {
        let path = root.join("corpora/fuzzing-ledger.toml");
        let text = fs::read_to_string(&path).map_err(file(&path))?;
        toml::from_str(&text).map_err(malformed(path))
    }

    /// A row for each target, and one for all.
    pub(super) fn table(&self) -> String {
        let mut sums = BTreeMap::<&str, Sum>::new();
        for run in &self.run {
            sums.entry(&run.target).or_default().add(run);
        }
        let mut table = String::from(
            "| target | seconds of the CPU | executions | at most in a second | runs that found \
             something |\n|---|---:|---:|---:|---:|\n",
        );
        for facts in fuzz::every() {
            let sum = sums.get(facts.name);
            table += &sum.map_or_else(
                || Sum::default().row(&format!("`{}`", facts.name)),
                |sum| sum.row(&format!("`{}`", facts.name)),
            );
        }
        let seconds = sums.values().map(|sum| sum.cpu_seconds).sum::<u64>();
        let executions = sums.values().map(|sum| sum.executions).sum::<u64>();
        let found = sums.values().map(|sum| sum.found).sum::<u64>();
        let _ = writeln!(table, "| **all** | {seconds} | {executions} | | {found} |");
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_target_add_up_and_a_sanitizer_says_nothing_of_speed() {
        let run = |sanitizer: &str, found| Run {
            target: "inflate_any".to_owned(),
            cpu_seconds: 90,
            executions: 1000,
            executions_per_cpu_second: if sanitizer == "none" { 11 } else { 99 },
            sanitizer: sanitizer.to_owned(),
            found,
        };
        let ledger = Ledger {
            run: vec![run("none", false), run("address", true)],
        };
        let table = ledger.table();
        assert!(
            table.contains("| `inflate_any` | 180 | 2000 | 11 | 1 |\n"),
            "{table}"
        );
        assert!(
            table.contains("| **all** | 180 | 2000 | | 1 |\n"),
            "{table}"
        );
        assert!(
            table.contains("| `capi_calls` | 0 | 0 | 0 | 0 |\n"),
            "{table}"
        );
    }
}
