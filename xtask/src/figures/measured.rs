//! `docs/measured.toml`: what was measured, when, at which commit, by which command.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::areas::{AREAS, Area};
use super::coverage::Covered;
use super::error::{FiguresError, file, malformed};
use crate::tables::table;

/// All of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    /// By the name of the area.
    #[serde(default)]
    pub(super) mutants: BTreeMap<String, Mutants>,
    /// By the kind of runs.
    #[serde(default)]
    pub(super) coverage: BTreeMap<String, Covered>,
}

/// What came of the changes of an area.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mutants {
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) command: String,
    /// Which changes were tried.
    pub(super) sample: String,
    /// A test failed.
    pub(super) caught: u64,
    /// The tests did not come to their end.
    pub(super) timed_out: u64,
    /// Nothing noticed.
    pub(super) missed: u64,
    /// It did not build.
    pub(super) unviable: u64,
}

impl Mutants {
    /// Of a thousand that build, so many are caught.
    pub(super) fn caught_per_mille(&self) -> u64 {
        let caught = self.caught + self.timed_out;
        caught * 1000 / (caught + self.missed).max(1)
    }
}

impl Measured {
    pub(super) fn read(root: &Path) -> Result<Self, FiguresError> {
        let path = root.join(PATH);
        let text = fs::read_to_string(&path).map_err(file(&path))?;
        toml::from_str(&text).map_err(malformed(path))
    }

    pub(super) fn write(&self, root: &Path) -> Result<(), FiguresError> {
        let path = root.join(PATH);
        let text = toml::to_string(self).map_err(malformed(&path))?;
        fs::write(&path, format!("{HEAD}{text}")).map_err(file(path))
    }

    /// The README's rows.
    pub(super) fn table(&self) -> String {
        let row = |area: &Area| {
            let found = self.mutants.get(area.name)?;
            let caught = found.caught + found.timed_out;
            Some(vec![
                area.what.to_owned(),
                found.sample.clone(),
                (caught + found.missed).to_string(),
                caught.to_string(),
                format!("{}, {}", found.date, found.commit),
            ])
        };
        let rows: Vec<_> = AREAS.iter().filter_map(row).collect();
        let head = [
            "code that is changed, one place at a time",
            "tried",
            "changes",
            "caught by its tests",
            "measured",
        ];
        table(&head, &rows)
    }
}

const PATH: &str = "docs/measured.toml";
const HEAD: &str = "# What differs from machine to machine or takes hours: measured by `cargo \
    xtask figures --measure`, which\n# writes this file. It is never compared exactly; each has \
    a floor (`cargo xtask figures --areas`).\n\n";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::together;
    use crate::figures::coverage::KINDS;
    use crate::tidy::tree;

    #[test]
    fn a_change_whose_tests_never_end_counts_as_caught_and_one_that_does_not_build_as_none() {
        let found = Mutants {
            date: String::new(),
            commit: String::new(),
            command: String::new(),
            sample: String::new(),
            caught: 7,
            timed_out: 2,
            missed: 1,
            unviable: 90,
        };
        assert_eq!(found.caught_per_mille(), 900);
    }

    #[test]
    fn what_was_measured_stands_above_its_floor_and_of_areas_that_there_are() {
        let measured = Measured::read(&tree::repository().unwrap()).unwrap();
        for (name, found) in &measured.mutants {
            let area = AREAS.iter().find(|area| area.name == name);
            let area = area.unwrap_or_else(|| panic!("no area is called {name}"));
            let per_mille = found.caught_per_mille();
            assert!(per_mille >= area.floor_per_mille, "{name}: {per_mille}");
        }
        for (name, found) in &measured.coverage {
            let kind = KINDS.iter().find(|kind| kind.name == name);
            let kind = kind.unwrap_or_else(|| panic!("no runs are called {name}"));
            let per_mille = together(&found.rooms).regions.per_mille();
            assert!(per_mille >= kind.floor_per_mille, "{name}: {per_mille}");
        }
    }
}
