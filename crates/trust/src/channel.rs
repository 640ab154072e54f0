//! The channel statement: which patches a channel offers now, signed online and for a short time.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::device::Release;
use crate::digest::{Digest, Nonce};
use crate::flaw::Flaw;
use crate::payload::{EXTENSIONS, Extensions, Kind, Payload, ascending, at_most, sealed};
use crate::word::Word;

/// Which patches a channel offers. It can only choose among what was signed offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "servers fill it in")]
pub struct ChannelStatement {
    /// The app's id.
    pub app: Word,
    /// The channel: `stable`.
    pub channel: Word,
    /// Grows with each choice, and never shrinks while its key is in the root.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub counter: u64,
    /// From this moment on it stops installs. At most 31 days after `issued_s`.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub expires_s: u64,
    /// What devices may pass over.
    #[serde(default, skip_serializing_if = "Extensions::is_empty")]
    pub extensions: Extensions,
    /// When it was signed. Seconds since 1970.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub issued_s: u64,
    /// The number that the device sent, if this is an answer to one device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Nonce>,
    /// The release that it is for.
    pub release: Release,
    /// What is withdrawn, in ascending order of numbers. At most 256.
    pub rolled_back: Vec<RolledBack>,
    /// The root under which it was made: a device that knows an older one fetches the newer first.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub root_version: u64,
    /// What is offered, in ascending order of numbers. At most 64.
    pub selected: Vec<Selected>,
}

/// A patch that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "servers fill it in")]
pub struct Selected {
    /// Its number, as its statement says.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub number: u64,
    /// SHA-256 of its statement.
    pub patch: Digest,
    /// To how many of 10,000 devices.
    #[cfg_attr(test, schemars(range(max = 10_000)))]
    pub rollout_basis_points: u16,
}

/// A patch that is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "servers fill it in")]
pub struct RolledBack {
    /// Its number, as its statement says.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub number: u64,
    /// SHA-256 of its statement.
    pub patch: Digest,
}

impl ChannelStatement {
    /// What is chosen, in one hash: everything but when and for whom it was signed. One counter
    /// stands for one choice, and a live server signs it anew for each device.
    #[must_use]
    pub fn choice_sha256(&self) -> Digest {
        let choice = Self {
            expires_s: 0,
            issued_s: 0,
            nonce: None,
            ..self.clone()
        };
        // What was read can be written.
        Digest::of(&canonical::write(&choice).unwrap_or_default())
    }

    /// Whether it withdraws this patch statement.
    #[must_use]
    pub fn rolls_back(&self, patch: &Digest) -> bool {
        self.rolled_back.iter().any(|entry| entry.patch == *patch)
    }

    fn check_time(&self) -> Result<(), Flaw> {
        let (low_value, high_value) = (self.issued_s, self.expires_s);
        let Some(found_s) = high_value.checked_sub(low_value) else {
            let (low, high) = ("issued_s", "expires_s");
            return Err(Flaw::Above {
                low,
                low_value,
                high,
                high_value,
            });
        };
        if found_s > LIFETIME_S {
            return Err(Flaw::LivesTooLong {
                found_s,
                limit_s: LIFETIME_S,
            });
        }
        Ok(())
    }

    fn check_entries(&self) -> Result<(), Flaw> {
        let selected = || {
            self.selected
                .iter()
                .map(|entry| (entry.number, entry.patch))
        };
        let rolled_back = || {
            self.rolled_back
                .iter()
                .map(|entry| (entry.number, entry.patch))
        };
        at_most("selected patches", self.selected.len(), SELECTED)?;
        at_most("rolled back patches", self.rolled_back.len(), ROLLED_BACK)?;
        ascending("selected patches", selected().map(|(number, _)| number))?;
        ascending(
            "rolled back patches",
            rolled_back().map(|(number, _)| number),
        )?;
        let (mut numbers, mut patches) = (BTreeSet::new(), BTreeSet::new());
        for (number, patch) in selected().chain(rolled_back()) {
            if number == 0 {
                return Err(Flaw::Zero {
                    what: "patch number",
                });
            }
            if !numbers.insert(number) || !patches.insert(patch) {
                return Err(Flaw::Twice {
                    what: format!("{number} ({patch})"),
                });
            }
        }
        let rollouts = self.selected.iter().map(|entry| entry.rollout_basis_points);
        match rollouts.max() {
            Some(most) if most > ALL_BASIS_POINTS => Err(Flaw::Above {
                low: "rollout_basis_points",
                low_value: u64::from(most),
                high: "whole",
                high_value: u64::from(ALL_BASIS_POINTS),
            }),
            _ => Ok(()),
        }
    }
}

impl sealed::Sealed for ChannelStatement {}

impl Payload for ChannelStatement {
    const KIND: Kind = Kind::Channel;

    fn check(&self) -> Result<(), Flaw> {
        if self.counter == 0 {
            return Err(Flaw::Zero { what: "counter" });
        }
        if self.root_version == 0 {
            return Err(Flaw::Zero {
                what: "root_version",
            });
        }
        at_most("extensions", self.extensions.len(), EXTENSIONS)?;
        self.check_time()?;
        self.check_entries()
    }
}

const ALL_BASIS_POINTS: u16 = 10_000;
const LIFETIME_S: u64 = 31 * 24 * 60 * 60;
const ROLLED_BACK: usize = 256;
const SELECTED: usize = 64;
