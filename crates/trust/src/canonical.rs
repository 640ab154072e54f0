//! One value, one run of bytes: JSON as RFC 8785 writes it, of a subset that needs no escapes.
//!
//! Reading is strict by one rule: what was read is written again, and must be the same bytes. So
//! there is no second reading of a document by spaces, order, escapes, repeated names or ways to
//! write a number, and nobody has to think of them all.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::word::is_plain;

/// Reads a document that was written by [`write`].
pub(crate) fn read<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, Unreadable> {
    let malformed = |reason: String| Unreadable::Malformed { reason };
    let value: T = serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?;
    let again = write(&value).map_err(|unwritable| malformed(unwritable.to_string()))?;
    match first_difference(bytes, &again) {
        None => Ok(value),
        Some(at_byte) => Err(Unreadable::NotCanonical { at_byte }),
    }
}

/// Why bytes are no canonical document of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Malformed { reason: String },
    NotCanonical { at_byte: usize },
}

/// The one form of a value.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Unwritable> {
    let value = serde_json::to_value(value).map_err(|_| Unwritable::NoJson)?;
    let mut out = Vec::new();
    put(&value, &mut out)?;
    Ok(out)
}

/// Why a value has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unwritable {
    #[error("it is no JSON")]
    NoJson,
    #[error("null has no place in it: leave the field out")]
    Null,
    #[error("{0} is not an integer of 0 to 2^53 - 1")]
    Number(String),
    #[error("a text in it needs an escape or is not ASCII")]
    Text,
}

fn put(value: &Value, out: &mut Vec<u8>) -> Result<(), Unwritable> {
    match value {
        Value::Null => return Err(Unwritable::Null),
        Value::Bool(true) => out.extend(b"true"),
        Value::Bool(false) => out.extend(b"false"),
        Value::Number(number) => match number.as_u64() {
            Some(number) if number <= LARGEST_INTEGER => out.extend(number.to_string().bytes()),
            _ => return Err(Unwritable::Number(number.to_string())),
        },
        Value::String(text) => put_text(text, out)?,
        Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                separate(index, out);
                put(value, out)?;
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            // The map may keep the order of insertion, if some other crate asks serde_json for it.
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_bytes());
            out.push(b'{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                separate(index, out);
                put_text(name, out)?;
                out.push(b':');
                put(value, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) -> Result<(), Unwritable> {
    if !text.chars().all(is_plain) {
        return Err(Unwritable::Text);
    }
    out.push(b'"');
    out.extend(text.bytes());
    out.push(b'"');
    Ok(())
}

fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    let same = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    (same < left.len() || same < right.len()).then_some(same)
}

/// 2^53 - 1: up to here every JSON reader takes an integer for the same number.
pub(crate) const LARGEST_INTEGER: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Map = BTreeMap<String, u64>;

    fn read_map(text: &str) -> Result<Map, Unreadable> {
        read(text.as_bytes())
    }

    #[test]
    fn what_is_canonical_is_read() {
        assert_eq!(read_map(r#"{"a":1,"b":2}"#).unwrap().len(), 2);
    }

    #[test]
    fn a_second_form_of_the_same_value_is_refused() {
        for text in [
            r#"{"b":2,"a":1}"#,
            r#"{"a":1, "b":2}"#,
            "{\"a\":1,\"b\":2}\n",
            " {\"a\":1,\"b\":2}",
            r#"{"\u0061":1,"b":2}"#,
            r#"{"a":1,"a":1,"b":2}"#,
            r#"{"a":9,"a":1,"b":2}"#,
        ] {
            let refused = read_map(text);
            assert!(
                matches!(refused, Err(Unreadable::NotCanonical { .. })),
                "{text}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_number_has_one_form() {
        for number in [
            "1.0",
            "1e0",
            "-0",
            "01",
            "+1",
            "-1",
            "9007199254740992",
            "1E0",
            "\"1\"",
        ] {
            let refused = read_map(&format!("{{\"a\":{number}}}"));
            assert!(
                matches!(refused, Err(Unreadable::Malformed { .. })),
                "{number}: {refused:?}"
            );
        }
        assert!(read_map("{\"a\":9007199254740991}").is_ok());
    }

    #[test]
    fn the_refusal_says_where_the_second_form_begins() {
        let expected = Unreadable::NotCanonical { at_byte: 7 };
        assert_eq!(read_map(r#"{"a":1, "b":2}"#), Err(expected));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (0..=LARGEST_INTEGER).prop_map(Value::from),
            "[ !#-\\[\\]-~]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[ !#-\\[\\]-~]{0,6}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_second_writer_of_rfc_8785_writes_the_same_bytes(value in json()) {
            let theirs = serde_json_canonicalizer::to_vec(&value).unwrap();
            prop_assert_eq!(write(&value).unwrap(), theirs);
        }

        #[test]
        fn no_bytes_make_the_reader_panic_or_are_read_in_two_ways(text in ".{0,40}") {
            if let Ok(map) = read_map(&text) {
                prop_assert_eq!(write(&map).unwrap(), text.into_bytes());
            }
        }
    }
}
