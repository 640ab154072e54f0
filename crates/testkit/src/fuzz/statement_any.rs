//! Whatever the bytes, a document, a memory or a key is read or refused, and what is read has no
//! second form.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use patchproof_trust::legacy::{FlutterPatcher, LegacyProfile, Shorebird};
use patchproof_trust::{
    ChannelStatement, Digest, FileName, KeyFile, Kind, PatchStatement, Payload, Refusal,
    Remembered, Root, Sign, SigningKey, Text, Unverified, Word, countersign, kind_of,
    legacy_public_key, read_public_pem, sign, without_strangers, write_plain_pem, write_public_pem,
};

use super::choices::Choices;
use super::documents::{self, documents};
use super::{Reached, Target};

/// The target.
pub static TARGET: Target = Target {
    name: "statement_any",
    about: "what is read as a document, a memory or a key is written as the same bytes",
    depth: "something was read and written again, or refused for its form or its sense alone",
    run,
    seeds,
    dictionary: documents::DICTIONARY,
    bytes_max: 8 << 10,
};

fn run(data: &[u8]) -> Reached {
    // No text begins so: the rest edits the payload of a document.
    let read = match data.split_first() {
        Some((0..0x20 | 0x80.., rest)) => edited(&mut Choices::new(rest)),
        _ => raw(data),
    };
    match read {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// Bytes as they are: as an envelope, as a payload in one, as a memory, as a key, as words.
fn raw(data: &[u8]) -> bool {
    let mut read = every_kind(data);
    if data.starts_with(b"{") {
        for kind in [Kind::Root, Kind::Patch, Kind::Channel] {
            let envelope = documents::envelope(kind, data);
            read |= every_kind(&envelope);
        }
        read |= memory(data);
    }
    read |= keys(data);
    words(data);
    read
}

/// A document with another payload is refused, or says something else than it did.
fn edited(choices: &mut Choices<'_>) -> bool {
    let (document, payload) = documents::edited(choices);
    let envelope = documents::envelope(document.kind, &payload);
    let same = payload == document.payload;
    let told = match document.kind {
        Kind::Root => say_the_same::<Root>(&envelope, &document.envelope),
        Kind::Patch => say_the_same::<PatchStatement>(&envelope, &document.envelope),
        Kind::Channel => say_the_same::<ChannelStatement>(&envelope, &document.envelope),
    };
    one_form(told, same, document.name);
    every_kind(&envelope)
}

fn one_form(told: bool, same: bool, what: &str) {
    assert_eq!(told, same, "a {what} has a second form, or one form is two");
}

fn say_the_same<T: Payload>(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(|envelope| {
        let read = Unverified::<T>::read(envelope).ok()?;
        serde_json::to_value(read.statement()).ok()
    });
    one == other
}

/// At most one kind of document is read of the same bytes. Whether one was, or nearly.
fn every_kind(envelope: &[u8]) -> bool {
    let read = [
        document::<Root>(envelope),
        document::<PatchStatement>(envelope),
        document::<ChannelStatement>(envelope),
    ];
    let kinds: Vec<Kind> = read
        .iter()
        .filter_map(|read| *read.as_ref().ok()?)
        .collect();
    assert!(kinds.len() <= 1, "one document is of {kinds:?}");
    if let [kind] = *kinds {
        assert_eq!(kind_of(envelope), Ok(kind));
    }
    read.iter().any(Result::is_ok)
}

/// Reads a document and holds what was read against its bytes: its kind, or none where it was
/// refused for its form or its sense alone.
fn document<T: Payload>(envelope: &[u8]) -> Result<Option<Kind>, Refusal> {
    let read = match Unverified::<T>::read(envelope) {
        Ok(read) => read,
        Err(Refusal::NotCanonical { .. } | Refusal::Invalid { .. }) => return Ok(None),
        Err(refusal) => {
            assert!(!refusal.to_string().is_empty(), "a refusal says nothing");
            return Err(refusal);
        }
    };
    let written = without_strangers::<T>(envelope, &read.claimed_signers());
    writes_back(written, envelope);
    let bare = sign(read.statement(), &[]).expect("what was read can be signed");
    let stripped = without_strangers::<T>(envelope, &BTreeSet::new());
    writes_back(stripped, &bare);
    let payload = documents::payload_of(envelope).expect("it was read");
    assert_eq!(
        read.sha256(),
        Digest::of(&payload),
        "it is called something else"
    );
    let again = countersign::<T>(envelope, &documents::key("another"));
    let more = again.ok().map(|bytes| Unverified::<T>::read(&bytes));
    let kept = more.is_none_or(|more| more.is_ok_and(|more| more.sha256() == read.sha256()));
    assert!(kept, "one more signature makes another document of it");
    Ok(Some(T::KIND))
}

fn writes_back(written: Result<Vec<u8>, Refusal>, bytes: &[u8]) {
    let same = written.is_ok_and(|written| written == bytes);
    assert!(same, "what was read is written in another way");
}

fn memory(data: &[u8]) -> bool {
    let Ok(remembered) = Remembered::decode(data) else {
        return false;
    };
    writes_back(Ok(remembered.encode()), data);
    true
}

fn keys(data: &[u8]) -> bool {
    let mut read = false;
    if let Ok(public) = read_public_pem(data) {
        let pem = write_public_pem(&public).expect("a key is written");
        assert_eq!(
            read_public_pem(pem.as_bytes()),
            Ok(public),
            "another key is read back"
        );
        read = true;
    }
    // What is encrypted is not opened: that costs as much as its file asks for.
    if let Ok(KeyFile::Plain(key)) = KeyFile::read(data) {
        let pem = write_plain_pem(&key).expect("a key is written");
        let again = KeyFile::read(pem.as_bytes());
        let same = |again: &SigningKey| again.public_key() == key.public_key();
        let kept = matches!(&again, Ok(KeyFile::Plain(again)) if same(again));
        assert!(kept, "another key is read back");
        read = true;
    }
    if let Ok(text) = legacy_public_key(data) {
        legacy(&text);
    }
    read
}

/// A key of the field's other profiles takes no signature of nothing.
fn legacy(key: &str) {
    let nothing = BASE64.encode(&[0; 64]);
    if let Ok(profile) = FlutterPatcher::from_public_key(key) {
        assert!(profile.verify(&[0; 16], Some(&nothing)).is_err());
    }
    if let Ok(profile) = Shorebird::from_patch_public_key(key) {
        assert!(profile.verify(&Digest::of(b""), Some(&nothing)).is_err());
    }
}

fn words(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(word) = Word::new(text) {
        assert_eq!((word.as_str(), Text::new(text).is_ok()), (text, true));
    }
    if let Ok(name) = FileName::new(text) {
        let inside = |part: &str| !["", ".", ".."].contains(&part);
        assert!(
            name.as_str().split('/').all(inside),
            "{text:?} leads elsewhere"
        );
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (document, index) in documents().iter().zip(0_u8..) {
        let name = document.name;
        seeds.push((format!("{name}.envelope.json"), document.envelope.clone()));
        seeds.push((format!("{name}.payload.json"), document.payload.clone()));
        seeds.push((format!("{name}-as-it-is"), vec![1, index]));
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
            seeds.push((format!("{name}-edited-{kind}"), edits));
        }
    }
    seeds.push(("remembered.json".to_owned(), documents::remembered()));
    let key = documents::key("a key file");
    let public = write_public_pem(&key.public_key());
    let private = write_plain_pem(&key).map(|pem| pem.as_bytes().to_vec());
    seeds.extend(public.map(|pem| ("public.pem".to_owned(), pem.into_bytes())));
    seeds.extend(private.map(|pem| ("private.pem".to_owned(), pem)));
    seeds.push(("word".to_owned(), b"1.0.0+1".to_vec()));
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
        assert!(reached.count() > 15);
    }

    #[test]
    #[should_panic(expected = "written in another way")]
    fn another_form_of_what_was_read_would_be_found() {
        writes_back(Ok(b"{}".to_vec()), b"{ }");
    }

    #[test]
    #[should_panic(expected = "has a second form")]
    fn two_texts_that_say_the_same_would_be_found() {
        one_form(true, false, "root");
    }
}
