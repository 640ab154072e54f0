//! The report as one HTML file: no script, nothing loaded from anywhere, light and dark, to print.
//!
//! It is written with a template macro that escapes whatever is put in, so that a hostile name in a
//! release stays text. A content security policy inside the file forbids the rest once more.

mod chain;
mod difference;
mod findings;
mod icon;
mod map;
mod tables;
mod text;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::link::Link;
use crate::release_report::Report;
use crate::render::html::icon::icon;
use crate::render::html::text::sentence;
use crate::render::view::{Standing, by_abi, headline, said, standing_of};

/// The report as one HTML file that needs no other.
#[must_use]
pub fn report_html(report: &Report) -> String {
    let tone = class_of(standing_of(report));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Patchproof: " (sentence(report.summary())) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header class={ "verdict " (tone) } { (verdict(report)) }
                main { (body(report)) }
                footer { (legend()) }
            }
        }
    };
    page.into_string() + "\n"
}

fn verdict(report: &Report) -> Markup {
    let code = report.exit_code();
    html! {
        div class="wrap" {
            div class="big" { (icon(standing_of(report))) }
            div {
                p class="product" { "Patchproof release report" }
                h1 { (headline(report)) }
                p class="summary" { (sentence(report.summary())) }
            }
            p class="code" {
                span { "exit " (code.number()) }
                (code.meaning())
            }
        }
    }
}

fn body(report: &Report) -> Markup {
    let said = said(report);
    let differing: Vec<&Link> = report
        .links()
        .iter()
        .filter(|link| link.difference.is_some())
        .collect();
    html! {
        section {
            h2 { "The chain" }
            @for (abi, rows) in by_abi(report) { (chain::chain(abi, &rows)) }
            @if report.links().is_empty() { p { "No link was looked at." } }
        }
        @if !said.is_empty() {
            section {
                h2 { "Findings" }
                @for one in &said { (findings::card(one)) }
            }
        }
        @if !differing.is_empty() {
            section {
                h2 { "What differs" }
                @for link in differing { (difference::section(link)) }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        div class="wrap" {
            h2 { "How to read this" }
            ul class="legend" {
                @for standing in Standing::ALL {
                    li class=(class_of(standing)) {
                        (icon(standing))
                        span { b { (standing.word()) } " " (standing.meaning()) }
                    }
                }
            }
            p {
                "A release is verified when every link that is required holds for every ABI. "
                "Nothing is guessed: what could not be settled is said to be open. "
                code { "patchproof explain " (EXAMPLE_RULE) } " tells more about a rule."
            }
        }
    }
}

/// The class that gives a part its colour.
const fn class_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Held => "held",
        Standing::Equivalent => "equivalent",
        Standing::Broken => "broken",
        Standing::Undecided => "undecided",
        Standing::Missing => "missing",
        Standing::NotAsked => "not-asked",
    }
}

const STYLE: &str = include_str!("html/style.css");

/// Styles of this file and nothing else: no script, no image, no address.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
    form-action 'none'";

const EXAMPLE_RULE: &str = "PP111";
