//! Whatever the bytes, what is read of the protocol is written and read again as the same.

mod settings;
mod shapes;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use patchproof_protocol::{
    BUCKETS, CheckAnswer, CheckRequest, ClientId, MESSAGE_CHARS_MAX, NOTES_BYTES_MAX, Offer,
    ROLLED_BACK_MAX, Settings, WebUrl, bucket, channel_statement, within_message,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::choices::Choices;
use super::{Reached, Target, json_forms};

/// The target.
pub static TARGET: Target = Target {
    name: "protocol_any",
    about: "questions, answers, events, settings and developers' shapes: read, written, read again",
    depth: "something of the protocol was read of it",
    run,
    seeds,
    dictionary: DICTIONARY,
    bytes_max: 4 << 10,
};

fn run(data: &[u8]) -> Reached {
    buckets(&mut Choices::new(data));
    // No text begins so: the rest edits one of the protocol's own.
    let read = match data.split_first() {
        Some((0..9 | 0x80.., rest)) => {
            let mut choices = Choices::new(rest);
            let (_, mut text) = choices.pick(&EXAMPLES);
            json_forms::edit_all(&mut text, &mut choices);
            hold(&text)
        }
        _ => hold(data),
    };
    match read {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// Holds every reader to these bytes, and says whether one of them took them.
fn hold(bytes: &[u8]) -> bool {
    let mut read = false;
    if bytes.starts_with(b"{") {
        read |= shapes::round_trips(bytes) > 0;
    }
    read |= answer(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        read |= settings(text);
        read |= url(text);
        message(text);
    }
    read
}

/// A message is the beginning of what was said, and an event with it is read as it was made.
fn message(text: &str) {
    let cut = within_message(text);
    assert!(text.starts_with(cut) && cut.chars().count() <= MESSAGE_CHARS_MAX);
    let whole = text.chars().count() <= MESSAGE_CHARS_MAX;
    assert_eq!(
        whole,
        cut == text,
        "a message is cut where it is short enough, or not"
    );
}

fn url(text: &str) -> bool {
    let Ok(url) = WebUrl::parse(text) else {
        return false;
    };
    assert_eq!(url.as_str(), text, "an address is not as it was given");
    assert_eq!(WebUrl::parse(url.as_str()), Ok(url.clone()));
    for location in ["/", "?", "//elsewhere.example/", text] {
        if let Ok(to) = url.redirected(location) {
            assert!(
                to.is_https() || !url.is_https(),
                "{url} leads to plain http: {to}"
            );
        }
    }
    true
}

fn settings(text: &str) -> bool {
    let Ok(read) = Settings::parse(text) else {
        return false;
    };
    same_settings(&read, &settings::written(&read));
    true
}

fn same_settings(read: &Settings, written: &str) {
    let again = Settings::parse(written);
    let same = again.as_ref().is_ok_and(|again| again == read);
    assert!(
        same,
        "{read:?}, written and read again: {again:?}\n{written}"
    );
}

/// An answer says the same whether its question named a library or not, but for what is read only
/// then.
fn answer(bytes: &[u8]) -> bool {
    let statement = channel_statement(bytes).is_ok();
    let (plain, asked) = (
        CheckAnswer::parse(bytes),
        CheckAnswer::parse_to(&question(), bytes),
    );
    let Ok(plain) = plain else {
        assert!(asked.is_err(), "an answer is read for one question alone");
        return statement;
    };
    check_answer(&plain);
    if let Ok(asked) = asked {
        check_answer(&asked);
        let numbers = |answer: &CheckAnswer| {
            let offer = answer.offer.as_ref();
            let offer = offer.map(|offer| (offer.number, offer.sha256, offer.download_url.clone()));
            (offer, answer.rolled_back.clone())
        };
        assert_eq!(numbers(&plain), numbers(&asked), "it offers something else");
        let again = CheckAnswer::parse_to(&question(), &written(&asked));
        assert!(
            again.is_ok_and(|again| again == asked),
            "{asked:?}, written and read again"
        );
    }
    true
}

fn question() -> CheckRequest {
    let mut question = shapes::question();
    question.patchproof_runs_sha256 = Some("07".repeat(32));
    question
}

fn check_answer(answer: &CheckAnswer) {
    assert!(answer.rolled_back.len() <= ROLLED_BACK_MAX);
    assert!(
        !answer.rolled_back.contains(&0),
        "it takes back what nobody can have"
    );
    if let Some(offer) = &answer.offer {
        assert_ne!(offer.number, 0, "it offers what means none");
        let notes = offer.notes.as_ref().map_or(1, String::len);
        assert!((1..=NOTES_BYTES_MAX).contains(&notes));
        assert_ne!(offer.size_bytes, Some(0));
    }
}

/// The answer as a server would write it.
fn written(answer: &CheckAnswer) -> Vec<u8> {
    let rolled_back: &BTreeSet<u64> = &answer.rolled_back;
    let answer = json!({
        "patch_available": answer.offer.is_some(),
        "patch": answer.offer.as_ref().map(patch),
        "rolled_back_patch_numbers": rolled_back,
    });
    answer.to_string().into_bytes()
}

fn patch(offer: &Offer) -> Value {
    let made = offer.from_sha256.map(|from_sha256| {
        json!({ "from_sha256": hex::encode(from_sha256), "size_bytes": offer.size_bytes })
    });
    json!({
        "number": offer.number,
        "hash": hex::encode(offer.sha256),
        "download_url": offer.download_url.as_str(),
        "hash_signature": offer.hash_signature,
        "notes": offer.notes,
        "force_update": offer.force_update,
        "patchproof": made,
    })
}

/// A bucket is in range, and is what a division of the whole hash leaves.
fn buckets(choices: &mut Choices<'_>) {
    let (patch, random) = ([choices.byte(); 32], [(); 16].map(|()| choices.byte()));
    let app = String::from_utf8_lossy(choices.bytes(40)).into_owned();
    let client = choices.bytes(40);
    let found = bucket(&app, &patch, client);
    assert!(found < BUCKETS, "bucket {found} is out of range");
    assert_eq!(u128::from(found), by_division(&app, &patch, client));
    let client = ClientId::of_random(random).to_string();
    let is_uuid = client.len() == 36 && client.get(14..15) == Some("4");
    assert!(is_uuid, "{client} is no UUID of version 4");
}

fn by_division(app: &str, patch: &[u8], client: &[u8]) -> u128 {
    let mut hashed = Vec::new();
    for part in [b"patchproof-rollout-1", app.as_bytes(), patch, client] {
        hashed.extend(u64::try_from(part.len()).unwrap_or_default().to_le_bytes());
        hashed.extend(part);
    }
    // As one number, eight bytes at a time, the highest first.
    let digest = Sha256::digest(&hashed);
    let (words, _) = digest.as_slice().as_chunks();
    words.iter().fold(0, |rest, word| {
        ((rest << 64) + u128::from(u64::from_be_bytes(*word))) % u128::from(BUCKETS)
    })
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let count = u8::try_from(EXAMPLES.len()).unwrap_or(u8::MAX);
    let mut seeds: Vec<_> = EXAMPLES
        .iter()
        .map(|(name, text)| (format!("{name}.json"), text.clone()))
        .collect();
    seeds.extend((0..count).map(|at| (format!("edited-{at}"), vec![1, at, 0, 9, at, 30, 1])));
    for (name, text) in settings::EXAMPLES {
        seeds.push((format!("{name}.yaml"), text.as_bytes().to_vec()));
    }
    seeds.push(("url".to_owned(), b"https://patches.example/a?b=c".to_vec()));
    seeds
}

/// Made once, not for every input.
static EXAMPLES: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(shapes::examples);

const DICTIONARY: &[&[u8]] = &[
    b"\"patch_available\":true",
    b"\"patch\":{\"number\":1,\"hash\":\"",
    b"\"download_url\":\"https://a.example/\"",
    b"\"rolled_back_patch_numbers\":[1]",
    b"\"patchproof\":{\"from_sha256\":\"",
    b"\"channel_statement\":\"\"",
    b"\"client_id\":\"\"",
    b"\"platform\":\"android\"",
    b"\"arch\":\"aarch64\"",
    b"\"type\":\"__patch_install__\"",
    b"null",
    b"app_id: ",
    b"channel: ",
    b"base_url: https://a.example",
    b"auto_update: false",
    b"patch_verification: install_only",
    b"http://localhost:1/",
    b"\n- ",
    b"&a *a",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 40);
    }

    #[test]
    #[should_panic(expected = "written and read again")]
    fn settings_that_are_read_back_as_others_would_be_found() {
        let read = Settings::parse("app_id: a").unwrap();
        same_settings(&read, "app_id: b");
    }

    #[test]
    #[should_panic(expected = "what means none")]
    fn an_offer_of_number_0_would_be_found() {
        let (_, text) = shapes::examples().into_iter().next().unwrap();
        let mut answer = CheckAnswer::parse(&text).unwrap();
        answer.offer.as_mut().unwrap().number = 0;
        check_answer(&answer);
    }
}
