//! The one way from bytes that were served to statements that a device acts on.

use crate::answering::{answers, is_offered};
use crate::channel::ChannelStatement;
use crate::device::{Device, Field, same};
use crate::digest::Nonce;
use crate::patch::PatchStatement;
use crate::refusal::Refusal;
use crate::remembered::Remembered;
use crate::verified::{Verified, open};
use crate::word::Word;

/// Verifies for one device, given what it remembers. Pure: it keeps nothing and reads no clock.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    device: &'a Device,
    remembered: &'a Remembered,
}

/// A statement that is believed, and what to remember from now on: store it before acting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted<T> {
    /// What was verified.
    pub statement: Verified<T>,
    /// The next memory.
    pub remembered: Remembered,
}

/// What a device asked of a channel, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "devices fill it in")]
pub struct Question {
    /// The channel that it follows.
    pub channel: Word,
    /// What makes an answer new.
    pub freshness: Freshness,
    /// Wall clock, seconds since 1970.
    pub now_s: u64,
}

/// What makes an answer new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "devices choose one")]
pub enum Freshness {
    /// Its expiry. No nonce was sent: the answer lies ready on a CDN.
    Expiry,
    /// The nonce that was sent, and nothing less.
    Nonce(Nonce),
}

impl<'a> Verifier<'a> {
    /// For this device, which remembers this.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongTarget`] if the remembered root is another app's.
    pub fn new(device: &'a Device, remembered: &'a Remembered) -> Result<Self, Refusal> {
        device.is_app(&remembered.root().app)?;
        Ok(Self { device, remembered })
    }

    /// The root that comes next.
    ///
    /// # Errors
    ///
    /// Why it is not the next one, signed by the threshold of the known one and by its own.
    pub fn root(&self, envelope: &[u8]) -> Result<Remembered, Refusal> {
        self.remembered.with_root(envelope, &self.device.release)
    }

    /// What a channel offers this device now.
    ///
    /// # Errors
    ///
    /// Why it is not signed, not for this device, not new, or not of now.
    pub fn channel(
        &self,
        envelope: &[u8],
        question: &Question,
    ) -> Result<Accepted<ChannelStatement>, Refusal> {
        let statement: Verified<ChannelStatement> = open(self.remembered.root(), envelope)?;
        self.device.is_app(&statement.app)?;
        self.device.is_release(&statement.release)?;
        if !cfg!(patchproof_without = "channel") {
            same(Field::Channel, &question.channel, &statement.channel)?;
        }
        self.root_is_new_enough(&statement)?;
        self.is_news(&statement)?;
        self.root_is_in_time(question.now_s)?;
        if !answers(&statement, question.freshness)? {
            self.is_in_time(&statement, question.now_s)?;
        }
        let latest_s = question.now_s.saturating_add(CLOCKS_DIFFER_S);
        let remembered = self.remembered.with_channel(&statement, latest_s);
        Ok(Accepted {
            statement,
            remembered,
        })
    }

    /// A patch that this channel offers.
    ///
    /// # Errors
    ///
    /// Why it is not signed, not offered, not for this device, or forbidden.
    pub fn patch(
        &self,
        envelope: &[u8],
        channel: &Verified<ChannelStatement>,
    ) -> Result<Accepted<PatchStatement>, Refusal> {
        if channel.under_root() != self.remembered.root().sha256() {
            return Err(Refusal::OtherRoot);
        }
        self.device.is_app(&channel.app)?;
        self.device.is_release(&channel.release)?;
        let statement: Verified<PatchStatement> = open(self.remembered.root(), envelope)?;
        is_offered(&statement, channel)?;
        self.may_run(&statement)?;
        let release = &statement.release;
        let remembered = self
            .remembered
            .with_floor(release, statement.minimum_number);
        Ok(Accepted {
            statement,
            remembered,
        })
    }

