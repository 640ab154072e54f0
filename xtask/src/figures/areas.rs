//! What is changed to see whether a test notices: an area is a package or some of its files.

use std::fmt::Write as _;

use super::coverage;
use super::error::FiguresError;

/// One of them.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) name: &'static str,
    /// What it is, for people.
    pub(super) what: &'static str,
    pub(super) package: &'static str,
    /// Files of it, as globs; none is all.
    pub(super) files: &'static [&'static str],
    /// Files that are left out.
    pub(super) but: &'static [&'static str],
    /// Of a thousand changes that build, so many have to be caught.
    pub(super) floor_per_mille: u64,
}

/// All of them.
pub(super) const AREAS: [Area; 4] = [
    Area {
        name: "verdict",
        what: "the verdict function: what the links of a report come to",
        package: "patchproof-report",
        files: &[
            "crates/report/src/comparison.rs",
            "crates/report/src/exit_code.rs",
            "crates/report/src/link.rs",
            "crates/report/src/release_report.rs",
        ],
        but: &[],
        floor_per_mille: 1000,
    },
    Area {
        name: "lifecycle",
        what: "`lifecycle::step` and all that it calls",
        package: "patchproof-lifecycle",
        files: &[],
        but: &[
            "crates/lifecycle/src/invariants.rs",
            "crates/lifecycle/src/invariants/*.rs",
        ],
        floor_per_mille: 950,
    },
    Area {
        name: "signatures",
        what: "the checks of signed documents",
        package: "patchproof-trust",
        files: &[],
        but: &[],
        floor_per_mille: 950,
    },
    Area {
        name: "decoder",
        what: "the decoder's reader: header, numbers, columns, streams",
        package: "patchproof-patch",
        files: &[
            "crates/patch/src/columns.rs",
            "crates/patch/src/header.rs",
            "crates/patch/src/inflate.rs",
            "crates/patch/src/limits.rs",
            "crates/patch/src/stream.rs",
            "crates/patch/src/stream/*.rs",
            "crates/patch/src/streams.rs",
            "crates/patch/src/varint.rs",
        ],
        but: &[],
        floor_per_mille: 950,
    },
];

/// What a person asked for: areas of changes, and whether coverage is measured too.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) areas: Vec<&'static Area>,
    pub(super) coverage: bool,
}

/// By their names; without one, everything.
pub(super) fn asked(names: &[String]) -> Result<Asked, FiguresError> {
    if names.is_empty() {
        return Ok(Asked {
            areas: AREAS.iter().collect(),
            coverage: true,
        });
    }
    let mut asked = Asked {
        areas: Vec::new(),
        coverage: false,
    };
    for name in names {
        match AREAS.iter().find(|area| area.name == name) {
            Some(area) => asked.areas.push(area),
            None if name == coverage::NAME => asked.coverage = true,
            None => return Err(FiguresError::NoArea(name.clone())),
        }
    }
    Ok(asked)
}

/// A line for each.
pub(super) fn listing() -> String {
    let mut lines = String::new();
    for area in &AREAS {
        let (name, what) = (area.name, area.what);
        let floor = area.floor_per_mille;
        let _ = writeln!(lines, "{name:<12} {what}; floor {floor} of 1000");
    }
    let _ = write!(lines, "{:<12} {}; floors", coverage::NAME, coverage::WHAT);
    for kind in &coverage::KINDS {
        let _ = write!(lines, " {} of 1000 ({})", kind.floor_per_mille, kind.name);
    }
    lines.truncate(lines.trim_end().len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_that_nobody_knows_is_none() {
        let names = ["verdict".to_owned(), "other".to_owned()];
        assert!(matches!(asked(&names), Err(FiguresError::NoArea(name)) if name == "other"));
    }

    #[test]
    fn who_names_nothing_asks_for_everything_and_who_names_one_for_that() {
        let everything = asked(&[]).unwrap();
        assert_eq!(everything.areas.len(), AREAS.len());
        assert!(everything.coverage);
        let coverage = asked(&["coverage".to_owned()]).unwrap();
        assert!(coverage.areas.is_empty() && coverage.coverage);
        assert!(!asked(&["verdict".to_owned()]).unwrap().coverage);
    }
}
