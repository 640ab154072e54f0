//! What was written or compiled otherwise: other texts, another order, made-up names.

use patchproof_report::Certainty::{Likely, Possible};
use patchproof_report::Rule;
use patchproof_testkit::made::MadeSnapshot;

use crate::pairs::{android, assert_causes, causes, explained, saying, with};

const SOURCES: Rule = Rule::CauseOtherSources;
const ORDER: Rule = Rule::CauseNotDeterministic;
const OBFUSCATION: Rule = Rule::CauseObfuscation;

#[test]
fn a_text_that_came_shows_other_sources() {
    let old = saying(android(), &["1.0.0", "a text"]);
    let new = saying(android(), &["1.0.1", "a text"]);
    assert_causes(&old.build(), &new.build(), &[(SOURCES, Likely)]);
}

#[test]
fn texts_that_came_and_went_are_listed_in_their_full_length() {
    let old = saying(android(), &["1.0.0", "a text of fifteen", "stays"]).build();
    let new = saying(android(), &["a text of fifteen!", "1.0.1", "stays"]).build();
    let difference = explained(&old, &new).difference;
    assert_eq!(difference.strings_gone, ["1.0.0", "a text of fifteen"]);
    assert_eq!(difference.strings_new, ["1.0.1", "a text of fifteen!"]);
}

#[test]
fn a_name_that_came_while_the_order_stayed_shows_other_sources() {
    let names: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| *name != "name17")
        .collect();
    let old = stripped(saying(android(), &names));
    let new = stripped(saying(android(), &NAMES));
    assert_causes(&old.build(), &new.build(), &[(SOURCES, Likely)]);
}

#[test]
fn the_same_texts_in_another_order_show_another_order_and_no_other_sources() {
    let mut turned = NAMES;
    turned.reverse();
    let (old, new) = (saying(android(), &NAMES), saying(android(), &turned));
    assert_causes(&old.build(), &new.build(), &[(ORDER, Likely)]);
}

#[test]
fn a_few_texts_that_moved_are_no_other_order() {
    let mut turned = NAMES;
    turned.swap(3, 4);
    let (old, new) = (saying(android(), &NAMES), saying(android(), &turned));
    let causes = causes(&old.build(), &new.build());
    assert!(causes.iter().all(|(rule, _)| *rule != ORDER), "{causes:?}");
}

#[test]
fn another_order_is_only_possible_beside_a_text_that_came() {
    let mut turned = NAMES;
    turned.reverse();
    turned[0] = "a text, and not a name";
    let (old, new) = (saying(android(), &NAMES), saying(android(), &turned));
    assert_causes(
        &old.build(),
        &new.build(),
        &[(SOURCES, Likely), (ORDER, Possible)],
    );
}

#[test]
fn a_name_that_came_in_another_order_may_be_of_other_sources_where_functions_have_no_names() {
    let mut turned = NAMES;
    turned.reverse();
    turned[0] = "anotherName";
    let old = stripped(saying(android(), &NAMES));
    let new = stripped(saying(android(), &turned));
    assert_causes(
        &old.build(),
        &new.build(),
        &[(ORDER, Likely), (SOURCES, Possible)],
    );
}

#[test]
fn short_names_on_one_side_only_are_obfuscation() {
    let obfuscated = short_names();
    let obfuscated: Vec<&str> = obfuscated.iter().map(|name| &**name).collect();
    let (old, new) = (saying(android(), &NAMES), saying(android(), &obfuscated));
    assert_causes(&old.build(), &new.build(), &[(OBFUSCATION, Likely)]);
}

#[test]
fn short_names_on_both_sides_are_not_told_as_obfuscation() {
    let names = short_names();
    let old: Vec<&str> = names.iter().map(|name| &**name).collect();
    let new: Vec<&str> = old.iter().copied().chain(["Other text"]).collect();
    let (old, new) = (saying(android(), &old), saying(android(), &new));
    assert_causes(&old.build(), &new.build(), &[(SOURCES, Likely)]);
}

#[test]
fn a_few_short_names_are_not_told_as_obfuscation() {
    let old = saying(android(), &NAMES[..30]);
    let new = saying(android(), &["a", "b", "c", "d", "e"]);
    let causes = causes(&old.build(), &new.build());
    assert!(
        causes.iter().all(|(rule, _)| *rule != OBFUSCATION),
        "{causes:?}"
    );
}

#[test]
fn other_contents_with_another_build_id_may_be_of_other_sources() {
    let new = android().with_payload_seed(9);
    assert_causes(&android().build(), &new.build(), &[(SOURCES, Possible)]);
}

#[test]
fn other_contents_under_the_same_build_id_have_no_known_cause() {
    let new = with(android(), |it| it.isolate.payload[9] ^= 1).build();
    let causes = explained(&android().build(), &new).causes;
    let [cause] = &*causes else {
        panic!("{causes:?}");
    };
    assert_eq!((cause.rule, cause.certainty), (Rule::CauseUnknown, None));
    assert!(
        cause.message.contains("carry the same build id"),
        "{}",
        cause.message
    );
}

#[test]
fn texts_of_a_snapshot_with_compressed_pointers_are_found_where_they_are_packed() {
    let features = "product arm64 android compressed-pointers";
    let with_texts = |texts: &[&str]| {
        let packed: Vec<u8> = texts.iter().flat_map(|text| packed(text)).collect();
        let made = with(android().with_features(features), |it| {
            it.isolate.payload.extend(packed);
        });
        made.build()
    };
    let mut others = NAMES;
    others[40] = "a text, and not a name";
    let (old, new) = (with_texts(&NAMES), with_texts(&others));
    let difference = explained(&old, &new).difference;
    assert_eq!(difference.strings_gone, ["name40"]);
    assert_eq!(difference.strings_new, ["a text, and not a name"]);
}

/// Twice the length in seven bits, with the mark that it ends here; then the characters.
fn packed(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x80 + u8::try_from(2 * text.len()).unwrap()];
    bytes.extend(text.as_bytes());
    bytes
}

fn stripped(made: MadeSnapshot) -> MadeSnapshot {
    with(made, |it| it.stripped = true)
}

/// As many names as there are plain ones, counted up as the compiler does.
fn short_names() -> Vec<String> {
    let letters = || 'a'..='z';
    let pairs = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    pairs.take(NAMES.len()).collect()
}

const NAMES: [&str; 80] = [
    "name00", "name01", "name02", "name03", "name04", "name05", "name06", "name07", "name08",
    "name09", "name10", "name11", "name12", "name13", "name14", "name15", "name16", "name17",
    "name18", "name19", "name20", "name21", "name22", "name23", "name24", "name25", "name26",
    "name27", "name28", "name29", "name30", "name31", "name32", "name33", "name34", "name35",
    "name36", "name37", "name38", "name39", "name40", "name41", "name42", "name43", "name44",
    "name45", "name46", "name47", "name48", "name49", "name50", "name51", "name52", "name53",
    "name54", "name55", "name56", "name57", "name58", "name59", "name60", "name61", "name62",
    "name63", "name64", "name65", "name66", "name67", "name68", "name69", "name70", "name71",
    "name72", "name73", "name74", "name75", "name76", "name77", "name78", "name79",
];
