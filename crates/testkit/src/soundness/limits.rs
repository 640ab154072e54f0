//! Where the claim of `verify-release` ends: changes that it may report or not. Where it says
//! verified, what it claims has to be true all the same, by another reader or decoder.

use std::ops::Range;

use patchproof_patch::{Limits, plain};

use super::bundle::{Bundle, Packed};
use super::chance::Chance;
use super::edit::Edit;
use super::keys::{keys, role, wide};
use super::kind::{Family, How, Kind, Target};
use super::stories::Story::{RealApp, RealLibrary, Shorebird, Signed, Unsigned};
use crate::made::MadeZip;

/// What makes it true that a changed bundle is verified.
pub(crate) type Truth = fn(honest: &Bundle, changed: &Bundle) -> bool;

/// The kinds at the limits of the claim, and why a verified one is right.
pub(crate) const LIMITS: Family = Family {
    name: "limits",
    kinds: &[
        Kind::new(
            "a byte of an archive that belongs to no file's content",
            How::Files(flip_structure),
            &[(Signed, 100), (RealApp, 4)],
            &[],
        ),
        Kind::new(
            "a byte of a released library, where nothing is signed and no base is named",
            How::Bytes(Target::ReleasedLibrary, Edit::Flip),
            &[(Shorebird, 40)],
            &[],
        ),
        Kind::new(
            "a byte of a patch, where nothing signs the patch",
            How::Bytes(Target::Patch, Edit::Flip),
            &[(Shorebird, 40), (Unsigned, 40)],
            &[],
        ),
        Kind::new(
            "a release with a root of its own, signed by it throughout",
            How::Signing(|signing, chance| {
                let pairs = [["x", "y"], ["y", "z"], ["x", "z"]];
                let of = chance.pick_of(&pairs).copied().unwrap_or(["x", "y"]);
                signing.root.keys = keys(&["d", "e", "x", "y", "z", "own"]);
                signing.root.roles.root = role(&["d", "e"], 2);
                signing.root.roles.patch = role(&["x", "y", "z"], 2);
                signing.root.roles.channel = role(&["own"], 1);
                signing.root_signers = vec!["d", "e"];
                for documents in signing.documents.values_mut() {
                    documents.signers = of.to_vec();
                    documents.previous_signers = of.to_vec();
                    documents.channel_signers = vec!["own"];
                }
            }),
            &[(Signed, 3), (RealApp, 1), (RealLibrary, 1)],
            &[],
        ),
    ],
};

/// Why a verified one of each is right, in the order of [`LIMITS`].
pub(crate) const TRUTHS: [(Truth, &str); 4] = [
    (
        same_contents,
        "every file has the name and content that it had, by another zip reader: time stamps, \
         padding and signing blocks are nothing that a device runs",
    ),
    (
        patch_fits,
        "the patch does not read that byte: over the changed library too it gives the patched \
         build. What users have is the one who names `--release` to know, or a statement",
    ),
    (
        patch_fits,
        "a patch has more than one form, and this one gives the patched build all the same",
    ),
    (
        |_, _| true,
        "the root in the release that is named is the one that counts: who put it there is the \
         store's to know",
    ),
];

fn same_contents(honest: &Bundle, changed: &Bundle) -> bool {
    honest.seen() == changed.seen()
}

/// Whether the patch gives the patched build, by the decoder that is not on devices.
pub(crate) fn patch_fits(_: &Bundle, changed: &Bundle) -> bool {
    let (base, wanted) = (changed.release.bytes(), changed.patched.bytes());
    let limits = Limits::for_base(wide(&base));
    let gives = |patch: &Vec<u8>| plain::inflate(&base, patch, limits).ok();
    let patches = changed.patches.first();
    patches.and_then(|(_, patch)| gives(patch)) == Some(wanted)
}

/// Flips a byte of what a file holds, as it lies in one of the archives.
pub(crate) fn flip_content(bundle: &mut Bundle, chance: &mut Chance) {
    flip(bundle, chance, |_, contents, chance| {
        let contents: Vec<_> = contents.iter().filter(|it| !it.is_empty()).collect();
        let content = chance.among(&contents)?;
        Some(content.start + chance.below(content.len()))
    });
}

/// Flips a byte of one of the archives that is in no file's content.
fn flip_structure(bundle: &mut Bundle, chance: &mut Chance) {
    flip(bundle, chance, |size_bytes, contents, chance| {
        let is_content = |at: &usize| contents.iter().any(|content| content.contains(at));
        let mut places = std::iter::repeat_with(|| chance.below(size_bytes)).take(TRIES);
        places.find(|at| !is_content(at))
    });
}

type Place = fn(usize, &[Range<usize>], &mut Chance) -> Option<usize>;

fn flip(bundle: &mut Bundle, chance: &mut Chance, place: Place) {
    let builds = [&mut bundle.release, &mut bundle.patched];
    let Some(build) = builds.into_iter().nth(chance.pick(2)) else {
        return;
    };
    let Packed::Zip(zip) = build else { return };
    let (mut bytes, contents) = contents(zip);
    let at = place(bytes.len(), &contents, chance);
    if let Some(byte) = at.and_then(|at| bytes.get_mut(at)) {
        *byte ^= chance.mask();
    }
    *build = Packed::File(bytes);
}

/// The archive, and where the content of each entry lies in it.
fn contents(zip: &MadeZip) -> (Vec<u8>, Vec<Range<usize>>) {
    let (bytes, places) = zip.build_with_places();
    let content = |local: &u64| {
        let local = usize::try_from(*local).ok()?;
        let number = |at: usize, count: usize| {
            let bytes = bytes.get(local + at..local + at + count)?;
            Some(
                bytes
                    .iter()
                    .rev()
                    .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
            )
        };
        let start = local + LOCAL_BYTES + number(26, 2)? + number(28, 2)?;
        Some(start..start + number(18, 4)?)
    };
    let contents = places.locals.iter().filter_map(content).collect();
    (bytes, contents)
}

/// Of a local header without name and extra fields.
const LOCAL_BYTES: usize = 30;
/// Contents are most of an archive; headers are still some thousandths of it.
const TRIES: usize = 1 << 16;
