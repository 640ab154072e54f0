//! A finding as a card: what is wrong, what was expected, how to mend it.

use maud::{Markup, html};

use crate::finding::{Finding, Severity};
use crate::render::html::icon::finding_icon;
use crate::render::html::text::{sentence, value};
use crate::render::view::Said;
use crate::rules_page::severity_word;

/// The card of a finding, with every place where it was found.
pub(super) fn card(said: &Said<'_>) -> Markup {
    let finding = said.finding;
    let text = finding.rule.text();
    html! {
        article class={ "card " (class_of(finding)) } {
            h3 {
                (finding_icon(finding))
                span class="word" { (severity_word(finding.severity)) }
                " " span class="rule" { (text.id) } " " (sentence(text.title))
            }
            p class="chips" {
                @if let Some(certainty) = finding.certainty {
                    span class="chip sure" { (certainty.word()) " cause" }
                    " "
                }
                span class="chip" { (said.place_words()) }
                @if let Some(subject) = &finding.subject {
                    " " span class="chip" { (value(subject)) }
                }
            }
            p class="message" { (sentence(&finding.message)) }
            (comparison(finding))
            p class="remedy" { b { "Remedy" } " " (sentence(&finding.remedy)) }
            details {
                summary { "Where it comes from" }
                p { (sentence(text.cause)) }
            }
        }
    }
}

fn comparison(finding: &Finding) -> Markup {
    html! {
        @if finding.expected.is_some() || finding.found.is_some() {
            dl class="compared" {
                @if let Some(expected) = &finding.expected {
                    dt { "expected" }
                    dd { (value(expected)) }
                }
                @if let Some(found) = &finding.found {
                    dt { "found" }
                    dd { (value(found)) }
                }
            }
        }
    }
}

/// The class that gives the card its colour.
fn class_of(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Error if finding.rule.is_equivalence() => "equivalent",
        Severity::Error => "broken",
        Severity::Undecided => "undecided",
        Severity::Warning => "missing",
        Severity::Note => "note",
    }
}
