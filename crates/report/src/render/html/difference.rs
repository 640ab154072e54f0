//! How two libraries differ: numbers, a map of the bytes, and the tables below it.

use maud::{Markup, html};

use crate::difference::Difference;
use crate::link::Link;
use crate::render::html::text::value;
use crate::render::html::{map, tables};
use crate::render::plain::grouped;
use crate::render::view::abi_name;

/// Everything that is known of a difference.
pub(super) fn section(link: &Link) -> Markup {
    let abi = abi_name(link.abi.as_deref());
    html! {
        @if let Some(difference) = &link.difference {
            article class="difference" {
                h3 { (link.id.id()) ", " (value(&abi)) }
                (facts(difference))
                (map::map(difference))
                (tables::regions(difference))
                (tables::functions(difference))
                (tables::strings(difference))
            }
        }
    }
}

fn facts(difference: &Difference) -> Markup {
    let differing = difference.differing_bytes();
    html! {
        dl class="facts" {
            div {
                dt { "bytes that differ" }
                dd {
                    (grouped(differing))
                    small { (share(differing, difference.expected_size_bytes)) }
                }
            }
            div {
                dt { "regions that differ" }
                dd { (difference.differing().count()) small { "of " (difference.regions.len()) } }
            }
            div {
                dt { "functions that differ" }
                @if difference.functions_named {
                    dd { (grouped(difference.functions_total)) }
                } @else {
                    dd { "–" small { "the libraries carry no names" } }
                }
            }
            div {
                dt { "strings gone and new" }
                dd {
                    (grouped(difference.strings_gone_total)) " / "
                    (grouped(difference.strings_new_total))
                }
            }
        }
        dl class="compared" {
            dt { "expected" }
            dd {
                (value(&difference.expected_name))
                " " span class="soft" { (grouped(difference.expected_size_bytes)) " bytes" }
            }
            dt { "found" }
            dd {
                (value(&difference.found_name))
                " " span class="soft" { (grouped(difference.found_size_bytes)) " bytes" }
            }
        }
    }
}

/// A share in words: nothing that differs may read as 0 %, and nothing equal as 100 %.
pub(super) fn share(part: u64, whole: u64) -> String {
    let permille = u128::from(part) * 1000 / u128::from(whole.max(1));
    match permille {
        _ if part == 0 => "0 %".to_owned(),
        0 => "< 0.1 %".to_owned(),
        _ => format!("{}.{} %", permille / 10, permille % 10),
    }
}
