//! What is listed is cut to what a person reads, with the whole counts beside it.

use crate::pairs::{android, explained, saying};

#[test]
fn strings_are_listed_up_to_fifty_and_counted_whole() {
    let texts: Vec<String> = (0..120)
        .map(|number| format!("text no. {number:03}"))
        .collect();
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    let (old, new) = (android().build(), saying(android(), &texts).build());
    let difference = explained(&old, &new).difference;
    assert_eq!(
        (difference.strings_new.len(), difference.strings_new_total),
        (50, 120)
    );
    let turned = explained(&new, &old).difference;
    assert_eq!(
        (turned.strings_gone.len(), turned.strings_gone_total),
        (50, 120)
    );
}

#[test]
fn a_long_string_is_cut_and_its_control_characters_are_taken_out() {
    let long = format!("line\nline\t{}", "x".repeat(500));
    let new = saying(android(), &[&long]).build();
    let difference = explained(&android().build(), &new).difference;
    let [shown] = &*difference.strings_new else {
        panic!("{:?}", difference.strings_new);
    };
    assert_eq!(shown.chars().count(), 200);
    assert!(!shown.contains(char::is_control), "{shown:?}");
}