    /// A patch by offline words alone: for what is installed already, at each boot, and for whoever
    /// checks a statement without a channel. It does not raise a floor.
    ///
    /// # Errors
    ///
    /// Why it is not signed, not for this device, or forbidden.
    pub fn standing(&self, envelope: &[u8]) -> Result<Verified<PatchStatement>, Refusal> {
        let statement = open(self.remembered.root(), envelope)?;
        self.may_run(&statement)?;
        Ok(statement)
    }

    /// Whether installs under this channel statement may still begin, a while after it came. Behind
    /// an answer that repeated the nonce, `now_s` is its `issued_s` and the time that passed since.
    ///
    /// # Errors
    ///
    /// [`Refusal::Expired`], or [`Refusal::FromTheFuture`] where a clock went back.
    pub fn is_in_time(&self, statement: &ChannelStatement, now_s: u64) -> Result<(), Refusal> {
        let ChannelStatement {
            issued_s,
            expires_s,
            ..
        } = *statement;
        // A clock that went back behind words already believed is wrong: they are the later time.
        let known_s = self
            .remembered
            .counters(&statement.release, &statement.channel)
            .map(|counter| counter.issued_s);
        let now_s = known_s.max().unwrap_or(0).max(now_s);
        if now_s >= expires_s && !cfg!(patchproof_without = "expiry") {
            return Err(Refusal::Expired { expires_s, now_s });
        }
        let is_ahead = issued_s > now_s.saturating_add(CLOCKS_DIFFER_S);
        if is_ahead && !cfg!(patchproof_without = "future") {
            return Err(Refusal::FromTheFuture { issued_s, now_s });
        }
        Ok(())
    }

    /// Whether anything may be installed under the known root.
    ///
    /// # Errors
    ///
    /// [`Refusal::RootExpired`].
    pub fn root_is_in_time(&self, now_s: u64) -> Result<(), Refusal> {
        let root = self.remembered.root();
        match root.expires_s {
            Some(expires_s) if now_s >= expires_s && !cfg!(patchproof_without = "root_expiry") => {
                let version = root.version;
                Err(Refusal::RootExpired {
                    version,
                    expires_s,
                    now_s,
                })
            }
            _ => Ok(()),
        }
    }

    fn root_is_new_enough(&self, statement: &ChannelStatement) -> Result<(), Refusal> {
        let (known, needed) = (self.remembered.root().version, statement.root_version);
        if needed > known {
            return Err(Refusal::RootBehind { known, needed });
        }
        Ok(())
    }

    /// Whether no later choice of this channel is known, by whichever key.
    fn is_news(&self, statement: &ChannelStatement) -> Result<(), Refusal> {
        let found = statement.counter;
        let (release, channel) = (&statement.release, &statement.channel);
        for known in self.remembered.counters(release, channel) {
            let remembered = known.counter;
            if found < remembered && !cfg!(patchproof_without = "replay") {
                return Err(Refusal::Replayed { remembered, found });
            }
            let is_other = known.choice_sha256 != statement.choice_sha256();
            if found == remembered && is_other && !cfg!(patchproof_without = "counter_reuse") {
                return Err(Refusal::CounterReused { counter: found });
            }
        }
        Ok(())
    }

    fn may_run(&self, statement: &Verified<PatchStatement>) -> Result<(), Refusal> {
        self.device.is_app(&statement.app)?;
        self.device.is_release(&statement.release)?;
        self.device.has_base(statement.base_size_bytes)?;
        self.device.can_run(&statement.snapshot)?;
        let patch = statement.sha256();
        let is_revoked = self.remembered.root().revokes(&patch);
        if is_revoked && !cfg!(patchproof_without = "revoked") {
            return Err(Refusal::Revoked { patch });
        }
        let minimum_number = self.remembered.minimum_number(&statement.release);
        if statement.number < minimum_number {
            let number = statement.number;
            return Err(Refusal::BelowFloor {
                number,
                minimum_number,
            });
        }
        Ok(())
    }
}

/// How far a server's clock may be ahead of a device's.
const CLOCKS_DIFFER_S: u64 = 24 * 60 * 60;
