//! Attacks on documents themselves: stripped, forged, doubled, confused, written in a second form.

use patchproof_trust::{Flaw, Kind, Refusal, Sign, pre_authentication_encoding};
use serde_json::{Value, json};

use crate::world::*;

fn honest() -> Vec<u8> {
    signed(&patch(3), &["p", "q"])
}

fn standing(envelope: &[u8]) -> Refusal {
    ask_standing(&remembered(), envelope).unwrap_err()
}

/// The honest envelope after a change to its JSON, written compactly and in order.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut json: Value = serde_json::from_slice(&honest()).unwrap();
    change(&mut json);
    serde_json_canonicalizer::to_vec(&json).unwrap()
}

/// An envelope of this payload whose signatures are right, as a publisher with other tools makes
/// it.
fn signed_as_is(payload: &str) -> Vec<u8> {
    let message = pre_authentication_encoding(Kind::Patch.payload_type(), payload.as_bytes());
    let mut keys = ["p", "q"].map(key);
    keys.sort_by_key(|key| key.public_key().id());
    let signatures = keys.map(|key| {
        let signature = data_encoding::BASE64.encode(&key.sign(&message).unwrap());
        json!({ "keyid": key.public_key().id(), "sig": signature })
    });
    let payload = data_encoding::BASE64.encode(payload.as_bytes());
    let envelope = json!({
        "payload": payload,
        "payloadType": Kind::Patch.payload_type(),
        "signatures": signatures,
    });
    serde_json_canonicalizer::to_vec(&envelope).unwrap()
}

fn payload() -> String {
    String::from_utf8(payload_of(&honest())).unwrap()
}

#[test]
fn the_other_tool_of_these_tests_makes_envelopes_that_are_taken() {
    assert!(ask_standing(&remembered(), &signed_as_is(&payload())).is_ok());
}

#[test]
fn a_stripped_signature_is_refused() {
    let stripped = changed(|json| json["signatures"] = json!([]));
    assert_eq!(standing(&stripped), Refusal::Unsigned { kind: Kind::Patch });
}

#[test]
fn one_of_two_signatures_stripped_is_refused() {
    let stripped = changed(|json| drop(json["signatures"].as_array_mut().unwrap().pop()));
    assert_eq!(standing(&stripped), too_few(Kind::Patch, 1, 1));
}

#[test]
fn a_bare_payload_is_no_envelope() {
    assert!(matches!(
        standing(payload().as_bytes()),
        Refusal::Malformed { .. }
    ));
}

#[test]
fn one_key_that_signs_twice_counts_for_nothing() {
    let doubled = changed(|json| {
        let list = json["signatures"].as_array_mut().unwrap();
        list[1] = list[0].clone();
    });
    assert!(matches!(
        standing(&doubled),
        Refusal::DuplicateSigner { .. }
    ));
}

#[test]
fn a_signature_under_another_keys_name_is_refused() {
    let swapped = changed(|json| {
        let list = json["signatures"].as_array_mut().unwrap();
        let sig = list[0]["sig"].clone();
        list[0]["sig"] = list[1]["sig"].clone();
        list[1]["sig"] = sig;
    });
    assert!(matches!(standing(&swapped), Refusal::BadSignature { .. }));
}

#[test]
fn signatures_in_another_order_are_refused() {
    let reversed = changed(|json| json["signatures"].as_array_mut().unwrap().reverse());
    assert!(matches!(standing(&reversed), Refusal::Invalid { .. }));
}

#[test]
fn a_statement_of_one_kind_does_not_pass_for_another() {
    let expected = Refusal::WrongType {
        expected: Kind::Channel,
        found: Kind::Patch.payload_type().into(),
    };
    assert_eq!(ask_channel(&remembered(), &honest()), Err(expected));
}

#[test]
fn a_relabelled_statement_carries_signatures_over_the_old_label() {
    let channel_as_patch = signed(&channel(1, &[]), &["channel"]);
    let mut json: Value = serde_json::from_slice(&channel_as_patch).unwrap();
    json["payloadType"] = json!(Kind::Root.payload_type());
    let served = serde_json_canonicalizer::to_vec(&json).unwrap();
    assert!(matches!(
        ask_root(&remembered(), &served),
        Err(Refusal::Malformed { .. })
    ));
    let relabelled = changed(|json| json["payloadType"] = json!(Kind::Channel.payload_type()));
    let mut one_key = root();
    one_key.keys = keys(&["a", "b", "p", "q", "s"]);
    one_key.roles.root = role(&["a", "b"], 2);
    one_key.roles.channel = role(&["p", "q"], 2);
    one_key.roles.patch = role(&["s"], 1);
    let refused = ask_channel(&starting_with(&one_key), &relabelled);
    assert!(
        matches!(refused, Err(Refusal::BadSignature { .. })),
        "{refused:?}"
    );
}

