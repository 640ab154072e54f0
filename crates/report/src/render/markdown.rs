//! The report as Markdown, for a pull request or a job summary.
//!
//! A comment holds 65,536 characters and a job summary 1 MiB, and both are dropped whole when they
//! are longer: what does not fit is counted instead.

mod difference;
mod escape;

use crate::link::Link;
use crate::release_report::Report;
use crate::render::markdown::escape::{Cell, code, prose};
use crate::render::view::{Said, Standing, abi_name, by_abi, headline, said, standing_of};
use crate::rules_page::severity_word;

/// The report as GitHub's Markdown: verdict, chains, findings, and differences to unfold.
///
/// Nothing that stands in the report, such as a file's name, can become markup, a link or a
/// mention.
#[must_use]
pub fn report_markdown(report: &Report) -> String {
    let mut page = Page::default();
    page.push(&verdict(report));
    for (abi, rows) in by_abi(report) {
        page.push(&chain(abi, &rows));
    }
    let said = said(report);
    if !said.is_empty() {
        page.push("### Findings\n\n");
    }
    for one in &said {
        page.push_counted(&finding(one));
    }
    for link in report.links() {
        if let Some(difference) = &link.difference {
            page.push_counted(&difference::unfolding(link, difference));
        }
    }
    page.finish()
}

/// What is written so far, and how many parts did not fit.
#[derive(Default)]
struct Page {
    text: String,
    left_out: usize,
}

impl Page {
    fn push(&mut self, part: &str) {
        self.text.push_str(part);
    }

    fn push_counted(&mut self, part: &str) {
        let room = PAGE_CHARS.saturating_sub(self.text.chars().count());
        if self.left_out == 0 && part.chars().count() <= room {
            self.text.push_str(part);
        } else {
            self.left_out += 1;
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let line = format!(
                "\n{} more findings or differences do not fit here; the JSON and the HTML report \
                 have them all.\n",
                self.left_out
            );
            self.text.push_str(&line);
        }
        self.text
    }
}

fn verdict(report: &Report) -> String {
    let sign = standing_of(report).sign();
    let code = report.exit_code();
    let meaning = format!("exit {}: {}", code.number(), code.meaning());
    format!(
        "## {sign} {}\n\n{}\n\n*{}*\n\n",
        headline(report),
        prose(report.summary()),
        prose(&meaning)
    )
}

fn chain(abi: Option<&str>, rows: &[&Link]) -> String {
    let heading = abi.map_or_else(|| abi_name(None), |abi| code(&abi_name(Some(abi))));
    let mut table = format!("### {heading}\n\n| link | state | expected | found |\n");
    table.push_str("|---|---|---|---|\n");
    for link in rows {
        let standing = Standing::of(link);
        let cells = [
            Cell::ours(link.id.id()),
            Cell::ours(&format!("{} {}", standing.sign(), standing.word())),
            hash(link.expected_sha256.as_deref()),
            hash(link.found_sha256.as_deref()),
        ];
        table.push_str(&Cell::row(&cells));
    }
    table.push('\n');
    table
}

fn hash(sha256: Option<&str>) -> Cell {
    sha256.map_or_else(
        || Cell::ours("–"),
        |hex| Cell::value(hex.get(..12).unwrap_or(hex)),
    )
}

fn finding(said: &Said<'_>) -> String {
    let finding = said.finding;
    let sure = finding
        .certainty
        .map_or_else(String::new, |it| format!(", {} cause", it.word()));
    let mut item = format!(
        "- **{} {}**{sure}, {}: {}\n",
        severity_word(finding.severity),
        finding.rule.id(),
        prose(&said.place_words()),
        prose(&finding.message),
    );
    let values = [
        ("about", &finding.subject),
        ("expected", &finding.expected),
        ("found", &finding.found),
    ];
    for (label, value) in values {
        if let Some(value) = value {
            item.push_str(&format!("  - {label} {}\n", code(value)));
        }
    }
    item.push_str(&format!("  - remedy: {}\n", prose(&finding.remedy)));
    item
}

/// Room for the verdict and the chains beside it, within a comment's 65,536 characters.
const PAGE_CHARS: usize = 60_000;
