//! What is remembered against patches of this release, for support to look at and to lift.

use std::collections::BTreeSet;

use patchproof_lifecycle::{BadReason, Event, GenerationId, ReleaseKey, SetAsideReason, State};
use patchproof_storage::Storage;

use crate::error::OperationError;
use crate::machine::Machine;
use crate::operation::With;
use crate::transport::Transport;
use crate::updater::Updater;

/// A content that is not booted and not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ban {
    /// Which content. The same bytes under another number are the same content.
    pub id: GenerationId,
    /// Why, and for how long.
    pub kind: BanKind,
}

/// Why a content is banned, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BanKind {
    /// For good on this release, unless it is lifted.
    KnownBad(BadReason),
    /// Until the server offers something newer.
    SetAside {
        /// The number that it was offered under.
        number: u64,
        /// Why.
        reason: SetAsideReason,
    },
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// What is banned on this release, by content.
    ///
    /// # Errors
    /// [`OperationError`], where the state cannot be read.
    pub fn bans(&self) -> Result<Vec<Ban>, OperationError> {
        Ok(bans_of(&self.peek()?.document.lifecycle, self.release))
    }

    /// The number of what the next start tries first; none where that is the bundled release. It
    /// says what stands in the state: the files are looked at when it starts.
    ///
    /// # Errors
    /// [`OperationError`], where the state cannot be read.
    pub fn next_number(&self) -> Result<Option<u64>, OperationError> {
        let state = self.peek()?.document.lifecycle;
        if state.lost || state.release != Some(self.release) {
            return Ok(None);
        }
        let next = state.candidate.or(state.proven);
        let record = next.and_then(|id| state.installed.get(&id));
        Ok(record.map(|record| record.number))
    }

    /// Lifts the bans of these contents on this release; all of them where none is named. They boot
    /// or are fetched again once a server offers them.
    ///
    /// # Errors
    /// [`OperationError`], where that cannot be made to last; nothing is lifted then.
    pub fn clear_bans(&self, ids: &BTreeSet<GenerationId>) -> Result<(), OperationError> {
        let event = Event::BansCleared {
            release: self.release,
            ids: ids.clone(),
        };
        self.decide(&event, With::default()).map(|_| ())
    }
}

/// What a state remembers against contents of a release.
pub(crate) fn bans_of(state: &State, release: ReleaseKey) -> Vec<Ban> {
    let words = state.words.get(&release);
    let known_bad = words.into_iter().flat_map(|words| &words.known_bad);
    let known_bad = known_bad.map(|(id, reason)| Ban {
        id: *id,
        kind: BanKind::KnownBad(*reason),
    });
    let is_current = state.release == Some(release);
    let set_aside = state.set_aside.iter().filter(|_| is_current);
    let set_aside = set_aside.map(|(id, aside)| Ban {
        id: *id,
        kind: BanKind::SetAside {
            number: aside.number,
            reason: aside.reason,
        },
    });
    known_bad.chain(set_aside).collect()
}
