//! The colours of the HTML report: text is readable on what it stands on, in light and in dark.

use std::collections::BTreeMap;

use patchproof_report::report_html;

use crate::page::Page;
use crate::samples;

type Palette = BTreeMap<String, [u8; 3]>;

/// The colours of the first `:root` block behind a mark.
fn palette(style: &str, mark: &str) -> Palette {
    let (_, rest) = style.split_once(mark).unwrap();
    let (_, rest) = rest.split_once(":root {").unwrap();
    let (block, _) = rest.split_once('}').unwrap();
    let colour = |line: &str| {
        let (name, hex) = line.trim().strip_prefix("--")?.split_once(": #")?;
        let hex = hex.trim_end_matches(';');
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        Some((name.to_owned(), [part(0), part(2), part(4)]))
    };
    block.split(';').filter_map(colour).collect()
}

/// The ratio of WCAG 2.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let linear = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn style() -> String {
    let page = Page::parse(&report_html(&samples::broken()));
    page.named("style").remove(0).text
}

const TONES: [&str; 7] = [
    "held",
    "equivalent",
    "broken",
    "undecided",
    "missing",
    "not-asked",
    "note",
];

#[test]
fn every_text_has_the_contrast_of_level_aa_in_both_schemes() {
    let style = style();
    for (scheme, mark) in [("light", ""), ("dark", "prefers-color-scheme: dark")] {
        let palette = palette(&style, mark);
        let check = |text: &str, ground: &str| {
            let ratio = contrast(palette[text], palette[ground]);
            assert!(ratio >= 4.5, "{scheme}: {text} on {ground} is {ratio:.2}");
        };
        for ground in ["page", "card", "wash"] {
            check("ink", ground);
            check("soft", ground);
        }
        for tone in TONES {
            check(tone, "card");
            check("on", tone);
        }
    }
}

#[test]
fn the_verdict_is_white_on_tones_that_carry_it() {
    let style = style();
    for tone in ["held", "equivalent", "broken", "undecided"] {
        let rule = format!(".verdict.{tone} {{ --tone: #");
        let (_, rest) = style.split_once(&rule).unwrap();
        let part = |at: usize| u8::from_str_radix(&rest[at..at + 2], 16).unwrap();
        let ratio = contrast([255; 3], [part(0), part(2), part(4)]);
        assert!(ratio >= 4.5, "{tone}: {ratio:.2}");
    }
}