#[test]
fn the_next_version_of_a_format_is_not_read_by_this_one() {
    let next = changed(|json| {
        json["payloadType"] = json!("application/vnd.patchproof.patch.v2+json");
    });
    assert!(matches!(standing(&next), Refusal::WrongType { .. }));
}

#[test]
fn an_unknown_field_of_an_envelope_is_refused() {
    let more = changed(|json| json["cert"] = json!("x"));
    assert!(matches!(standing(&more), Refusal::Malformed { .. }));
}

#[test]
fn an_unknown_field_is_critical_even_where_it_is_signed() {
    let more = payload().replacen("{\"app\"", "{\"aaa\":1,\"app\"", 1);
    assert!(matches!(
        standing(&signed_as_is(&more)),
        Refusal::Malformed { .. }
    ));
}

#[test]
fn an_unknown_field_among_the_extensions_is_passed_over() {
    let more = payload().replacen(
        ",\"files\"",
        ",\"extensions\":{\"org.example.build\":\"4711\"},\"files\"",
        1,
    );
    assert!(ask_standing(&remembered(), &signed_as_is(&more)).is_ok());
}

#[test]
fn a_second_form_of_a_signed_payload_is_refused() {
    let honest = payload();
    for (from, to) in [
        ("{\"app\"", "{ \"app\""),
        ("\"number\":3", "\"number\":3,\"number\":3"),
        ("\"number\":3", "\"number\":1,\"number\":3"),
        ("\"number\":3", "\"number\":3.0"),
        ("\"number\":3", "\"number\":3e0"),
        ("\"number\":3", "\"number\":\"3\""),
        ("\"app\":\"com", "\"app\":\"\\u0063om"),
        ("\"app\":\"com", "\"\\u0061pp\":\"com"),
        ("arm64-v8a", "arm64-v8\u{430}"),
        ("{\"app\"", "{\"extensions\":{},\"app\""),
        ("\"data_epoch\":1", "\"data_epoch\":-0"),
        ("\"data_epoch\":1", "\"data_epoch\":null"),
    ] {
        assert_ne!(
            honest.replacen(from, to, 1),
            honest,
            "{from} is in the payload"
        );
        let refused = standing(&signed_as_is(&honest.replacen(from, to, 1)));
        let of_form = matches!(
            refused,
            Refusal::NotCanonical { .. } | Refusal::Malformed { .. }
        );
        assert!(of_form, "{to}: {refused:?}");
    }
}

#[test]
fn a_payload_with_something_behind_it_is_refused() {
    for tail in [" ", "\n", "{}", "\0"] {
        let refused = standing(&signed_as_is(&(payload() + tail)));
        let of_form = matches!(
            refused,
            Refusal::NotCanonical { .. } | Refusal::Malformed { .. }
        );
        assert!(of_form, "{tail:?}: {refused:?}");
    }
}

#[test]
fn integers_beyond_what_every_reader_holds_are_refused() {
    let large = payload().replacen("\"number\":3", "\"number\":9007199254740992", 1);
    assert!(matches!(
        standing(&signed_as_is(&large)),
        Refusal::Malformed { .. }
    ));
}

#[test]
fn an_endless_document_is_refused_before_it_is_read() {
    for (kind, limit_bytes) in [
        (Kind::Root, 512 << 10),
        (Kind::Patch, 1 << 20),
        (Kind::Channel, 64 << 10),
    ] {
        assert_eq!(kind.limit_bytes(), limit_bytes);
    }
    let found_bytes = (1 << 20) + 1;
    let expected = Refusal::TooLarge {
        kind: Kind::Patch,
        found_bytes,
        limit_bytes: 1 << 20,
    };
    assert_eq!(standing(&vec![b' '; found_bytes]), expected);
}

#[test]
fn deep_nesting_ends_in_a_refusal() {
    let deep = "[".repeat(500_000);
    assert!(matches!(
        standing(deep.as_bytes()),
        Refusal::Malformed { .. }
    ));
}

#[test]
fn too_many_signatures_are_refused_before_one_is_checked() {
    let many = changed(|json| {
        let one = json["signatures"][0].clone();
        json["signatures"] = Value::Array(vec![one; 33]);
    });
    assert!(matches!(standing(&many), Refusal::Invalid { .. }));
}

#[test]
fn a_flaw_is_refused_though_enough_keys_signed_it() {
    let zero = payload().replacen("\"number\":3", "\"number\":0", 1);
    let flaw = Flaw::Zero { what: "number" };
    let expected = Refusal::Invalid {
        kind: Kind::Patch,
        flaw,
    };
    assert_eq!(standing(&signed_as_is(&zero)), expected);
}
