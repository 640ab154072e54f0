//! Texts as they may stand in a release: markup, ends of markup, controls, overlong names.

use proptest::prelude::*;

use crate::samples;
use patchproof_report::{Finding, Link, LinkId, LinkState, Report, Rule, Severity};

/// Texts that have broken out of a format before.
pub(crate) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(ToString::to_string).collect();
    texts.push("x".repeat(10_000));
    texts.push("|`<\n".repeat(2_500));
    texts.push("\u{0}\u{1}\u{8}\u{b}\u{c}\u{1b}[2J\u{7f}\u{9b}".into());
    texts
}

/// The same text as a report spells it, where it is not too long to be shown whole.
pub(crate) fn spelled(text: &str) -> String {
    let spell = |letter: char| {
        let hidden = letter.is_control()
            || matches!(u32::from(letter), 0x202a..=0x202e | 0x2066..=0x2069 | 0x2028 | 0x2029)
            || HIDDEN.contains(&letter);
        if hidden {
            format!("<U+{:04X}>", u32::from(letter))
        } else {
            letter.to_string()
        }
    };
    text.chars().map(spell).collect()
}

/// Any text, and more often than chance would have it what means something to a format.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        proptest::sample::select(TEXTS).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "|", "`", "\\", "\n", "::", "%", "&", "](", " ", "$", "@a"
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Any report, with any text in its findings.
pub(crate) fn any_report() -> impl Strategy<Value = Report> {
    let finding =
        (0..Rule::all().count(), 0..4_usize, any_text()).prop_map(|(rule, weight, text)| {
            let severities = [
                Severity::Note,
                Severity::Warning,
                Severity::Undecided,
                Severity::Error,
            ];
            Finding::new(Rule::all().nth(rule).unwrap(), &text)
                .weighing(severities[weight])
                .comparing(&text, &text)
                .about(&text)
        });
    let link = (
        0..LinkId::ALL.len(),
        0..4_usize,
        proptest::option::of(proptest::sample::select(vec!["x86", "arm64-v8a", "a:,%b"])),
        proptest::collection::vec(finding, 0..4),
    )
        .prop_map(|(id, state, abi, findings)| {
            let states = [
                LinkState::Held,
                LinkState::Broken,
                LinkState::Undecided,
                LinkState::NotAsked,
            ];
            let link = Link::new(LinkId::ALL[id], abi.map(str::to_owned), states[state]);
            findings.into_iter().fold(link, Link::with_finding)
        });
    proptest::collection::vec(link, 0..16).prop_map(samples::conclude)
}

const TEXTS: &[&str] = &[
    "</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style><script>alert(1)</script>",
    "<!-- --><iframe src=//example.org>",
    "&lt;b&gt; &#60;",
    "{{constructor}} ${x} {0}",
    "a|b\\|c\\\\|d",
    "`code` ``` ~~~",
    "[a](https://example.org) ![b](//example.org/c.png) <https://example.org>",
    "@someone #12 GH-12 $x$ www.example.org",
    "</summary></details># h\n\n- x\n| a |",
    "1. one\n\n# head\n***\n===",
    "%0A::error::x\r\n::error::y",
    "::stop-commands::x",
    "##[error]x",
    "]]><failure/>&amp;",
    "\u{202e}gpj.exe\u{2066}x\u{2069}\u{200f}",
    "\u{5d0}\u{5d1}\u{5d2} \u{627}\u{644}",
    "\u{feff}\u{200b}a\u{2028}b\u{2029}",
    "\u{fffe}\u{ffff}",
    " leading and trailing ",
    "",
];

const HIDDEN: &[char] = &[
    '\u{ad}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{fffe}',
    '\u{ffff}',
];
