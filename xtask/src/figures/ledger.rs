//! The ledger of fuzzing, added up: which target ran how long, and how often.

use std::fs;
use std::path::Path;

use patchproof_testkit::fuzz;
use serde::Deserialize;

use super::error::{FiguresError, file, malformed};
use crate::tables::table;

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
    fn of<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let mut sum = Self::default();
        for run in runs {
            sum.cpu_seconds += run.cpu_seconds;
            sum.executions += run.executions;
            sum.found += u64::from(run.found);
            if run.sanitizer == "none" {
                sum.per_second_max = sum.per_second_max.max(run.executions_per_cpu_second);
            }
        }
        sum
    }

    fn row(&self, name: &str) -> Vec<String> {
        let numbers = [
            self.cpu_seconds,
            self.executions,
            self.per_second_max,
            self.found,
        ];
        let numbers = numbers.iter().map(u64::to_string);
        std::iter::once(name.to_owned()).chain(numbers).collect()
    }
}

impl Ledger {
    pub(super) fn read(root: &Path) -> Result<Self, FiguresError> {
        let path = root.join("corpora/fuzzing-ledger.toml");
        let text = fs::read_to_string(&path).map_err(file(&path))?;
        toml::from_str(&text).map_err(malformed(path))
    }

    /// The README's row: all runs of all targets.
    pub(super) fn summary(&self) -> String {
        let all = Sum::of(&self.run);
        let numbers = [
            u64::try_from(fuzz::every().len()).unwrap_or(u64::MAX),
            all.cpu_seconds / 60,
            all.executions,
            all.found,
        ];
        let head = [
            "fuzz targets",
            "minutes of the CPU",
            "executions",
            "runs that found something",
        ];
        table(&head, &[numbers.iter().map(u64::to_string).collect()])
    }

    /// A row for each target, and one for all.
    pub(super) fn table(&self) -> String {
        let mut rows = Vec::new();
        for facts in fuzz::every() {
            let of_it = |run: &&Run| run.target == facts.name;
            let name = format!("`{}`", facts.name);
            rows.push(Sum::of(self.run.iter().filter(of_it)).row(&name));
        }
        rows.push(Sum::of(&self.run).row("**all**"));
        let head = [
            "target",
            "seconds of the CPU",
            "executions",
            "at most in a second",
            "runs that found something",
        ];
        table(&head, &rows)
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
        let row = |name: &str| -> Vec<&str> {
            let line = table.lines().find(|line| line.contains(name));
            line.unwrap().split('|').map(str::trim).collect()
        };
        assert_eq!(row("`inflate_any`")[2..6], ["180", "2000", "11", "1"]);
        assert_eq!(row("`capi_calls`")[2..6], ["0", "0", "0", "0"]);
        assert_eq!(row("**all**")[2..6], ["180", "2000", "11", "1"]);
        let summary = ledger.summary();
        let (_, row) = summary.trim_end().rsplit_once('\n').unwrap();
        let row: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!(row[2..5], ["3", "2000", "1"]);
    }
}
