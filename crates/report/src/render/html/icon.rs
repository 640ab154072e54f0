//! One shape for each standing, so that a reader who sees no colours sees the same.

use maud::{Markup, PreEscaped, html};

use crate::finding::{Finding, Severity};
use crate::render::view::Standing;

/// The shape of a standing; the word stands beside it, so that it is hidden from being read out.
pub(super) fn icon(standing: Standing) -> Markup {
    drawing(match standing {
        Standing::Held => HELD,
        Standing::Equivalent => EQUIVALENT,
        Standing::Broken => BROKEN,
        Standing::Undecided => UNDECIDED,
        Standing::Missing => MISSING,
        Standing::NotAsked => NOT_ASKED,
    })
}

/// The shape of a finding: what breaks a link looks as the broken link.
pub(super) fn finding_icon(finding: &Finding) -> Markup {
    drawing(match finding.severity {
        Severity::Error if finding.rule.is_equivalence() => EQUIVALENT,
        Severity::Error => BROKEN,
        Severity::Undecided => UNDECIDED,
        Severity::Warning => MISSING,
        Severity::Note => NOTE,
    })
}

fn drawing(paths: &'static str) -> Markup {
    html! {
        svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            (PreEscaped(paths))
        }
    }
}

const HELD: &str = "<circle class=\"body\" cx=\"12\" cy=\"12\" r=\"11\"/>\
    <path class=\"glyph\" d=\"M6.8 12.6l3.5 3.5 7-7.6\"/>";

const BROKEN: &str = "\
    <path class=\"body\" d=\"M7.6 1.2h8.8l6.4 6.4v8.8l-6.4 6.4H7.6l-6.4-6.4V7.6z\"/>\
    <path class=\"glyph\" d=\"M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6\"/>";

const EQUIVALENT: &str = "\
    <rect class=\"body\" x=\"1.5\" y=\"1.5\" width=\"21\" height=\"21\" rx=\"5\"/>\
    <path class=\"glyph\" d=\"M6.5 9.8c2-2.4 3.6-1.6 5.5-.4s3.5 2 5.5-.4\
    M6.5 15.2c2-2.4 3.6-1.6 5.5-.4s3.5 2 5.5-.4\"/>";

const UNDECIDED: &str = "<path class=\"body\" d=\"M12 .4L23.6 12 12 23.6.4 12z\"/>\
    <path class=\"glyph\" d=\"M9.3 9.4c.2-1.8 1.3-2.7 2.8-2.7 1.6 0 2.8 1 2.8 2.5 0 2-2.8 2.2\
    -2.8 4.3\
    M12.1 17v.1\"/>";

const MISSING: &str = "<path class=\"body\" d=\"M12 1.4L23.4 22H.6z\"/>\
    <path class=\"glyph\" d=\"M12 9v6M12 18.6v.1\"/>";

const NOT_ASKED: &str = "<circle class=\"hollow\" cx=\"12\" cy=\"12\" r=\"10.4\"/>\
    <path class=\"stroke\" d=\"M8.5 12h7\"/>";

const NOTE: &str = "<circle class=\"body\" cx=\"12\" cy=\"12\" r=\"11\"/>\
    <path class=\"glyph\" d=\"M12 11v6.2M12 7v.1\"/>";
