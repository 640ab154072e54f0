//! The report as Markdown.

use super::goals::{self, Goal};
use super::plots;
use super::results::{Figures, PairResult, Ratios, Results};
use super::sections;
use super::statistics::{geometric_mean, real};
use crate::tables::table;

/// The whole report.
pub(super) fn report(results: &Results) -> String {
    let mut parts = vec![
        format!("# Patch tools beside each other\n\n{}", how(results)),
        goals(&goals::of(results)),
        format!(
            "![Sizes of patches]({})\n\n![Time against size]({})\n",
            plots::SIZES,
            plots::TIMES
        ),
    ];
    for (title, pairs) in [
        ("Neighbours by one compiler", &results.neighbours),
        ("Neighbours by two compilers", &results.cross_compiler),
    ] {
        if !pairs.is_empty() {
            parts.push(of_pairs(title, pairs, &results.contestants()));
        }
    }
    parts.push(sections::levels(results));
    parts.push(sections::codecs(results));
    parts.push(sections::chains(results));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The goals as a table.
pub(super) fn goals(goals: &[Goal]) -> String {
    let row = |goal: &Goal| {
        let met = match goal.met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "open",
        };
        vec![goal.goal.clone(), goal.measured.clone(), met.to_owned()]
    };
    let rows: Vec<_> = goals.iter().map(row).collect();
    format!("## Goals\n\n{}", table(&["goal", "measured", ""], &rows))
}

fn how(results: &Results) -> String {
    let machine = &results.machine;
    let tools = results
        .tools
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    let tools: Vec<String> = tools.collect();
    format!(
        "`{}`, {} at {}, a {} build. {}, {} cores, {}; load {} before and {} after.\n\
         Other tools: {}.\n\n{NOTES}",
        results.command,
        machine.date,
        machine.commit,
        machine.build,
        machine.processor,
        machine.cores,
        machine.system,
        machine.load_before,
        machine.load_after,
        tools.join(", "),
    )
}

/// Three tables: a row a pair, a column a contestant.
fn of_pairs(title: &str, pairs: &[PairResult], contestants: &[&str]) -> String {
    let sizes = rows(
        pairs,
        contestants,
        |it| it.size,
        |_, it| it.patch_bytes.to_string(),
    );
    let times = rows(
        pairs,
        contestants,
        |it| it.make,
        |_, it| format!("{:.2}", it.make_seconds),
    );
    let speeds = rows(pairs, contestants, |it| it.inflate_speed, inflated);
    let mut head = vec!["pair"];
    head.extend(contestants);
    let mut text = format!("## {title}\n");
    for (heading, rows) in [
        ("Size of the patch: bytes, relative to Shorebird's", sizes),
        ("Making: seconds, relative to Shorebird's", times),
        (
            "Inflating and verifying: milliseconds, MB/s of output, speed relative to Shorebird's",
            speeds,
        ),
    ] {
        text.push_str(&format!("\n### {heading}\n\n{}", table(&head, &rows)));
    }
    text.push_str(&reasons(pairs));
    text
}

/// A cell is what was measured and its ratio; the last row is the ratios' geometric mean.
fn rows(
    pairs: &[PairResult],
    contestants: &[&str],
    ratio: fn(Ratios) -> f64,
    figure: fn(&PairResult, &Figures) -> String,
) -> Vec<Vec<String>> {
    let cell = |pair: &PairResult, name: &str| {
        let figures = pair.figures(name).map(|figures| figure(pair, figures));
        let ratio = pair
            .ratios(name)
            .map(|ratios| format!("{:.3}", ratio(ratios)));
        let parts: Vec<String> = [figures, ratio].into_iter().flatten().collect();
        parts.join(", ")
    };
    let row = |pair: &PairResult| {
        let cells = contestants.iter().map(|name| cell(pair, name));
        [pair.name()].into_iter().chain(cells).collect()
    };
    let mean = |name: &&str| {
        let ratios = pairs.iter().filter_map(|pair| pair.ratios(name));
        let ratios: Vec<f64> = ratios.map(ratio).collect();
        // A mean over some of the pairs would not be comparable.
        let mean = geometric_mean(&ratios).filter(|_| ratios.len() == pairs.len());
        mean.map_or(String::new(), |mean| format!("{mean:.3}"))
    };
    let mut rows: Vec<Vec<String>> = pairs.iter().map(row).collect();
    let means = contestants.iter().map(mean);
    rows.push(
        ["geometric mean".to_owned()]
            .into_iter()
            .chain(means)
            .collect(),
    );
    rows
}

fn inflated(pair: &PairResult, figures: &Figures) -> String {
    let seconds = figures.inflate_seconds;
    let megabytes = real(pair.new_bytes) / 1e6;
    format!("{:.1}, {:.0}", seconds * 1e3, megabytes / seconds)
}

/// Why cells are empty.
fn reasons(pairs: &[PairResult]) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for cell in pairs.iter().flat_map(|pair| &pair.cells) {
        if let Some(why) = &cell.why_not {
            let reason = format!("- {}: {why}\n", cell.contestant);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    format!("\nEmpty cells:\n\n{}", reasons.concat())
}

const NOTES: &str = "\
Ours and Shorebird's have both files in memory to make a patch, and the base in memory to inflate
one from a file into a file. The others are programs that read their own files, started anew each
time; of hdiffpatch, Python's start does not count. Ours inflate each patch again with two decoders
before they hand it out, which is in their time to make; nobody else does. Inflating ends with the
output's SHA-256 verified: ours take it on the way, for the others the file is read again. Every
output was compared with the new file.
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::contestants::REFERENCE;
    use crate::bench::measure::Why;
    use crate::bench::results::Cell;
    use crate::bench::results::tests::pair;

    fn results() -> Results {
        let mut one = pair(&[(REFERENCE, 100, 8.0, 0.4), ("a", 50, 2.0, 0.2)]);
        let why = Why::Failed("missing; install it: apt-get install b".to_owned());
        one.cells.push(Cell::new("b".to_owned(), Err(why)));
        Results {
            neighbours: vec![one],
            ..Results::default()
        }
    }

    fn cells<'a>(text: &'a str, heading: &str, row: &str) -> Vec<&'a str> {
        let section = text.split(heading).nth(1).unwrap();
        let wanted = |line: &&str| line.starts_with(&format!("| {row} "));
        let line = section.lines().find(wanted).unwrap();
        line.trim_matches('|').split('|').map(str::trim).collect()
    }

    #[test]
    fn a_cell_has_the_figure_and_the_ratio_to_shorebirds() {
        let found = report(&results());
        let expected = ["app 1 -> 2", "100, 1.000", "50, 0.500", ""];
        assert_eq!(cells(&found, "### Size", "app 1 -> 2"), expected);
    }

    #[test]
    fn the_last_row_is_the_mean_of_the_ratios() {
        let found = report(&results());
        let expected = ["geometric mean", "1.000", "0.250", ""];
        assert_eq!(cells(&found, "### Making", "geometric mean"), expected);
    }

    #[test]
    fn a_tool_that_is_missing_has_empty_cells_and_a_reason() {
        let text = report(&results());
        assert_eq!(cells(&text, "### Making", "app 1 -> 2").last(), Some(&""));
        let reason = "- b: missing; install it: apt-get install b";
        assert!(text.contains(reason), "{text}");
    }

    #[test]
    fn what_was_not_measured_has_no_heading() {
        let text = report(&results());
        assert!(
            !text.contains("## Levels") && !text.contains("two compilers\n"),
            "{text}"
        );
    }
}
