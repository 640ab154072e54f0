//! Answers of servers: honest, sloppy and hostile ones.

use proptest::prelude::*;

use super::*;

const HASH: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

fn answer(patch: &str) -> String {
    format!(r#"{{"patch_available":true,"patch":{patch}}}"#)
}

fn patch(number: &str, hash: &str, url: &str) -> String {
    answer(&format!(
        r#"{{"number":{number},"hash":"{hash}","download_url":"{url}"}}"#
    ))
}

fn parse(text: &str) -> Result<CheckAnswer, AnswerError> {
    CheckAnswer::parse(text.as_bytes())
}

#[test]
fn an_offer_is_read_with_a_hash_in_either_case() {
    let found = parse(&patch("3", HASH, "https://cdn.example/p")).expect("an offer");
    let offer = found.offer.expect("an offer");
    assert_eq!(offer.number, 3);
    assert_eq!(hex::encode(offer.sha256), HASH.to_ascii_lowercase());
    assert_eq!(offer.download_url.as_str(), "https://cdn.example/p");
    assert_eq!(offer.hash_signature, None);
    assert!(found.rolled_back.is_empty());
}

#[test]
fn the_signature_is_passed_on_as_it_came() {
    let patch = format!(
        r#"{{"number":1,"hash":"{HASH}","download_url":"https://a/","hash_signature":"c2ln"}}"#
    );
    let offer = parse(&answer(&patch)).expect("an answer").offer;
    assert_eq!(
        offer.expect("an offer").hash_signature.as_deref(),
        Some("c2ln")
    );
}

#[test]
fn no_patch_is_no_offer_with_null_and_without_the_field() {
    for rest in [
        "",
        r#","patch":null"#,
        r#","patch":null,"rolled_back_patch_numbers":null"#,
    ] {
        let found = parse(&format!(r#"{{"patch_available":false{rest}}}"#));
        assert_eq!(found.expect("an answer"), CheckAnswer::default());
    }
}

#[test]
fn a_patch_beside_patch_available_false_is_no_offer_whatever_it_is() {
    for patch in [r#"{"number":0}"#, "7", r#"[1,2]"#] {
        let found = parse(&format!(r#"{{"patch_available":false,"patch":{patch}}}"#));
        assert_eq!(found.expect("an answer").offer, None, "{patch}");
    }
}

#[test]
fn a_promised_patch_that_is_not_there_is_an_error() {
    for text in [
        r#"{"patch_available":true}"#,
        r#"{"patch_available":true,"patch":null}"#,
    ] {
        assert!(matches!(parse(text), Err(AnswerError::NoPatch)), "{text}");
    }
}

#[test]
fn numbers_taken_back_are_told_also_without_an_offer() {
    let found = parse(r#"{"patch_available":false,"rolled_back_patch_numbers":[5,2,5]}"#);
    assert_eq!(
        found.expect("an answer").rolled_back,
        BTreeSet::from([2, 5])
    );
}

#[test]
fn a_number_may_be_offered_and_taken_back_in_one_answer() {
    let text = patch("3", HASH, "https://a/").replace(
        "{\"patch_available\"",
        "{\"rolled_back_patch_numbers\":[3],\"patch_available\"",
    );
    let found = parse(&text).expect("an answer");
    assert_eq!(found.rolled_back, BTreeSet::from([3]));
    assert_eq!(found.offer.expect("an offer").number, 3);
}

#[test]
fn the_number_0_is_refused_wherever_it_stands() {
    let offered = parse(&patch("0", HASH, "https://a/"));
    assert!(matches!(
        offered,
        Err(AnswerError::NumberZero {
            field: "patch.number"
        })
    ));
    let taken = parse(r#"{"patch_available":false,"rolled_back_patch_numbers":[1,0]}"#);
    let field = "rolled_back_patch_numbers";
    assert!(matches!(taken, Err(AnswerError::NumberZero { field: found }) if found == field));
}

#[test]
fn numbers_are_whole_and_of_64_bits() {
    let largest = parse(&patch("18446744073709551615", HASH, "https://a/")).expect("an answer");
    assert_eq!(largest.offer.expect("an offer").number, u64::MAX);
    for number in [
        "18446744073709551616",
        "-1",
        "1.5",
        "1e3",
        "\"1\"",
        "null",
        "true",
    ] {
        let found = parse(&patch(number, HASH, "https://a/"));
        assert!(
            matches!(found, Err(AnswerError::Malformed(_))),
            "{number}: {found:?}"
        );
    }
}

#[test]
fn what_is_no_sha256_is_refused_with_the_reason() {
    let hash = |text: &str| match parse(&patch("1", text, "https://a/")) {
        Err(AnswerError::Hash(fault)) => fault,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(hash("#"), HashFault::PlaceHolder);
    assert_eq!(hash(""), HashFault::Length { found_bytes: 0 });
    assert_eq!(hash(&HASH[1..]), HashFault::Length { found_bytes: 63 });
    assert_eq!(hash(&format!("g{}", &HASH[1..])), HashFault::Digits);
    assert_eq!(hash(&"é".repeat(32)), HashFault::Digits);
}

#[test]
fn a_patch_is_not_fetched_without_tls() {
    let found = parse(&patch("1", HASH, "http://cdn.example/p"));
    assert!(matches!(
        found,
        Err(AnswerError::Url(WebUrlError::Insecure { .. }))
    ));
    assert!(parse(&patch("1", HASH, "http://127.0.0.1:8080/p")).is_ok());
}

#[test]
fn fields_that_are_not_known_are_passed_over() {
    let text = patch("1", HASH, "https://a/").replace(
        "\"number\"",
        "\"size\":{\"deep\":[1,{\"number\":2}]},\"number\"",
    );
    assert_eq!(
        parse(&text)
            .expect("an answer")
            .offer
            .expect("an offer")
            .number,
        1
    );
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    let good = patch("1", HASH, "https://a/");
    for (once, twice) in [
        (
            "\"patch_available\":true",
            "\"patch_available\":true,\"patch_available\":true",
        ),
        ("\"number\":1", "\"number\":1,\"number\":1"),
        ("\"patch\":", "\"patch\":null,\"patch\":"),
    ] {
        assert!(good.contains(once));
        let found = parse(&good.replace(once, twice));
        assert!(
            matches!(found, Err(AnswerError::Malformed(_))),
            "{twice}: {found:?}"
        );
    }
}

#[test]
fn an_array_of_the_fields_values_is_no_object() {
    for text in [
        r#"[false,[1]]"#.to_owned(),
        answer(&format!(r#"[1,"{HASH}","https://a/",null]"#)),
        String::from("null"),
        String::from("{}"),
        String::new(),
        format!("{} ", patch("1", HASH, "https://a/")) + "{}",
    ] {
        let found = parse(&text);
        assert!(
            matches!(found, Err(AnswerError::Malformed(_))),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn size_and_lists_are_bounded() {
    let padded = format!(
        r#"{{"patch_available":false,"x":"{}"}}"#,
        "y".repeat(ANSWER_BYTES_MAX)
    );
    assert!(matches!(parse(&padded), Err(AnswerError::TooLarge { .. })));
    let list = |count: usize| {
        let numbers = vec!["1"; count].join(",");
        parse(&format!(
            r#"{{"patch_available":false,"rolled_back_patch_numbers":[{numbers}]}}"#
        ))
    };
    assert!(list(ROLLED_BACK_MAX).is_ok());
    let found = list(ROLLED_BACK_MAX + 1);
    assert!(matches!(found, Err(AnswerError::TooManyRolledBack { .. })));
    let signature = "s".repeat(SIGNATURE_BYTES_MAX + 1);
    let patch = format!(
        r#"{{"number":1,"hash":"{HASH}","download_url":"https://a/","hash_signature":"{signature}"}}"#
    );
    assert!(matches!(
        parse(&answer(&patch)),
        Err(AnswerError::SignatureTooLong { .. })
    ));
}

#[test]
fn nesting_without_end_is_an_error_and_no_overflow() {
    let deep = format!(r#"{{"patch_available":false,"x":{}"#, "[".repeat(200_000));
    assert!(matches!(parse(&deep), Err(AnswerError::Malformed(_))));
}

proptest! {
    #[test]
    fn a_changed_answer_never_panics_and_never_offers_the_number_0(
        position in 0_usize..200, with in any::<u8>(),
    ) {
        let mut bytes = patch("1", HASH, "https://a.example/x").into_bytes();
        let position = position % bytes.len();
        bytes[position] = with;
        if let Ok(CheckAnswer { offer: Some(offer), .. }) = CheckAnswer::parse(&bytes) {
            prop_assert_ne!(offer.number, 0);
        }
    }
}
