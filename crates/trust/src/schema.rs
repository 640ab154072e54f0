//! The schemas of the documents, as they are checked in under `docs/schemas/`.
//!
//! To renew them after a change: `PATCHPROOF_BLESS=1 cargo test -p patchproof-trust`, then read the
//! difference.

use std::fs;
use std::path::Path;

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use crate::{ChannelStatement, PatchStatement, Root, envelope::Wire};

/// Compares a checked-in schema with what the types say; with `PATCHPROOF_BLESS=1` writes it.
fn checked_in<T: JsonSchema>(name: &str) -> Value {
    let now = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let path = folder.join(format!("{name}.schema.json"));
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &now).unwrap();
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == now,
        "{} is not what the types say; see the top of this test",
        path.display()
    );
    serde_json::from_str(&text).unwrap()
}

/// Holds a pinned document against a schema, with a validator that knows nothing of our types.
fn is_of<T: JsonSchema>(schema: &str, document: &str) {
    let validator = jsonschema::validator_for(&checked_in::<T>(schema)).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let bytes = fs::read(folder.join(document)).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{document}: {problems:#?}");
    let mut more = value.clone();
    more["not-there"] = Value::from(1);
    assert!(
        !validator.is_valid(&more),
        "{schema} takes an unknown field"
    );
}

#[test]
fn a_pinned_root_is_of_the_schema_that_is_checked_in() {
    is_of::<Root>("statement-root", "root-1.payload.json");
    is_of::<Root>("statement-root", "root-2.payload.json");
}

#[test]
fn a_pinned_patch_statement_is_of_the_schema_that_is_checked_in() {
    is_of::<PatchStatement>("statement-patch", "patch.payload.json");
}

#[test]
fn a_pinned_channel_statement_is_of_the_schema_that_is_checked_in() {
    is_of::<ChannelStatement>("statement-channel", "channel.payload.json");
}

#[test]
fn a_pinned_envelope_is_of_the_schema_that_is_checked_in() {
    is_of::<Wire>("statement-envelope", "patch.envelope.json");
}
