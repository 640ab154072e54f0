//! What is canonical, and what is signed, by second means: two JSON readers beside ours, and a
//! second Ed25519.

mod ed25519;
mod second_json;

use patchproof_trust::{
    ChannelStatement, Kind, PatchStatement, Payload, Refusal, Root, Unverified,
};
use serde_json::Value;

use self::second_json::is_canonical;
use super::choices::Choices;
use super::documents::{self, documents};
use super::{Reached, Target};

/// Legal differences: `is_left_out_here`, `is_sorted_here` and
/// `ed25519::ring_is_more_generous`.
pub static TARGET: Target = Target {
    name: "statement_differential",
    about: "other readers agree on what is canonical JSON, and ring on what is signed",
    depth: "a document was read or refused for its form alone, or a signature looked at",
    run,
    seeds,
    dictionary: documents::DICTIONARY,
    bytes_max: 4 << 10,
};

fn run(data: &[u8]) -> Reached {
    if data.starts_with(b"{") {
        let kinds = [Kind::Root, Kind::Patch, Kind::Channel];
        let deep = kinds.map(|kind| hold(kind, data));
        return reached(deep.contains(&true));
    }
    let mut choices = Choices::new(data);
    match choices.below(3) {
        0 => reached(ed25519::hold(&mut choices)),
        _ => {
            let (document, payload) = documents::edited(&mut choices);
            reached(hold(document.kind, &payload))
        }
    }
}

const fn reached(deep: bool) -> Reached {
    match deep {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// How our reader takes a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ours {
    /// It is read, or says what makes no sense in its one form.
    Canonical,
    /// It says what a payload of this kind says, in another form.
    OtherForm,
    /// It is none of this kind.
    Malformed,
}

fn hold(kind: Kind, payload: &[u8]) -> bool {
    let ours = match kind {
        Kind::Root => ours::<Root>(payload),
        Kind::Patch => ours::<PatchStatement>(payload),
        Kind::Channel => ours::<ChannelStatement>(payload),
    };
    agree(ours, payload);
    ours != Ours::Malformed
}

fn ours<T: Payload>(payload: &[u8]) -> Ours {
    // The envelope is in its one form, so whatever is refused is refused for its payload.
    let envelope = documents::envelope(T::KIND, payload);
    match Unverified::<T>::read(&envelope) {
        Ok(_) | Err(Refusal::Invalid { .. }) => Ours::Canonical,
        Err(Refusal::NotCanonical { .. }) => Ours::OtherForm,
        Err(_) => Ours::Malformed,
    }
}

/// Holds our reader against one that knows the grammar alone, and one that writes RFC 8785.
fn agree(ours: Ours, payload: &[u8]) {
    let by_grammar = is_canonical(payload);
    let by_writer = written_again(payload).is_some_and(|written| written == payload);
    match ours {
        Ours::Canonical => {
            assert!(by_grammar, "by its grammar it is not canonical");
            assert!(by_writer, "RFC 8785 writes it in another way");
        }
        Ours::OtherForm if by_grammar || by_writer => {
            let value = serde_json::from_slice(payload).unwrap_or_default();
            let legal = is_left_out_here(&value) || is_sorted_here(&value);
            assert!(legal, "others call it canonical");
        }
        Ours::OtherForm | Ours::Malformed => {}
    }
}

/// The same value as a second writer of RFC 8785 writes it.
fn written_again(payload: &[u8]) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    serde_json_canonicalizer::to_vec(&value).ok()
}

/// Fields without a value are left out here: RFC 8785 writes `null` and an empty object too.
fn is_left_out_here(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(is_left_out_here),
        Value::Object(fields) => fields.is_empty() || fields.values().any(is_left_out_here),
        _ => false,
    }
}

/// Sets are written in ascending order here, nothing twice: RFC 8785 knows lists only.
fn is_sorted_here(value: &Value) -> bool {
    match value {
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            !texts.is_sorted_by(|a, b| a < b) || items.iter().any(is_sorted_here)
        }
        Value::Object(fields) => fields.values().any(is_sorted_here),
        _ => false,
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = ed25519::seeds();
    for (document, index) in documents().iter().zip(0_u8..) {
        seeds.push((format!("{}.json", document.name), document.payload.clone()));
        for kind in 1..8_u8 {
            let edits = vec![
                1,
                index,
                0,
                20 + kind * 3,
                kind + 4,
                4,
                kind,
                0,
                40,
                1,
                9,
                3,
            ];
            seeds.push((format!("{}-edited-{kind}", document.name), edits));
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 20);
    }

    #[test]
    #[should_panic(expected = "by its grammar it is not canonical")]
    fn a_second_form_that_is_taken_would_be_found() {
        agree(Ours::Canonical, br#"{"b":1,"a":2}"#);
    }

    #[test]
    #[should_panic(expected = "others call it canonical")]
    fn a_first_form_that_is_refused_would_be_found() {
        agree(Ours::OtherForm, br#"{"a":1,"b":2}"#);
    }
}
