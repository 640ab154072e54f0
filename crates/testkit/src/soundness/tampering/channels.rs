//! Channel statements that do not offer this patch now, and moments at which nothing is valid.

use patchproof_trust::{ChannelStatement, Digest, RolledBack};

use super::super::chance::Chance;
use super::super::keys::{DAY_S, NOW_S, name_of, word};
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed};

pub(crate) const CHANNELS: Family = Family {
    name: "a channel that is expired, replayed or offers something else",
    kinds: &[
        says("an expired channel", |it, chance| {
            it.expires_s = NOW_S - chance.below_wide(DAY_S);
            it.issued_s = it.expires_s - DAY_S;
        }),
        says("a channel out of the future", |it, chance| {
            it.issued_s = NOW_S + 2 * DAY_S + chance.below_wide(DAY_S);
            it.expires_s = it.issued_s + DAY_S;
        }),
        says("a channel of another app", |it, chance| {
            it.app = word(&chance.name(9))
        }),
        says("a channel for another platform", |it, chance| {
            it.release.platform = word(&chance.name(9));
        }),
        says("a channel for another ABI", |it, chance| {
            it.release.abi = word(&chance.name(9))
        }),
        says("a channel for another version", |it, chance| {
            it.release.version = word(&chance.name(9));
        }),
        says("a channel for another base", |it, chance| {
            it.release.base_sha256 = Digest::of(&chance.bytes(9));
        }),
        says("a channel under a root that is not known", |it, chance| {
            it.root_version = 2 + chance.below_wide(1000);
        }),
        says(
            "a channel that calls the patch another number",
            |it, chance| {
                for selected in &mut it.selected {
                    selected.number = 8 + chance.below_wide(1_000_000);
                }
            },
        ),
        Kind::new(
            "a channel that offers another patch",
            How::Documents(|documents, chance| {
                documents.is_offered = false;
                for selected in documents.channel.iter_mut().flat_map(|it| &mut it.selected) {
                    selected.patch = Digest::of(&chance.bytes(9));
                }
            }),
            ON,
            ENDS,
        ),
        Kind::new(
            "the channel of an older statement",
            How::Documents(|documents, chance| {
                documents.is_offered = false;
                let mut older = documents.statement.clone();
                older.created_s -= 1 + chance.below_wide(9999);
                for selected in documents.channel.iter_mut().flat_map(|it| &mut it.selected) {
                    selected.patch = name_of(&older);
                }
            }),
            ON,
            ENDS,
        ),
        Kind::new(
            "a channel that rolls the patch back",
            How::Documents(|documents, chance| {
                let patch = name_of(&documents.statement);
                let number = documents.statement.number;
                if let Some(channel) = &mut documents.channel {
                    channel.selected.clear();
                    channel.rolled_back = vec![RolledBack { number, patch }];
                    channel.counter += chance.below_wide(9999);
                }
            }),
            ON,
            ENDS,
        ),
        says("a channel that offers nothing", |it, chance| {
            it.selected.clear();
            it.counter += chance.below_wide(9999);
        }),
        Kind::new(
            "a channel signed by others",
            How::Documents(|documents, chance| {
                let signers: [&[&str]; 5] =
                    [&[], &["p"], &["p", "q"], &["stranger"], &["channel", "a"]];
                if let Some(signers) = chance.pick_of(&signers) {
                    documents.channel_signers = signers.to_vec();
                }
            }),
            &[(Signed, 10), (RealApp, 2), (RealLibrary, 2)],
            ENDS,
        ),
        Kind::new(
            "a moment after everything has expired",
            How::Words(|world, chance| {
                let later = 8 * DAY_S + chance.below_wide(999 * DAY_S);
                world.now_s = (chance.pick(4) > 0).then_some(NOW_S + later);
            }),
            &[(Signed, 4), (RealApp, 2), (RealLibrary, 2)],
            ENDS,
        ),
    ],
};

const fn says(name: &'static str, change: fn(&mut ChannelStatement, &mut Chance)) -> Kind {
    Kind::new(name, How::Channel(change), ON, ENDS)
}

const ON: &[(Story, usize)] = &[(Signed, 6), (RealApp, 1)];
const ENDS: &[&str] = &["statements 4"];
