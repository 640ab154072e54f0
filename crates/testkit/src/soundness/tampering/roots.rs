//! Roots that are others', out of date, or do not follow one another.

use patchproof_trust::{Digest, ReleaseRules};

use super::super::bundle::Bundle;
use super::super::chance::Chance;
use super::super::keys::{self, NOW_S, keys, name_of, next_root, role, root, signed, word};
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed};
use super::super::world::Signing;

pub(crate) const ROOTS: Family = Family {
    name: "roots",
    kinds: &[
        signing("an expired root", |it, chance| {
            it.root.expires_s = Some(NOW_S - chance.below_wide(9999));
        }),
        signing("a root for another app", |it, chance| {
            it.root.app = word(&chance.name(9))
        }),
        signing("a root signed by too few or by others", |it, chance| {
            let signers: [&[&str]; 6] =
                [&[], &["a"], &["c"], &["p", "q"], &["a", "x"], &["x", "y"]];
            if let Some(signers) = chance.pick_of(&signers) {
                it.root_signers = signers.to_vec();
            }
        }),
        signing("a root that does not name the keys", |it, chance| {
            let version = 1 + chance.below_wide(9999);
            it.root = next_root(version);
        }),
        signing("a root that asks for more signatures", |it, chance| {
            it.root.roles.patch.threshold = 3;
            it.root.version = 1 + chance.below_wide(9999);
        }),
        signing("a revoked statement", |it, chance| {
            forbid(it, chance, |signing, abi| {
                let documents = signing.documents.get(abi)?;
                Some((0, vec![name_of(&documents.statement)]))
            });
        }),
        signing("a number below the floor", |it, chance| {
            let floor = 8 + chance.below_wide(999);
            forbid(it, chance, |_, _| Some((8, Vec::new())));
            for rules in &mut it.root.releases {
                rules.minimum_number = floor;
            }
        }),
        signing("a next root that skips one", |it, chance| {
            let version = 3 + chance.below_wide(9999);
            it.next_roots.push((next_root(version), vec!["a", "b"]));
        }),
        signing("a next root that is no newer", |it, chance| {
            let mut next = root();
            next.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
            it.next_roots.push((next, vec!["a", "b"]));
        }),
        signing(
            "a next root that is not signed by the last",
            |it, chance| {
                let mut next = next_root(2);
                next.keys = keys(&["x", "y", "r", "s", "t", "channel"]);
                next.roles.root = role(&["x", "y"], 2);
                next.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
                it.next_roots.push((next, vec!["x", "y"]));
            },
        ),
        signing("a next root signed by too few", |it, chance| {
            let mut next = next_root(2);
            next.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
            let one = ["a", "b", "c"].get(chance.pick(3)).copied();
            it.next_roots.push((next, one.into_iter().collect()));
        }),
        signing("a next root of another app", |it, chance| {
            let mut next = next_root(2);
            next.app = word(&chance.name(9));
            it.next_roots.push((next, vec!["a", "b"]));
        }),
        signing("a next root that drops the keys", |it, chance| {
            let mut next = next_root(2);
            next.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
            it.next_roots.push((next, vec!["a", "b"]));
        }),
        signing("an expired next root", |it, chance| {
            let mut next = root();
            next.version = 2;
            next.expires_s = Some(NOW_S - chance.below_wide(9999));
            it.next_roots.push((next, vec!["a", "b"]));
        }),
        Kind::new(
            "another root in one of the builds",
            How::Files(|bundle, chance| {
                let mut other = root();
                other.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
                let other = signed(&other, &["a", "b"]);
                let builds = [&mut bundle.release, &mut bundle.patched];
                if let Some(build) = builds.into_iter().nth(chance.pick(2)) {
                    build.change(EMBEDDED, |root| *root = other);
                }
            }),
            &[(Signed, 8), (RealApp, 1)],
            &["surroundings 1"],
        ),
        beside("another root beside the release", |bundle, chance| {
            let mut other = root();
            other.expires_s = Some(NOW_S + 1 + chance.below_wide(9999));
            bundle.root = Some(signed(&other, &["a", "b"]));
        }),
        Kind::new(
            "no root in either build",
            How::Files(|bundle, _| {
                for build in [&mut bundle.release, &mut bundle.patched] {
                    if let Some(zip) = build.zip() {
                        zip.entries
                            .retain(|it| !it.name.ends_with(EMBEDDED.as_bytes()));
                    }
                }
                bundle.root = None;
            }),
            &[(Signed, 1), (RealApp, 1), (RealLibrary, 1)],
            &["statements 2", "statements 4"],
        ),
        Kind::new(
            "everything signed by a thief, and the publisher's root",
            How::Documents(|documents, chance| {
                documents.signers = vec!["x", "y"];
                documents.channel_signers = vec!["z"];
                documents.previous = None;
                documents.statement.created_s -= chance.below_wide(9999);
            }),
            &[(Signed, 6), (RealApp, 1), (RealLibrary, 1)],
            ENDS,
        ),
    ],
};

const fn signing(name: &'static str, change: fn(&mut Signing, &mut Chance)) -> Kind {
    Kind::new(name, How::Signing(change), ON, ENDS)
}

const fn beside(name: &'static str, change: fn(&mut Bundle, &mut Chance)) -> Kind {
    Kind::new(name, How::Files(change), &[(Signed, 6), (RealApp, 1)], ENDS)
}

/// The lowest number and the revoked statements of an ABI.
type Forbidden = fn(&Signing, &str) -> Option<(u64, Vec<Digest>)>;

/// Has the root forbid something of the release of one ABI.
fn forbid(signing: &mut Signing, chance: &mut Chance, what: Forbidden) {
    let abis: Vec<String> = signing.documents.keys().cloned().collect();
    let Some(abi) = chance.pick_of(&abis) else {
        return;
    };
    if let (Some((minimum_number, revoked)), Some(documents)) =
        (what(signing, abi), signing.documents.get(abi))
    {
        signing.root.releases = vec![ReleaseRules {
            minimum_number,
            release: documents.statement.release.clone(),
            revoked: revoked.into_iter().collect(),
        }];
        signing.root.expires_s = Some(NOW_S + keys::DAY_S + chance.below_wide(9999));
    }
}

const EMBEDDED: &str = "flutter_assets/patchproof/root.json";
const ON: &[(Story, usize)] = &[(Signed, 6), (RealLibrary, 1)];
const ENDS: &[&str] = &["statements 4"];
