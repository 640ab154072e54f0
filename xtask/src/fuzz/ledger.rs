//! The ledger: which target ran how long at which commit, and what it did.

use std::fmt;
use std::fs;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::error::{FuzzError, file};
use crate::environment::{commit, today};

/// A run.
pub(super) struct Entry {
    pub(super) target: &'static str,
    /// By the clock.
    pub(super) seconds: u64,
    /// Of all its processes together: on a busy machine less than the clock says.
    pub(super) cpu_seconds: u64,
    pub(super) executions: u64,
    /// Those that reached the depth.
    pub(super) depth: u64,
    pub(super) sanitizer: &'static str,
    /// Whether it ended with an input that fails.
    pub(super) found: bool,
    /// How many processes ran at once.
    pub(super) cpus: usize,
}

impl Entry {
    fn per_cpu_second(&self) -> u64 {
        self.executions / self.cpu_seconds.max(1)
    }

    /// Of a thousand inputs.
    fn depth_per_mille(&self) -> u64 {
        self.depth.saturating_mul(1000) / self.executions.max(1)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let depth = self.depth_per_mille();
        write!(
            f,
            "{}: {} executions in {} s of the CPU, {}/s, {}.{} % reached the depth, sanitizer {}; \
             in {PATH}",
            self.target,
            self.executions,
            self.cpu_seconds,
            self.per_cpu_second(),
            depth / 10,
            depth % 10,
            self.sanitizer,
        )
    }
}

/// Appends a run to the ledger.
pub(super) fn append(root: &Path, entry: &Entry) -> Result<(), FuzzError> {
    let path = root.join(PATH);
    let text = fs::read_to_string(&path).map_err(file(&path))?;
    let text =
        with(&text, entry, &today(), &commit(root)).map_err(|error| FuzzError::Malformed {
            path: path.clone(),
            why: error.to_string(),
        })?;
    fs::write(&path, text).map_err(file(&path))
}

fn with(
    text: &str,
    entry: &Entry,
    date: &str,
    commit: &str,
) -> Result<String, toml_edit::TomlError> {
    let mut ledger: DocumentMut = text.parse()?;
    let number = |number: u64| value(i64::try_from(number).unwrap_or(i64::MAX));
    let mut run = Table::new();
    run.insert("date", value(date));
    run.insert("commit", value(commit));
    run.insert("target", value(entry.target));
    run.insert("seconds", number(entry.seconds));
    run.insert(
        "processes",
        number(u64::try_from(entry.cpus).unwrap_or(u64::MAX)),
    );
    run.insert("cpu_seconds", number(entry.cpu_seconds));
    run.insert("executions", number(entry.executions));
    run.insert("executions_per_cpu_second", number(entry.per_cpu_second()));
    run.insert("depth_per_mille", number(entry.depth_per_mille()));
    run.insert("sanitizer", value(entry.sanitizer));
    run.insert("found", value(entry.found));
    if ledger.is_empty() {
        // What stands in a file without a table stands behind its end, and has to stay in front.
        let head = ledger.trailing().as_str().unwrap_or_default();
        run.decor_mut()
            .set_prefix(format!("{}\n\n", head.trim_end()));
        ledger.set_trailing("");
    }
    let runs = ledger
        .entry("run")
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(runs) = runs.as_array_of_tables_mut() {
        runs.push(run);
    }
    Ok(ledger.to_string())
}

const PATH: &str = "corpora/fuzzing-ledger.toml";

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            target: "inflate_any",
            seconds: 15,
            cpu_seconds: 10,
            executions: 5000,
            depth: 2500,
            sanitizer: "none",
            found: false,
            cpus: 2,
        }
    }

    #[test]
    fn what_is_said_of_an_empty_ledger_stays_in_front() {
        let after = with("# Said of the ledger.\n", &entry(), "2026-01-02", "abc").unwrap();
        assert!(
            after.starts_with("# Said of the ledger.\n\n[[run]]\n"),
            "{after}"
        );
    }

    #[test]
    fn a_run_is_added_behind_the_others_and_nothing_else_changes() {
        let before = "# Said of the ledger.\n\n[[run]]\ntarget = \"one\"\n";
        let after = with(before, &entry(), "2026-01-02", "abc").unwrap();
        assert!(after.starts_with(before), "{after}");
        let ledger: toml::Table = after.parse().unwrap();
        let run = &ledger["run"][1];
        assert_eq!(run["executions_per_cpu_second"].as_integer(), Some(500));
        assert_eq!(run["depth_per_mille"].as_integer(), Some(500));
    }
}
