//! `docs/old-designs.md` says what the explorer finds.

use patchproof_testkit::explorer::Design;
use patchproof_testkit::explorer::old::{Failure, flutter_patcher, shorebird};

const PAGE: &str = include_str!("../../../docs/old-designs.md");

#[test]
fn the_page_gives_each_failure_with_its_figures() {
    let mut rows = rows(&shorebird::failures());
    rows.extend(self::rows(&flutter_patcher::failures()));
    let missing: Vec<_> = rows.into_iter().filter(|row| !has(row)).collect();
    assert!(missing.is_empty(), "no row with {missing:#?}");
}

#[test]
fn the_page_names_tests_that_there_are() {
    let sources = [
        include_str!("shorebird.rs"),
        include_str!("flutter_patcher.rs"),
        include_str!("ours.rs"),
        include_str!("ours_of_flutter_patcher.rs"),
        include_str!("faithful.rs"),
    ];
    let names = PAGE.split('`').filter(|name| {
        ["number_", "ours_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
            && !name.contains(' ')
    });
    let names: Vec<_> = names.filter(|name| !name.ends_with(".rs")).collect();
    assert!(names.len() >= 52, "{}", names.len());
    for name in names {
        let is_there = sources
            .iter()
            .any(|source| source.contains(&format!("fn {name}()")));
        assert!(is_there, "{name}");
    }
}

/// Its number, and its figures as the page writes them.
fn rows<D: Design>(failures: &[Failure<D>]) -> Vec<[String; 2]> {
    let row = |failure: &Failure<D>| {
        let steps = failure.story().expect("it fails").steps.len();
        let states = failure.explore().states;
        let number = failure.number.trim_start_matches("row ");
        [
            format!("| {number} |"),
            format!("{steps} steps, {states} states"),
        ]
    };
    failures.iter().map(row).collect()
}

fn has([number, figures]: &[String; 2]) -> bool {
    let mut lines = PAGE.lines();
    lines.any(|line| line.starts_with(number) && line.contains(figures))
}
