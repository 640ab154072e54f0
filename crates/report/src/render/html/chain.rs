//! The chain of one ABI as a row of stations; on a narrow screen a column.

use maud::{Markup, html};

use crate::link::{Link, LinkId};
use crate::render::html::class_of;
use crate::render::html::icon::icon;
use crate::render::html::text::value;
use crate::render::view::{Standing, abi_name};

/// A heading, the stations, and the hashes in full to unfold.
pub(super) fn chain(abi: Option<&str>, rows: &[&Link]) -> Markup {
    let held = rows
        .iter()
        .filter(|link| Standing::of(link) == Standing::Held)
        .count();
    html! {
        article class="chain" {
            h3 {
                @if abi.is_some() { (value(&abi_name(abi))) } @else { (abi_name(abi)) }
                small { (held) " of " (rows.len()) " held" }
            }
            ol class="stations" { @for link in rows { (station(link)) } }
            @if rows.iter().any(|link| has_hash(link)) { (hashes(rows)) }
        }
    }
}

fn station(link: &Link) -> Markup {
    let standing = Standing::of(link);
    html! {
        li class=(class_of(standing)) {
            (icon(standing))
            div class="about" {
                h4 { (link.id.id()) }
                p class="state" { (standing.word()) }
                p class="question" { (question(link.id)) }
                (short_hashes(link))
            }
        }
    }
}

/// Two hashes that are the same are shown once.
fn short_hashes(link: &Link) -> Markup {
    let expected = link.expected_sha256.as_deref().map(short);
    let found = link.found_sha256.as_deref().map(short);
    html! {
        @match (expected, found) {
            (None, None) => {}
            (Some(_), Some(found)) if link.expected_sha256 == link.found_sha256 => {
                dl class="hash" { dt { "expected = found" } dd { (found) } }
            }
            (expected, found) => {
                dl class="hash" {
                    @if let Some(expected) = expected { dt { "expected" } dd { (expected) } }
                    @if let Some(found) = found { dt { "found" } dd { (found) } }
                }
            }
        }
    }
}

/// The first twelve digits: enough to tell two files apart by eye.
fn short(hex: &str) -> &str {
    hex.get(..12).unwrap_or(hex)
}

fn hashes(rows: &[&Link]) -> Markup {
    html! {
        details {
            summary { "Hashes in full" }
            div class="scroll" tabindex="0" role="region" aria-label="Hashes in full" {
                table {
                    thead {
                        tr {
                            th scope="col" { "link" }
                            th scope="col" { "expected SHA-256" }
                            th scope="col" { "found SHA-256" }
                        }
                    }
                    tbody {
                        @for link in rows.iter().filter(|link| has_hash(link)) {
                            tr {
                                th scope="row" { (link.id.id()) }
                                td { (full(link.expected_sha256.as_deref())) }
                                td { (full(link.found_sha256.as_deref())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn full(hash: Option<&str>) -> Markup {
    html! { @match hash { Some(hex) => { (value(hex)) } None => { "–" } } }
}

fn has_hash(link: &Link) -> bool {
    link.expected_sha256.is_some() || link.found_sha256.is_some()
}

/// What the link asks, for a reader who meets it for the first time.
const fn question(id: LinkId) -> &'static str {
    match id {
        LinkId::Artefact => "is the release a Dart snapshot?",
        LinkId::Rebuild => "do the sources give the released library?",
        LinkId::Compatibility => "does the released engine run both?",
        LinkId::Base => "was the patch made for this release?",
        LinkId::Inflate => "do release and patch give the patched build?",
        LinkId::Surroundings => "did nothing else change?",
        LinkId::Statements => "do the signatures hold?",
        LinkId::Rehearsal => "does a simulated device take it?",
    }
}
