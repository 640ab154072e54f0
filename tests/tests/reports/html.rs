//! The HTML report in a browser's parser: nothing out of a file becomes markup, nothing is loaded.

use std::collections::BTreeSet;

use patchproof_report::report_html;
use proptest::prelude::*;

use crate::hostile::{any_report, any_text, spelled, texts};
use crate::page::Page;
use crate::samples;

/// Every element that the report is made of; a hostile one would be another.
const OURS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "footer",
    "section",
    "article",
    "div",
    "p",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "small",
    "b",
    "i",
    "code",
    "ol",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "svg",
    "rect",
    "circle",
    "path",
];

/// Every attribute; none of them leads anywhere or runs anything.
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "style",
    "role",
    "aria-label",
    "aria-hidden",
    "focusable",
    "tabindex",
    "scope",
    "viewBox",
    "preserveAspectRatio",
    "x",
    "y",
    "width",
    "height",
    "rx",
    "cx",
    "cy",
    "r",
    "d",
];

/// What a browser would see beside our own elements and attributes.
fn breakouts(html: &str) -> BTreeSet<String> {
    let page = Page::parse(html);
    let mut found: BTreeSet<String> = page.errors().into_iter().collect();
    if page.comments() > 0 {
        found.insert("a comment".to_owned());
    }
    for element in page.elements() {
        if !OURS.contains(&element.name.as_str()) {
            found.insert(element.name.clone());
        }
        for (name, value) in &element.attributes {
            let leads_out = value.contains("//") || value.contains("url(");
            if !ATTRIBUTES.contains(&name.as_str()) || leads_out {
                found.insert(format!("{name}={value}"));
            }
        }
    }
    found
}

#[test]
fn a_hostile_name_stays_text() {
    for text in texts() {
        let html = report_html(&samples::hostile(&text));
        assert_eq!(breakouts(&html), BTreeSet::new(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_name_stays_text(text in any_text()) {
        let html = report_html(&samples::hostile(&text));
        prop_assert_eq!(breakouts(&html), BTreeSet::new());
    }

    #[test]
    fn any_report_is_a_page_of_ours(report in any_report()) {
        prop_assert_eq!(breakouts(&report_html(&report)), BTreeSet::new());
    }
}

#[test]
fn a_value_can_be_read_as_it_is() {
    for text in texts().into_iter().filter(|text| text.len() < 200) {
        let page = Page::parse(&report_html(&samples::hostile(&text)));
        let codes = page.named("code");
        assert!(codes.iter().any(|it| it.text == spelled(&text)), "{text:?}");
    }
}

#[test]
fn a_name_of_ten_thousand_letters_is_cut_and_says_so() {
    let page = Page::parse(&report_html(&samples::hostile(&"x".repeat(10_000))));
    let codes = page.named("code");
    assert!(codes.iter().all(|it| it.text.len() < 1000));
    assert!(
        codes
            .iter()
            .any(|it| it.text.contains("[9500 characters left out]"))
    );
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    for (name, report) in samples::pinned() {
        let html = report_html(&report);
        let page = Page::parse(&html);
        let style = &page.named("style")[0].text;
        for loading in ["@import", "url(", "http:", "https:", "src", "expression("] {
            assert!(!style.contains(loading), "{name}: {loading}");
        }
        let policies = page.named("meta");
        let policy = policies
            .iter()
            .find(|it| it.attribute("http-equiv") == Some("Content-Security-Policy"));
        let policy = policy.unwrap().attribute("content").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'unsafe-inline';"),
            "{policy}"
        );
        assert!(page.named("script").is_empty(), "{name}");
    }
}

#[test]
fn headings_descend_one_level_at_a_time_under_one_title() {
    for (name, report) in samples::pinned() {
        let page = Page::parse(&report_html(&report));
        let level = |name: &str| name.strip_prefix('h')?.parse::<u8>().ok();
        let levels: Vec<u8> = page
            .elements()
            .iter()
            .filter_map(|it| level(&it.name))
            .collect();
        assert_eq!(levels[0], 1, "{name}");
        assert_eq!(
            levels.iter().filter(|&&level| level == 1).count(),
            1,
            "{name}"
        );
        for pair in levels.windows(2) {
            assert!(
                pair[1] <= pair[0] + 1,
                "{name}: h{} after h{}",
                pair[1],
                pair[0]
            );
        }
    }
}

#[test]
fn a_screen_reader_is_told_the_language_the_title_and_what_each_picture_shows() {
    let page = Page::parse(&report_html(&samples::broken()));
    assert_eq!(page.named("html")[0].attribute("lang"), Some("en"));
    assert!(
        page.named("title")[0]
            .text
            .starts_with("Patchproof: broken at rebuild")
    );
    for picture in page.named("svg") {
        let hidden = picture.attribute("aria-hidden") == Some("true");
        let told =
            picture.attribute("role") == Some("img") && picture.attribute("aria-label").is_some();
        assert!(hidden || told, "{:?}", picture.attributes);
    }
}

#[test]
fn every_station_says_its_state_in_a_word() {
    let page = Page::parse(&report_html(&samples::undecided()));
    let states: Vec<String> = page
        .named("p")
        .into_iter()
        .filter(|it| it.attribute("class") == Some("state"))
        .map(|it| it.text)
        .collect();
    let expected = [
        "held",
        "not asked",
        "undecided",
        "missing",
        "undecided",
        "held",
        "not asked",
        "not asked",
    ];
    assert_eq!(states, expected);
}

#[test]
fn the_map_has_a_bar_where_bytes_differ_and_none_elsewhere() {
    let page = Page::parse(&report_html(&samples::equivalent()));
    let bars: Vec<_> = page
        .named("rect")
        .into_iter()
        .filter(|it| it.attribute("y").is_some_and(|y| y != "0" && y != "1.5"))
        .collect();
    assert_eq!(bars.len(), 1);
    assert_eq!(bars[0].attribute("x"), Some("0"));
    assert_eq!(bars[0].attribute("width"), Some("1"));
}
