//! Each rendering of each kind of report, pinned.

use patchproof_report::{
    Report, report_github, report_html, report_junit, report_markdown, report_sarif, report_text,
};

use crate::samples;

fn pin(format: &str, render: impl Fn(&Report) -> String) {
    for (name, report) in samples::pinned() {
        insta::assert_snapshot!(format!("{name}_{format}"), render(&report));
    }
}

#[test]
fn the_markdown_of_each_kind_is_as_pinned() {
    pin("markdown", report_markdown);
}

#[test]
fn the_annotations_of_each_kind_are_as_pinned() {
    pin("github", report_github);
}

#[test]
fn the_junit_of_each_kind_is_as_pinned() {
    pin("junit", report_junit);
}

#[test]
fn the_text_of_each_kind_is_as_pinned() {
    pin("text", |report| strip_styles(&report_text(report)));
}

#[test]
fn the_sarif_of_each_kind_is_as_pinned() {
    // The rules are the catalogue, which has a page and a test of its own.
    pin("sarif", |report| {
        let sarif = report_sarif(report, "0.1.0");
        let (head, rest) = sarif.split_once("\"rules\": [").unwrap();
        let (_, rest) = rest.split_once("\n          ]").unwrap();
        format!("{head}\"rules\": []{rest}")
    });
}

#[test]
fn the_html_of_each_kind_is_as_pinned() {
    // The styles are looked at in a browser; line by line a difference of the rest is readable.
    pin("html", |report| {
        let html = report_html(report);
        let (head, rest) = html.split_once("<style>").unwrap();
        let (_, body) = rest.split_once("</style>").unwrap();
        format!("{head}<style></style>{body}").replace("><", ">\n<")
    });
}

fn strip_styles(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}
