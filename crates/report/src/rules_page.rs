//! The rule catalogue as a page: `docs/rules.md` is this text, and a test compares the two.

use std::fmt::Write as _;

use crate::rule::Rule;

/// The catalogue as Markdown.
#[must_use]
pub fn rules_page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n| id | severity | what |\n|---|---|---|\n");
    for text in Rule::all().map(Rule::text) {
        let anchor = text.id.to_ascii_lowercase();
        let severity = severity_word(text.severity);
        let row = format!(
            "| [{}](#{anchor}) | {severity} | {} |\n",
            text.id, text.title
        );
        page.push_str(&row);
    }
    for text in Rule::all().map(Rule::text) {
        let section = format!(
            "\n## {}\n\n**{}.** {}\n\n*Cause.* {}\n\n*Remedy.* {}\n",
            text.id,
            capitalised(text.title),
            text.symptom,
            text.cause,
            text.remedy
        );
        // Writing to a String cannot fail.
        let _ = page.write_str(&section);
    }
    page
}

pub(crate) const fn severity_word(severity: crate::Severity) -> &'static str {
    match severity {
        crate::Severity::Note => "note",
        crate::Severity::Warning => "warning",
        crate::Severity::Undecided => "undecided",
        crate::Severity::Error => "error",
    }
}

fn capitalised(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

const HEAD: &str = "\
# Rules

Every finding stands under a rule. Ids are stable and never reused. `patchproof explain PP111`
prints the same text as this page, which is generated from the catalogue in `crates/report`.
";
