//! Shorebird's signature by another key, over something else, or not there.

use data_encoding::BASE64;

use super::super::bundle::Bundle;
use super::super::chance::Chance;
use super::super::edit::Edit;
use super::super::kind::{Family, How, Kind, Target};
use super::super::rsa::Holder;
use super::super::stories::Story::Shorebird;
use super::super::world::World;

pub(crate) const SHOREBIRD: Family = Family {
    name: "Shorebird's signature",
    kinds: &[
        Kind::new(
            "by another key",
            How::Words(by_a_thief),
            &[(Shorebird, 1)],
            ENDS,
        ),
        Kind::new(
            "held against another key",
            How::Files(other_key),
            &[(Shorebird, 1)],
            ENDS,
        ),
        Kind::new(
            "over another library",
            How::Files(over_another),
            &[(Shorebird, 8)],
            ENDS,
        ),
        Kind::new(
            "over the release",
            How::Files(over_the_release),
            &[(Shorebird, 1)],
            ENDS,
        ),
        Kind::new(
            "over the patch",
            How::Files(over_the_patch),
            &[(Shorebird, 1)],
            ENDS,
        ),
        Kind::new(
            "not there",
            How::Files(no_signature),
            &[(Shorebird, 1)],
            ENDS,
        ),
        Kind::new(
            "without its key",
            How::Files(no_key),
            &[(Shorebird, 1)],
            &["statements 2"],
        ),
        Kind::new(
            "of some bytes",
            How::Files(some_bytes),
            &[(Shorebird, 8)],
            ENDS,
        ),
        bytes("a byte of the signature", Target::Signature, Edit::Flip),
        bytes("a signature cut short", Target::Signature, Edit::Truncate),
        bytes("a signature made longer", Target::Signature, Edit::Extend),
        bytes("a byte of the key", Target::PublicKey, Edit::Flip),
        bytes("a key cut short", Target::PublicKey, Edit::Truncate),
    ],
};

const fn bytes(name: &'static str, target: Target, edit: Edit) -> Kind {
    Kind::new(name, How::Bytes(target, edit), &[(Shorebird, 10)], ENDS)
}

fn by_a_thief(world: &mut World, _: &mut Chance) {
    world.shorebird = Some(Holder::Thief);
}

fn other_key(bundle: &mut Bundle, _: &mut Chance) {
    bundle.public_key = Some(Holder::Thief.public());
}

fn over_another(bundle: &mut Bundle, chance: &mut Chance) {
    sign(bundle, &chance.bytes(99));
}

fn over_the_release(bundle: &mut Bundle, _: &mut Chance) {
    let release = bundle.release.bytes();
    sign(bundle, &release);
}

fn over_the_patch(bundle: &mut Bundle, _: &mut Chance) {
    let patch = bundle.patches.first().map(|(_, bytes)| bytes.clone());
    sign(bundle, &patch.unwrap_or_default());
}

fn sign(bundle: &mut Bundle, what: &[u8]) {
    for (_, bytes) in &mut bundle.signatures {
        *bytes = Holder::Publisher.sign(what);
    }
}

fn no_signature(bundle: &mut Bundle, _: &mut Chance) {
    bundle.signatures.clear();
}

fn no_key(bundle: &mut Bundle, _: &mut Chance) {
    bundle.public_key = None;
}

fn some_bytes(bundle: &mut Bundle, chance: &mut Chance) {
    for (_, bytes) in &mut bundle.signatures {
        *bytes = BASE64.encode(&chance.bytes(256)).into_bytes();
    }
}

const ENDS: &[&str] = &["statements 4"];
