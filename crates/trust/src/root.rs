//! The root: who may sign what, and what offline words forbid for each release.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::device::Release;
use crate::digest::Digest;
use crate::flaw::Flaw;
use crate::key::{Key, KeyId, PublicKey};
use crate::payload::{EXTENSIONS, Extensions, Kind, Payload, ascending, at_most, sealed};
use crate::word::Word;

/// The keys of an app. The next one is signed by this one's threshold and by its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct Root {
    /// The app's id.
    pub app: Word,
    /// From this moment on nothing is installed under it; what is installed still boots. Seconds
    /// since 1970. Without it, whoever holds back the next root is never noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub expires_s: Option<u64>,
    /// What devices may pass over.
    #[serde(default, skip_serializing_if = "Extensions::is_empty")]
    pub extensions: Extensions,
    /// Every key under its id. At most 64, each with a role.
    pub keys: BTreeMap<KeyId, Key>,
    /// What offline words forbid, in ascending order of releases. At most 1024.
    pub releases: Vec<ReleaseRules>,
    /// Who may sign what.
    pub roles: Roles,
    /// 1 for the first, and one more for each.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub version: u64,
}

/// The roles, each for one kind of document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct Roles {
    /// Signs channel statements, online. Its keys have no other role.
    pub channel: Role,
    /// Signs patch statements, offline.
    pub patch: Role,
    /// Signs the next root, offline.
    pub root: Role,
}

/// Some keys, and how many of them it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct Role {
    /// In ascending order.
    pub keys: BTreeSet<KeyId>,
    /// How many different keys have to sign; at least 1.
    #[cfg_attr(test, schemars(range(min = 1, max = 64)))]
    pub threshold: u64,
}

/// What offline words forbid for one release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct ReleaseRules {
    /// The lowest patch number that may run; 0 if all may.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub minimum_number: u64,
    /// Of which release.
    pub release: Release,
    /// SHA-256 of patch statements that nothing may run. At most 1024.
    pub revoked: BTreeSet<Digest>,
}

impl Root {
    /// The role that signs documents of this kind.
    #[must_use]
    pub const fn role(&self, kind: Kind) -> &Role {
        match kind {
            Kind::Root => &self.roles.root,
            Kind::Patch => &self.roles.patch,
            Kind::Channel => &self.roles.channel,
        }
    }

    /// The keys that may sign documents of this kind.
    #[must_use]
    pub fn keys_of(&self, kind: Kind) -> BTreeMap<KeyId, PublicKey> {
        let of_role = &self.role(kind).keys;
        let keys = self.keys.iter().filter(|(id, _)| of_role.contains(id));
        keys.map(|(id, key)| (*id, key.public)).collect()
    }

    /// The lowest patch number of this release that it lets run.
    #[must_use]
    pub fn minimum_number(&self, release: &Release) -> u64 {
        let rules = self.releases.iter().find(|rules| rules.release == *release);
        rules.map_or(0, |rules| rules.minimum_number)
    }

    /// Whether it forbids this patch statement, under whichever release.
    #[must_use]
    pub fn revokes(&self, patch: &Digest) -> bool {
        self.releases
            .iter()
            .any(|rules| rules.revoked.contains(patch))
    }

    fn check_role(&self, kind: Kind) -> Result<(), Flaw> {
        let role = self.role(kind);
        let keys = role.keys.len();
        if let Some(key) = role.keys.iter().find(|key| !self.keys.contains_key(key)) {
            return Err(Flaw::MissingKey {
                role: kind,
                key: *key,
            });
        }
        let reachable = u64::try_from(keys).is_ok_and(|keys| role.threshold <= keys);
        if role.threshold == 0 || !reachable {
            let threshold = role.threshold;
            return Err(Flaw::Threshold {
                role: kind,
                threshold,
                keys,
            });
        }
        Ok(())
    }

    fn check_key(&self, listed: KeyId, key: &Key) -> Result<(), Flaw> {
        let found = key.public.id();
        if found != listed {
            return Err(Flaw::WrongKeyId { listed, found });
        }
        let online = self.roles.channel.keys.contains(&listed);
        let offline = [&self.roles.root, &self.roles.patch];
        let offline = offline.iter().any(|role| role.keys.contains(&listed));
        match (online, offline) {
            (true, true) => Err(Flaw::SharedKey { key: listed }),
            (false, false) => Err(Flaw::IdleKey { key: listed }),
            _ => Ok(()),
        }
    }
}

impl sealed::Sealed for Root {}

impl Payload for Root {
    const KIND: Kind = Kind::Root;

    fn check(&self) -> Result<(), Flaw> {
        if self.version == 0 {
            return Err(Flaw::Zero { what: "version" });
        }
        at_most("extensions", self.extensions.len(), EXTENSIONS)?;
        at_most("keys", self.keys.len(), KEYS)?;
        for kind in [Kind::Root, Kind::Patch, Kind::Channel] {
            self.check_role(kind)?;
        }
        for (listed, key) in &self.keys {
            self.check_key(*listed, key)?;
        }
        at_most("releases", self.releases.len(), RELEASES)?;
        ascending("releases", self.releases.iter().map(|rules| &rules.release))?;
        for rules in &self.releases {
            at_most("revoked statements", rules.revoked.len(), REVOKED)?;
        }
        Ok(())
    }
}

const KEYS: usize = 64;
const RELEASES: usize = 1024;
const REVOKED: usize = 1024;
