//! Documents that are nearly right: the device's own, edited node by node and byte by byte.

use patchproof_lifecycle::GenerationId;
use serde_json::{Value, json};

use super::Scene;
use crate::fuzz::choices::Choices;
use crate::fuzz::json_edits::edit_json;
use crate::phone::Library;

/// One of the device's own documents with some of its nodes changed, and at times its bytes.
pub(super) fn edited(scene: &Scene, choices: &mut Choices<'_>) -> Vec<u8> {
    let text = match choices.one_in(4) {
        true => scene.earlier(choices),
        false => scene.newest(),
    };
    let mut document: Value = serde_json::from_slice(text).unwrap_or_default();
    // Each edit is likely to make what is left unreadable: half of the documents have one alone.
    let more = match choices.flag() {
        true => 0,
        false => choices.below(5),
    };
    for _ in 0..=more {
        match choices.one_in(3) {
            true => claim(&mut document, scene, choices),
            false => edit_json(&mut document, &|choices| word(scene, choices), choices),
        }
    }
    let mut text = document.to_string().into_bytes();
    if choices.one_in(6) {
        let at = choices.below(text.len());
        let count = choices.below(4);
        let end = (at + count).min(text.len());
        text.splice(at..end, choices.bytes(8).iter().copied());
    }
    text
}

/// Names a content as what boots, with a record and a voucher that were made for something else.
fn claim(document: &mut Value, scene: &Scene, choices: &mut Choices<'_>) {
    let id = id(choices).to_string();
    let voucher = scene.vouchers.get(choices.below(scene.vouchers.len() + 1));
    let number = choices.pick(&[3, 2, 1, 9, 0, u64::MAX]);
    let is_proven = choices.flag();
    if let Some(state) = document.get_mut("lifecycle").and_then(Value::as_object_mut) {
        let record = json!({
            "number": number, "data_epoch": 0, "reads_data_epoch": 0, "proven": is_proven,
            "crashes": choices.byte() % 3, "unfinished": choices.byte() % 4, "recent": [],
        });
        if let Some(installed) = state.get_mut("installed").and_then(Value::as_object_mut) {
            installed.insert(id.clone(), record);
        }
        let pointer = choices.pick(&["candidate", "proven"]);
        state.insert(pointer.to_owned(), Value::from(id.clone()));
    }
    if let (Some(voucher), Some(document)) = (voucher, document.as_object_mut()) {
        let vouchers = document.entry("vouchers").or_insert_with(|| json!({}));
        if let Some(vouchers) = vouchers.as_object_mut() {
            vouchers.insert(id, Value::from(voucher.as_str()));
        }
    }
}

/// Names that mean something somewhere in a document, and any others.
fn word(scene: &Scene, choices: &mut Choices<'_>) -> String {
    match choices.below(6) {
        0 | 1 => id(choices).to_string(),
        2 => choices.below(12).to_string(),
        3 => scene
            .vouchers
            .get(choices.below(4))
            .cloned()
            .unwrap_or_default(),
        4 => String::from_utf8_lossy(choices.pick(WORDS)).into_owned(),
        _ => String::from_utf8_lossy(choices.bytes(70)).into_owned(),
    }
}

fn id(choices: &mut Choices<'_>) -> GenerationId {
    match choices.below(8) {
        7 => GenerationId::of_bytes([choices.byte(); 32]),
        content => Library::patched(0, u8::try_from(content % 5).unwrap_or(0)).id,
    }
}

pub(super) const WORDS: &[&[u8]] = &[
    b"known_bad",
    b"crashed",
    b"set_aside",
    b"unfinished_boots",
    b"candidate",
    b"proven",
    b"installed",
    b"tokens",
    b"lifecycle",
    b"rolled_back",
    b"floor",
    b"lost",
    b"trust",
    b"vouchers",
    b"looks",
    b"data_epoch",
];
