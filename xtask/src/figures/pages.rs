//! Tables that are written into pages between two markers.

use std::fs;
use std::path::Path;

use super::coverage;
use super::error::{FiguresError, file};
use super::ledger::Ledger;
use super::measured::Measured;
use crate::tidy::tree;

/// The tables of this repository.
pub(super) fn renewed() -> Result<(), FiguresError> {
    renew(&tree::repository()?)
}

/// Keeps what was measured: in its file and in the tables.
pub(super) fn keep(root: &Path, add: impl FnOnce(&mut Measured)) -> Result<(), FiguresError> {
    let mut all = Measured::read(root)?;
    add(&mut all);
    all.write(root)?;
    renew(root)
}

/// Writes the tables of what was measured, and of the ledger.
pub(crate) fn renew(root: &Path) -> Result<(), FiguresError> {
    for (page, name, table) in tables(root)? {
        replace(&root.join(page), name, &table)?;
    }
    Ok(())
}

/// Page, name of the marker, table.
fn tables(root: &Path) -> Result<[(&'static str, &'static str, String); 5], FiguresError> {
    let (measured, ledger) = (Measured::read(root)?, Ledger::read(root)?);
    let (kinds, rooms) = (
        coverage::kinds(&measured.coverage),
        coverage::rooms(&measured.coverage),
    );
    Ok([
        ("README.md", "measured", measured.table()),
        ("README.md", "coverage", kinds),
        ("docs/fuzzing.md", "coverage", rooms),
        ("README.md", "fuzzed", ledger.summary()),
        ("docs/fuzzing.md", "ledger", ledger.table()),
    ])
}

/// Puts a table between `<!-- NAME -->` and `<!-- NAME: end -->`.
pub(super) fn replace(page: &Path, name: &str, table: &str) -> Result<(), FiguresError> {
    let text = fs::read_to_string(page).map_err(file(page))?;
    let missing = || FiguresError::Malformed {
        path: page.to_owned(),
        why: format!("there is no `<!-- {name} -->` with its end"),
    };
    let (before, after) = around(&text, name).ok_or_else(missing)?;
    fs::write(page, format!("{before}\n{table}\n{after}")).map_err(file(page))
}

/// What stands before and behind a table, its markers included.
fn around<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (start, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let from = text.find(&start)? + start.len();
    let to = text.get(from..)?.find(&end)? + from;
    Some((text.get(..from)?, text.get(to..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_show_what_was_measured_and_what_the_ledger_adds_up_to() {
        let root = tree::repository().unwrap();
        for (page, name, table) in tables(&root).unwrap() {
            let text = fs::read_to_string(root.join(page)).unwrap();
            let (before, after) = around(&text, name).unwrap();
            let shown = &text[before.len()..text.len() - after.len()];
            let is_same = shown.trim() == table.trim();
            assert!(is_same, "{page}: `cargo xtask figures --tables` renews it");
        }
    }

    #[test]
    fn what_stands_around_a_table_stays() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.md");
        fs::write(&page, "a\n<!-- t -->\n\nold\n\n<!-- t: end -->\nb\n").unwrap();
        replace(&page, "t", "new\n").unwrap();
        let text = fs::read_to_string(&page).unwrap();
        assert_eq!(text, "a\n<!-- t -->\n\nnew\n\n<!-- t: end -->\nb\n");
        assert!(replace(&page, "other", "new").is_err());
    }
}
