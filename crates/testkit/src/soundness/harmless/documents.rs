//! Documents that say the same of this patch, by other valid keys, under other valid roots, and
//! with other words where words are free.

use patchproof_trust::{Nonce, PatchStatement, ReleaseRules, RolledBack, Selected};

use super::super::chance::Chance;
use super::super::keys::{DAY_S, NOW_S, download, next_root, root, text, word};
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed};
use super::super::tampering::words::renumber;
use super::super::world::{Documents, Signing};
use super::ENDS;

pub(crate) const DOCUMENTS: Family = Family {
    name: "documents by other valid keys or with other free words",
    kinds: &[
        documents("signed by other keys of the role", |it, chance| {
            let signers: [&[&str]; 5] = [
                &["p", "r"],
                &["q", "r"],
                &["p", "q", "r"],
                &["q", "p"],
                &["r", "q"],
            ];
            if let Some(signers) = chance.pick_of(&signers) {
                it.signers = signers.to_vec();
            }
            it.statement.created_s -= chance.below_wide(999);
        }),
        says("made at another time", |it, chance| {
            it.created_s -= chance.below_wide(9999)
        }),
        says("with an extension", |it, chance| {
            let (name, value) = (word(&chance.name(5)), text(&chance.name(9)));
            it.extensions.insert(name, value);
        }),
        says("for other epochs of data", |it, chance| {
            it.data_epoch = u32::try_from(chance.below(9)).unwrap_or(0);
            it.reads_data_epoch = 9 + u32::try_from(chance.below(999)).unwrap_or(0);
        }),
        says("with a floor of its own", |it, chance| {
            it.minimum_number = 1 + u64::try_from(chance.pick(7)).unwrap_or(0)
        }),
        says("with one more download", |it, chance| {
            it.downloads
                .push(download(&chance.bytes(9), &chance.bytes(9)));
            it.downloads.sort_by_key(|download| download.sha256);
        }),
        documents("with a higher number", |it, chance| {
            renumber(it, 8 + chance.below_wide(99_999));
        }),
        documents("a channel with other words", |it, chance| {
            let Some(channel) = &mut it.channel else {
                return;
            };
            channel.counter = 1 + chance.below_wide(99_999);
            channel.channel = word(&chance.name(6));
            channel.issued_s = NOW_S - chance.below_wide(DAY_S);
            channel.expires_s = NOW_S + 1 + chance.below_wide(20 * DAY_S);
            for selected in &mut channel.selected {
                selected.rollout_basis_points = u16::try_from(chance.below(10_001)).unwrap_or(1);
            }
        }),
        documents("a channel that answers one device", |it, chance| {
            let mut nonce = [0; 32];
            nonce.fill_with(|| chance.byte());
            if let Some(channel) = &mut it.channel {
                channel.nonce = Some(Nonce::of_bytes(nonce));
            }
        }),
        documents("a channel with other patches too", |it, chance| {
            let Some(channel) = &mut it.channel else {
                return;
            };
            let other = |number, chance: &mut Chance| Selected {
                number,
                patch: patchproof_trust::Digest::of(&chance.bytes(9)),
                rollout_basis_points: 10_000,
            };
            channel.selected.insert(0, other(2, chance));
            channel.rolled_back = vec![RolledBack {
                number: 3,
                patch: patchproof_trust::Digest::of(&chance.bytes(9)),
            }];
        }),
        documents("no channel", |it, chance| {
            it.channel = None;
            it.statement.created_s -= chance.below_wide(9999);
        }),
        documents("no previous statement", |it, chance| {
            it.previous = None;
            it.statement.created_s -= chance.below_wide(9999);
        }),
        documents("another previous statement", |it, chance| {
            if let Some(previous) = &mut it.previous {
                previous.number = 1 + chance.below_wide(6);
                previous.created_s -= chance.below_wide(9999);
            }
        }),
        signing("a root signed by other keys of its role", |it, chance| {
            let signers: [&[&str]; 3] = [&["a", "c"], &["b", "c"], &["a", "b", "c"]];
            if let Some(signers) = chance.pick_of(&signers) {
                it.root_signers = signers.to_vec();
            }
            it.root.version = 1 + chance.below_wide(9999);
            under_version(it);
        }),
        signing("a root with another end", |it, chance| {
            let later = NOW_S + 1 + chance.below_wide(999 * DAY_S);
            it.root.expires_s = (chance.pick(6) > 0).then_some(later);
        }),
        signing("a root with rules for this release", |it, chance| {
            let release = it.documents.values().next();
            let release = release.map(|it| it.statement.release.clone());
            it.root.releases = release
                .map(|release| ReleaseRules {
                    minimum_number: chance.below_wide(8),
                    release,
                    revoked: [patchproof_trust::Digest::of(&chance.bytes(9))].into(),
                })
                .into_iter()
                .collect();
        }),
        signing("roots that follow one another", |it, chance| {
            for version in 2..=2 + u64::try_from(chance.pick(3)).unwrap_or(0) {
                let mut next = root();
                next.version = version;
                next.expires_s = Some(NOW_S + 1 + chance.below_wide(DAY_S));
                it.next_roots.push((next, vec!["b", "c"]));
            }
        }),
        signing("keys replaced by the next root", |it, chance| {
            let mut next = next_root(2);
            next.expires_s = Some(NOW_S + 1 + chance.below_wide(DAY_S));
            it.next_roots.push((next, vec!["a", "b"]));
            for documents in it.documents.values_mut() {
                documents.signers = vec!["s", "t"];
            }
        }),
        Kind::new(
            "the root in the app named beside it too",
            How::Words(|world, chance| {
                if let Some(signing) = &mut world.signing {
                    signing.is_named_too = true;
                    signing.root.version = 1 + chance.below_wide(9999);
                    under_version(signing);
                }
            }),
            &[(Signed, 3), (RealApp, 1)],
            ENDS,
        ),
    ],
};

const fn documents(name: &'static str, change: fn(&mut Documents, &mut Chance)) -> Kind {
    Kind::new(name, How::Documents(change), ON, ENDS)
}

const fn says(name: &'static str, change: fn(&mut PatchStatement, &mut Chance)) -> Kind {
    Kind::new(name, How::Statement(change), ON, ENDS)
}

const fn signing(name: &'static str, change: fn(&mut Signing, &mut Chance)) -> Kind {
    Kind::new(name, How::Signing(change), ON, ENDS)
}

/// The channels are made under the root as it is.
fn under_version(signing: &mut Signing) {
    let version = signing.root.version;
    let channels = signing.documents.values_mut();
    for channel in channels.filter_map(|documents| documents.channel.as_mut()) {
        channel.root_version = version;
    }
}

const ON: &[(Story, usize)] = &[(Signed, 5), (RealLibrary, 1)];
