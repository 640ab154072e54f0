//! Workflow commands: each line is one, none is dropped by GitHub, and nothing gets lost unsaid.

use std::collections::BTreeMap;

use patchproof_report::report_github;
use proptest::prelude::*;

use crate::hostile::any_report;
use crate::samples;

/// A line as the runner reads it.
#[derive(Debug)]
struct Command {
    kind: String,
    title: String,
    text: String,
}

/// Reads as the runner does: `::kind key=value::text`, then undoes the escapes.
fn read(line: &str) -> Command {
    assert!(!line.chars().any(char::is_control), "{line:?}");
    let (head, text) = line
        .strip_prefix("::")
        .and_then(|rest| rest.split_once("::"))
        .unwrap_or_else(|| panic!("no command: {line:?}"));
    let (kind, properties) = head.split_once(' ').unwrap();
    let [title] = properties.split(',').collect::<Vec<_>>()[..] else {
        panic!("more than one property: {line:?}");
    };
    let title = title.strip_prefix("title=").unwrap();
    assert!(!title.contains(':'), "{line:?}");
    let undo = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    Command {
        kind: kind.to_owned(),
        title: undo(title),
        text: undo(text),
    }
}

fn commands(text: &str) -> Vec<Command> {
    assert!(text.ends_with('\n'), "{text:?}");
    text.lines().map(read).collect()
}

fn counts(commands: &[Command]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for command in commands {
        *counts.entry(command.kind.as_str()).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_line_is_one_command_and_of_each_kind_there_are_ten_at_most(report in any_report()) {
        let commands = commands(&report_github(&report));
        for (kind, count) in counts(&commands) {
            prop_assert!(["error", "warning", "notice"].contains(&kind));
            prop_assert!(count <= 10, "{count} of {kind}");
        }
        prop_assert!(commands[0].title.starts_with("Patchproof: "));
        prop_assert_eq!(&commands[0].text, report.summary());
    }
}

#[test]
fn what_does_not_fit_is_counted_in_the_last_line() {
    let commands = commands(&report_github(&samples::crowded(12, &["x86"])));
    let counts = counts(&commands);
    assert_eq!(counts["error"], 10);
    assert_eq!(counts["warning"], 10);
    assert_eq!(counts["notice"], 10);
    let last = commands.last().unwrap();
    // 12 errors and the verdict; 12 undecided and 12 warnings; 12 notes and this line.
    assert!(
        last.text
            .starts_with("3 errors, 14 warnings, 3 notices more did not fit"),
        "{last:?}"
    );
}

#[test]
fn one_rule_over_several_abis_is_one_line() {
    let commands = commands(&report_github(&samples::crowded(1, &["x86", "x86_64"])));
    let errors: Vec<_> = commands.iter().filter(|it| it.kind == "error").collect();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[1].text.contains("surroundings (x86, x86_64)"),
        "{errors:?}"
    );
}

#[test]
fn only_an_error_and_the_verdict_are_errors() {
    let commands = commands(&report_github(&samples::undecided()));
    assert_eq!(counts(&commands)["error"], 1);
    assert!(
        commands[1..].iter().all(|it| it.kind == "warning"),
        "{commands:?}"
    );
}
