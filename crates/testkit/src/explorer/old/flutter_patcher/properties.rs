//! What must never be, one name and one look at the phone each.

use std::collections::BTreeMap;

use super::phone::{Loaded, Phone};

/// The properties that do not hold.
pub(super) fn violated(phone: &Phone) -> Vec<&'static str> {
    let broken = PROPERTIES.iter().filter(|(_, holds_not)| holds_not(phone));
    broken.map(|(name, _)| *name).collect()
}

type Property = (&'static str, fn(&Phone) -> bool);

const PROPERTIES: [Property; 12] = [
    (MISTAKEN, |phone| phone.past.mistaken),
    (MIXED, |phone| loaded(phone).any(is_mixed)),
    (CUT_SHORT, |phone| {
        loaded(phone).any(|it| it.archive.is_some_and(|archive| !archive.whole))
    }),
    (DOWNLOAD_LOOP, |phone| phone.past.downloads_again >= 2),
    (BANNED_WHEN_WELL, |phone| {
        let mut banned = phone.prefs.blacklist.iter();
        banned.any(|name| phone.past.well.contains(name))
    }),
    (WHITE_SCREENS, |phone| most(&phone.past.white) >= 4),
    (NO_CRASH, |phone| {
        let mut banned = phone.prefs.blacklist.iter();
        banned.any(|name| !phone.past.crashes.contains_key(name))
    }),
    (ANOTHERS_ERROR, |phone| {
        is_blamed_unseen(phone) && phone.processes.iter().flatten().any(|it| it.reported)
    }),
    (ANOTHERS_CRASH, is_blamed_unseen),
    (HOLLOW, |phone| phone.past.hollow),
    (BANNED_ALIVE, is_banned_alive),
    (BACK_AGAIN, |phone| {
        let meta = phone.disk.current.meta;
        meta.is_some_and(|meta| phone.past.rolled_back.contains(&meta.name))
    }),
];

fn loaded(phone: &Phone) -> impl Iterator<Item = Loaded> {
    phone
        .processes
        .iter()
        .flatten()
        .filter_map(|process| process.loaded)
}

/// Whether code and assets are of two patches.
pub(super) fn is_mixed(loaded: Loaded) -> bool {
    loaded
        .archive
        .is_some_and(|archive| archive.of != loaded.code)
}

fn most(counts: &BTreeMap<char, u8>) -> u8 {
    counts.values().copied().max().unwrap_or_default()
}

fn is_blamed_unseen(phone: &Phone) -> bool {
    !phone.prefs.blacklist.is_subset(&phone.past.ran)
}

fn is_banned_alive(phone: &Phone) -> bool {
    let is_banned = |loaded: Loaded| phone.prefs.blacklist.contains(&loaded.code);
    phone.past.crashes.is_empty() && loaded(phone).any(is_banned)
}

pub(super) const MISTAKEN: &str =
    "the patch that ran is banned: its `patch_meta.json` came back over the new code";
pub(super) const MIXED: &str = "the code of one patch runs with the assets of another";
pub(super) const CUT_SHORT: &str = "half an archive of assets boots";
pub(super) const DOWNLOAD_LOOP: &str =
    "a patch crashes, is deleted and downloaded again, and again";
pub(super) const BANNED_WHEN_WELL: &str =
    "a patch that was up and well is banned for one crash later";
pub(super) const WHITE_SCREENS: &str =
    "a patch that never showed a frame boots for the fourth time";
pub(super) const NO_CRASH: &str = "a patch that never crashed is banned";
pub(super) const ANOTHERS_ERROR: &str =
    "a patch that never ran is banned for an error of what runs";
pub(super) const ANOTHERS_CRASH: &str = "a patch that never ran is banned for a crash of what ran";
pub(super) const HOLLOW: &str = "an install ends well, and its files are gone";
pub(super) const BANNED_ALIVE: &str =
    "a patch is banned and deleted while the process that runs it is well";
pub(super) const BACK_AGAIN: &str = "a patch that was rolled back by hand is installed again";
