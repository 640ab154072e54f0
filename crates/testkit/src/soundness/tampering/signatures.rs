//! Signatures that are missing, others', or over something else.

use serde_json::Value;

use super::super::bundle::Bundle;
use super::super::chance::Chance;
use super::super::keys::{NOW_S, signed, word};
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed};

pub(crate) const SIGNATURES: Family = Family {
    name: "signatures on a statement",
    kinds: &[
        Kind::new(
            "signed by others, or by too few",
            How::Documents(|documents, chance| {
                if let Some(signers) = chance.pick_of(SIGNERS) {
                    documents.signers = signers.to_vec();
                }
            }),
            &[(Signed, 20), (RealApp, 3), (RealLibrary, 3)],
            ENDS,
        ),
        files(
            "no statement at all",
            &[(Signed, 2), (RealApp, 1)],
            |bundle, chance| {
                bundle
                    .statements
                    .remove(chance.pick(bundle.statements.len()));
            },
        ),
        files(
            "another document as the statement",
            BUNDLED,
            |bundle, chance| {
                let others = [&bundle.channels, &bundle.patches].map(|it| it.first());
                let others = others.into_iter().flatten().map(|(_, bytes)| bytes.clone());
                let others: Vec<Vec<u8>> = others.chain(bundle.previous.first().cloned()).collect();
                let other = chance.pick_of(&others).cloned();
                if let (Some((_, bytes)), Some(other)) = (bundle.statements.first_mut(), other) {
                    *bytes = other;
                }
            },
        ),
        envelope(
            "the signatures in another order",
            &[(Signed, 2), (RealApp, 1)],
            |it, _| {
                signatures(it, |them| them.reverse());
            },
        ),
        envelope(
            "one signature twice",
            &[(Signed, 4), (RealApp, 1)],
            |it, chance| {
                signatures(it, |them| {
                    let one = them.get(chance.pick(2)).cloned();
                    *them = one.iter().chain(&one).cloned().collect();
                });
            },
        ),
        envelope("the key ids of two signatures swapped", ONCE, |it, _| {
            signatures(it, |them| {
                if let [one, other] = them.as_mut_slice()
                    && let (Some(one), Some(other)) = (one.get_mut("keyid"), other.get_mut("keyid"))
                {
                    std::mem::swap(one, other);
                }
            });
        }),
        envelope(
            "another payload under the signatures",
            MANY,
            |it, chance| {
                change_text(it, "payload", |payload| {
                    use data_encoding::BASE64;
                    let mut bytes = BASE64.decode(payload.as_bytes()).unwrap_or_default();
                    let digits: Vec<usize> = bytes
                        .iter()
                        .enumerate()
                        .filter_map(|(at, byte)| byte.is_ascii_digit().then_some(at))
                        .collect();
                    if let Some(byte) = chance.pick_of(&digits).and_then(|at| bytes.get_mut(*at)) {
                        *byte = if *byte == b'9' { b'1' } else { *byte + 1 };
                    }
                    BASE64.encode(&bytes)
                });
            },
        ),
        envelope(
            "another payload type",
            &[(Signed, 6), (RealApp, 1)],
            |it, chance| {
                let types = ["root.v1", "channel.v1", "patch.v2"];
                let named = chance.pick_of(&types).copied().unwrap_or_default();
                change_text(it, "payloadType", |_| {
                    format!("application/vnd.patchproof.{named}+json")
                });
            },
        ),
        envelope("a field that nobody knows", MANY, |it, chance| {
            if let Some(object) = it.as_object_mut() {
                object.insert(chance.name(8), Value::from(1));
            }
        }),
        Kind::new(
            "blanks and line ends in the document",
            How::Files(|bundle, chance| {
                let which = chance.pick(bundle.statements.len());
                let blanks = [b' ', b'\n', b'\t', b'\r'];
                let blank = chance.pick_of(&blanks).copied().unwrap_or(b' ');
                if let Some((_, bytes)) = bundle.statements.get_mut(which) {
                    let places = bytes.iter().enumerate();
                    let places = places.filter(|(_, byte)| matches!(byte, b'{' | b',' | b':'));
                    let places: Vec<usize> = places.map(|(at, _)| at + 1).collect();
                    let at = chance.among(&places).copied().unwrap_or(0);
                    bytes.insert(at, blank);
                }
            }),
            &[(Signed, 8), (RealApp, 1)],
            ENDS,
        ),
        Kind::new(
            "previous statements that nobody signed",
            How::Documents(|documents, chance| {
                documents.previous_signers.clear();
                if let Some(previous) = &mut documents.previous {
                    previous.created_s = NOW_S - chance.below_wide(99_999);
                }
            }),
            &[(Signed, 4), (RealApp, 1)],
            ENDS,
        ),
        Kind::new(
            "a previous statement of another release",
            How::Documents(|documents, chance| {
                if let Some(previous) = &mut documents.previous {
                    previous.release.version = word(&chance.name(6));
                }
            }),
            &[(Signed, 4), (RealApp, 1)],
            ENDS,
        ),
        Kind::new(
            "a channel's words signed as a root's",
            How::Files(|bundle, chance| {
                let which = chance.pick(bundle.channels.len());
                let root = super::super::keys::root();
                if let Some((_, bytes)) = bundle.channels.get_mut(which) {
                    *bytes = signed(&root, &["a", "b"]);
                }
            }),
            &[(Signed, 2), (RealApp, 1)],
            ENDS,
        ),
    ],
};

const fn files(
    name: &'static str,
    on: &'static [(Story, usize)],
    change: fn(&mut Bundle, &mut Chance),
) -> Kind {
    Kind::new(name, How::Files(change), on, ENDS)
}

const fn envelope(
    name: &'static str,
    on: &'static [(Story, usize)],
    change: fn(&mut Value, &mut Chance),
) -> Kind {
    Kind::new(name, How::Envelope(change), on, ENDS)
}

fn signatures(envelope: &mut Value, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(signatures) = envelope.get_mut("signatures").and_then(Value::as_array_mut) {
        change(signatures);
    }
}

fn change_text(envelope: &mut Value, field: &str, change: impl FnOnce(&str) -> String) {
    if let Some(value) = envelope.get_mut(field) {
        *value = Value::from(change(value.as_str().unwrap_or_default()));
    }
}

/// Nobody, too few, strangers, and keys of other roles.
const SIGNERS: &[&[&str]] = &[
    &[],
    &["p"],
    &["q"],
    &["r"],
    &["p", "stranger"],
    &["stranger", "other"],
    &["p", "q", "stranger"],
    &["p", "channel"],
    &["a", "b"],
    &["p", "a"],
];
const ONCE: &[(Story, usize)] = &[(Signed, 2), (RealApp, 1), (RealLibrary, 1)];
const MANY: &[(Story, usize)] = &[(Signed, 20), (RealApp, 1)];
const BUNDLED: &[(Story, usize)] = &[(Signed, 3), (RealLibrary, 3)];
const ENDS: &[&str] = &["statements 4"];
