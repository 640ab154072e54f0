//! Long files and functions that are tolerated: each may shrink, none may grow.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::lengths::Measure;
use super::tree::line_at;
use super::{Problem, TidyError, config};

/// One table of the ratchet.
pub(crate) struct Ratchet<'a> {
    /// The name of the table in the rules.
    pub(crate) table: &'static str,
    /// The rule in words.
    pub(crate) rule: &'static str,
    /// What needs no entry.
    pub(crate) limit_lines: usize,
    /// Key -> lines tolerated.
    pub(crate) entries: &'a BTreeMap<String, usize>,
}

/// What is longer than the limit and its entry, and which entries are higher than the truth.
pub(crate) fn check(ratchet: &Ratchet<'_>, measures: &[Measure], rules: &str) -> Vec<Problem> {
    let grown = measures
        .iter()
        .filter_map(|measure| grown(ratchet, measure));
    let kept = kept(ratchet, measures);
    let stale = ratchet
        .entries
        .iter()
        .filter(|&(key, &lines)| kept.get(key.as_str()) < Some(&lines));
    grown
        .chain(stale.map(|(key, &lines)| stale_entry(ratchet, (key, lines), &kept, rules)))
        .collect()
}

/// The rules with every entry of one table lowered to the truth, or dropped when it is not needed.
///
/// # Errors
///
/// When the rules are no TOML.
pub(crate) fn lower(
    rules: &str,
    ratchet: &Ratchet<'_>,
    measures: &[Measure],
) -> Result<String, TidyError> {
    let mut document: DocumentMut = rules.parse()?;
    let kept = kept(ratchet, measures);
    if let Some(table) = document
        .get_mut(ratchet.table)
        .and_then(Item::as_table_like_mut)
    {
        for key in ratchet.entries.keys() {
            match kept.get(key.as_str()) {
                Some(&lines) => set(table, key, lines),
                None => drop(table.remove(key)),
            }
        }
    }
    Ok(document.to_string())
}

fn grown(ratchet: &Ratchet<'_>, measure: &Measure) -> Option<Problem> {
    let entry = ratchet.entries.get(&measure.key).copied();
    let allowed_lines = entry.unwrap_or(0).max(ratchet.limit_lines);
    let mend = match entry {
        Some(entry) => format!("split it: {} holds it at {entry}", config::PATH),
        None => format!(
            "split it, or enter {:?} under [{}] in {} and say why there",
            measure.key,
            ratchet.table,
            config::PATH
        ),
    };
    (measure.lines > allowed_lines).then(|| {
        let what = format!("{} has {} lines", measure.name, measure.lines);
        Problem::new((&measure.path, measure.line), what, ratchet.rule, mend)
    })
}

fn stale_entry(
    ratchet: &Ratchet<'_>,
    (key, lines): (&str, usize),
    kept: &BTreeMap<&str, usize>,
    rules: &str,
) -> Problem {
    let offset = rules.find(&format!("{key:?}")).unwrap_or(0);
    let now = match kept.get(key) {
        Some(now) => format!("it has {now} lines"),
        None => "it needs no entry".to_owned(),
    };
    Problem::new(
        (config::PATH, line_at(rules, offset)),
        format!(
            "[{}] allows {lines} lines to {key:?}, but {now}",
            ratchet.table
        ),
        "the ratchet only turns one way",
        "run `cargo xtask tidy --bless`",
    )
}

/// What the entries should be: never higher than now, and only for what is over the limit.
fn kept<'a>(ratchet: &'a Ratchet<'_>, measures: &[Measure]) -> BTreeMap<&'a str, usize> {
    let entries = ratchet.entries.iter().filter_map(|(key, &lines)| {
        let same_key = measures.iter().filter(|measure| &measure.key == key);
        let longest = same_key.map(|measure| measure.lines).max()?;
        (longest > ratchet.limit_lines).then_some((key.as_str(), longest.min(lines)))
    });
    entries.collect()
}

/// Changes the number and keeps the comment beside it, which says why the entry exists.
fn set(table: &mut dyn TableLike, key: &str, lines: usize) {
    let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) else {
        return;
    };
    let Ok(lines) = i64::try_from(lines) else {
        return;
    };
    let mut new = Value::from(lines);
    *new.decor_mut() = old.decor().clone();
    *old = new;
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "[file_lines]\n# a table\n\"a.rs\" = 400 # because\n\"b.rs\" = 310\n";

    fn entries() -> BTreeMap<String, usize> {
        BTreeMap::from([("a.rs".to_owned(), 400), ("b.rs".to_owned(), 310)])
    }

    fn check_lengths(lengths: &[(&str, usize)]) -> Vec<Problem> {
        let entries = entries();
        check(&ratchet(&entries), &measures(lengths), RULES)
    }

    fn ratchet(entries: &BTreeMap<String, usize>) -> Ratchet<'_> {
        Ratchet {
            table: "file_lines",
            rule: "at most 300",
            limit_lines: 300,
            entries,
        }
    }

    fn measures(lengths: &[(&str, usize)]) -> Vec<Measure> {
        let measure = |&(path, lines): &(&str, usize)| Measure {
            key: path.to_owned(),
            name: "the file".to_owned(),
            path: path.to_owned(),
            line: 1,
            lines,
        };
        lengths.iter().map(measure).collect()
    }

    #[test]
    fn long_files_at_their_entry_and_short_ones_without_pass() {
        assert_eq!(
            check_lengths(&[("a.rs", 400), ("b.rs", 310), ("c.rs", 300)]),
            []
        );
    }

    #[test]
    fn a_long_file_without_entry_is_a_problem() {
        let problems = check_lengths(&[("a.rs", 400), ("b.rs", 310), ("c.rs", 301)]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].path.as_str(), problems[0].line), ("c.rs", 1));
    }

    #[test]
    fn a_file_that_grew_past_its_entry_is_a_problem() {
        let problems = check_lengths(&[("a.rs", 401), ("b.rs", 310)]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].what, "the file has 401 lines");
    }

    #[test]
    fn an_entry_above_the_truth_is_a_problem_at_its_line() {
        let problems = check_lengths(&[("a.rs", 400), ("b.rs", 305)]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(
            (problems[0].path.as_str(), problems[0].line),
            (config::PATH, 4)
        );
    }

    #[test]
    fn an_entry_of_a_file_that_is_gone_is_a_problem() {
        assert_eq!(check_lengths(&[("a.rs", 400)]).len(), 1);
    }

    #[test]
    fn blessing_lowers_drops_and_keeps_the_reason() {
        let entries = entries();
        let measures = measures(&[("a.rs", 350), ("b.rs", 120)]);
        let lowered = lower(RULES, &ratchet(&entries), &measures).unwrap();
        assert_eq!(
            lowered,
            "[file_lines]\n# a table\n\"a.rs\" = 350 # because\n"
        );
    }

    #[test]
    fn blessing_never_raises() {
        let entries = entries();
        let measures = measures(&[("a.rs", 500), ("b.rs", 310), ("c.rs", 600)]);
        assert_eq!(lower(RULES, &ratchet(&entries), &measures).unwrap(), RULES);
    }
}
