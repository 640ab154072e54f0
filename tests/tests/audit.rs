//! `docs/audit.md` names code, tests, fuzz targets and commands: all of them are there, and no
//! invariant, reason or link is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use patchproof_report::LinkId;
use patchproof_testkit::fuzz;

/// The cells of a row under the words of its table's head.
type Row = Vec<(String, String)>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    let text = fs::read_to_string(&path);
    assert!(text.is_ok(), "{}: {text:?}", path.display());
    text.unwrap_or_default()
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_matches('|');
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// Every row of every table.
fn rows() -> Vec<Row> {
    let page = read("docs/audit.md");
    let mut rows = Vec::new();
    let mut head = Vec::new();
    for line in page.lines() {
        if !line.starts_with('|') {
            head.clear();
        } else if head.is_empty() {
            head = cells(line);
        } else if !line.starts_with("|---") {
            let cells = cells(line);
            assert_eq!(cells.len(), head.len(), "{line}");
            rows.push(head.iter().cloned().zip(cells).collect());
        }
    }
    rows
}

fn cell<'a>(row: &'a Row, head: &str) -> Option<&'a str> {
    let mut cells = row.iter();
    let (_, cell) = cells.find(|(of, _)| of == head)?;
    Some(cell.trim_matches('`'))
}

fn claims() -> Vec<String> {
    let rows = rows();
    let claims = rows.iter().filter_map(|row| cell(row, "claim"));
    claims.map(str::to_owned).collect()
}

fn has_function(file: &str, name: &str) -> bool {
    let start = format!("fn {name}(");
    read(file).contains(&start)
}

#[test]
fn every_file_and_function_that_the_audit_names_is_there() {
    let rows = rows();
    assert!(rows.len() > 50, "{} rows", rows.len());
    for row in &rows {
        let file = cell(row, "file").expect("each row names a file");
        assert!(root().join(file).is_file(), "{file}");
        if let Some(function) = cell(row, "function") {
            assert!(has_function(file, function), "{function} in {file}");
        }
        let test = cell(row, "test").expect("each row names a test's file");
        let function = cell(row, "test function").expect("each row names a test");
        assert!(has_function(test, function), "{function} in {test}");
    }
}

#[test]
fn every_test_that_the_audit_names_is_run_by_its_command() {
    for row in rows() {
        let command = cell(&row, "command").expect("each row has a command");
        let function = cell(&row, "test function").expect("each row names a test");
        let test = cell(&row, "test").expect("each row names a test's file");
        let filter = command.rsplit(' ').next().unwrap_or_default();
        assert!(
            function.contains(filter),
            "{command} does not run {function}"
        );
        let package = command.split(" -p patchproof-").nth(1);
        let package = package.and_then(|rest| rest.split(' ').next());
        let package = package.expect("each command names its package");
        let folder = match package {
            "tests" => "tests/tests/".to_owned(),
            package => format!("crates/{package}/"),
        };
        assert!(test.starts_with(&folder), "{command} does not run {test}");
    }
}

#[test]
fn every_fuzz_target_that_the_audit_names_is_there() {
    let known: BTreeSet<&str> = fuzz::every().iter().map(|target| target.name).collect();
    for row in rows() {
        let targets = cell(&row, "fuzz targets").expect("each row has targets, or says why none");
        if targets.starts_with("none: ") {
            continue;
        }
        for target in targets.split(',').map(|it| it.trim().trim_matches('`')) {
            assert!(known.contains(target), "{target}");
        }
    }
}

#[test]
fn every_invariant_has_a_row() {
    let claims = claims();
    for number in 1..=14 {
        let start = format!("{number}: ");
        let count = claims.iter().filter(|claim| claim.starts_with(&start));
        assert_eq!(count.count(), 1, "invariant {number}");
    }
}

#[test]
fn every_reason_of_refusal_has_a_row() {
    let source = read("crates/trust/src/refusal.rs");
    let (_, variants) = source
        .split_once("pub enum Refusal {")
        .expect("the reasons are there");
    let variants = variants.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        let name = name.trim_end_matches([' ', '{', ',']);
        let is_name = name.chars().all(char::is_alphanumeric);
        (is_name && name.starts_with(char::is_uppercase)).then_some(name)
    });
    let variants: BTreeSet<&str> = variants.collect();
    assert!(variants.len() > 25, "{variants:?}");
    let claims = claims();
    for variant in variants {
        assert!(claims.iter().any(|claim| claim == variant), "{variant}");
    }
}

#[test]
fn every_link_has_a_row() {
    let claims = claims();
    for link in LinkId::ALL {
        let id = link.id();
        assert!(claims.iter().any(|claim| claim == id), "{id}");
    }
}
