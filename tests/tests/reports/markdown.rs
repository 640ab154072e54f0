//! Markdown read back: nothing out of a file becomes markup, and tables keep their columns.

use std::collections::BTreeSet;

use patchproof_report::{Report, report_markdown};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::hostile::{any_report, any_text, spelled, texts};
use crate::samples;

/// Everything that GitHub's Markdown knows.
fn events(markdown: &str) -> Vec<Event<'_>> {
    Parser::new_ext(markdown, Options::all()).collect()
}

/// What a reader would make of it that we did not write.
fn breakouts(markdown: &str) -> Vec<String> {
    let ours = |html: &str| {
        let html = html.trim();
        let summary = html
            .strip_prefix("<summary>Difference at ")
            .and_then(|rest| rest.strip_suffix("</summary>"));
        matches!(html, "<details>" | "</details>") || summary.is_some_and(|it| !it.contains('<'))
    };
    let breaks_out = |event: &Event<'_>| match event {
        Event::Html(html) => !ours(html),
        Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) => true,
        Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::BlockQuote(_)
                | Tag::FootnoteDefinition(_)
                | Tag::Strikethrough
                | Tag::MetadataBlock(_)
                | Tag::DefinitionList
        ),
        // GitHub looks for these in what is no code.
        Event::Text(text) => {
            let text = text.to_ascii_lowercase();
            text.contains(['@', '#']) || text.contains("://") || text.contains("www.")
        }
        _ => false,
    };
    let found = events(markdown).into_iter().filter(breaks_out);
    found.map(|event| format!("{event:?}")).collect()
}

/// The cells of every table, row by row, as text.
fn tables(markdown: &str) -> Vec<Vec<Vec<String>>> {
    let (mut tables, mut cell) = (vec![], String::new());
    for event in events(markdown) {
        match event {
            Event::Start(Tag::Table(_)) => tables.push(vec![]),
            Event::Start(Tag::TableHead | Tag::TableRow) => tables.last_mut().unwrap().push(vec![]),
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::Text(text) | Event::Code(text) => cell.push_str(&text),
            Event::End(TagEnd::TableCell) => {
                let row: &mut Vec<String> = tables.last_mut().unwrap().last_mut().unwrap();
                row.push(std::mem::take(&mut cell));
            }
            _ => {}
        }
    }
    tables
}

fn codes(markdown: &str) -> BTreeSet<String> {
    let code = |event| match event {
        Event::Code(text) => Some(text.into_string()),
        _ => None,
    };
    events(markdown).into_iter().filter_map(code).collect()
}

#[test]
fn a_hostile_name_stays_a_name() {
    for text in texts() {
        let markdown = report_markdown(&samples::hostile(&text));
        assert_eq!(breakouts(&markdown), Vec::<String>::new(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_name_stays_a_name(text in any_text()) {
        let markdown = report_markdown(&samples::hostile(&text));
        prop_assert_eq!(breakouts(&markdown), Vec::<String>::new());
    }

    #[test]
    fn any_report_stays_what_it_is(report in any_report()) {
        prop_assert_eq!(breakouts(&report_markdown(&report)), Vec::<String>::new());
    }

    #[test]
    fn a_name_in_a_table_moves_no_column(text in any_text()) {
        let markdown = report_markdown(&samples::hostile(&text));
        let regions = tables(&markdown).pop().unwrap();
        prop_assert_eq!(regions.len(), 2);
        // What stands behind the name is still there.
        prop_assert_eq!(&regions[1][1..], &["other", "7", "1,000", "0x1"]);
    }
}

#[test]
fn a_value_can_be_read_as_it_is() {
    for text in texts()
        .into_iter()
        .filter(|text| !text.is_empty() && text.len() < 200)
    {
        let markdown = report_markdown(&samples::hostile(&text));
        assert!(
            codes(&markdown).contains(&spelled(&text)),
            "{text:?}\n{markdown}"
        );
    }
}

#[test]
fn the_chain_of_each_abi_is_a_table_of_its_links() {
    let tables = tables(&report_markdown(&samples::verified()));
    assert_eq!(tables.len(), 2);
    for table in tables {
        assert_eq!(table.len(), 9);
        assert_eq!(table[0], ["link", "state", "expected", "found"]);
        assert_eq!(table[1][..3], ["artefact", "✓ held", "–"]);
    }
}

fn longest() -> Report {
    let abis: Vec<String> = (0..20)
        .map(|at| format!("{at}{}", "é".repeat(500)))
        .collect();
    let abis: Vec<&str> = abis.iter().map(String::as_str).collect();
    samples::crowded(200, &abis)
}

#[test]
fn a_comment_of_github_has_room_for_it_and_says_what_is_left_out() {
    let markdown = report_markdown(&longest());
    assert!(
        markdown.chars().count() <= 65_536,
        "{}",
        markdown.chars().count()
    );
    assert!(markdown.ends_with("the JSON and the HTML report have them all.\n"));
}
