//! What the server is told afterwards: one event at a time, each ticked off once it has it.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Event, Queued, QueuedKind};
use patchproof_protocol::{EVENTS_PATH, EventBody, EventKind};
use patchproof_storage::Storage;

use crate::document::Document;
use crate::error::SendError;
use crate::machine::Machine;
use crate::operation::With;
use crate::transport::{Cancel, Transport, TransportError};
use crate::updater::{Updater, free};

/// What sending came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Events that the server has now.
    pub sent: u16,
    /// Events that it refused, as it would each time: they are dropped, and counted as dropped.
    pub refused: u16,
    /// Events that wait still. Where channel statements come from files nobody takes them: they
    /// wait until they are too old or too many.
    pub waiting: usize,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Sends waiting events, oldest first, as many as the limits say at most. An event that was
    /// sent and could not be ticked off is sent again: a server counts it twice at worst. One that
    /// the server refuses (a status of 4xx that does not ask for another try) is dropped.
    ///
    /// # Errors
    /// [`SendError`], at the first event that the network or a failing server keeps from it; it
    /// and the later ones are kept.
    pub fn send_events(&self, cancel: &Cancel) -> Result<Sent, SendError> {
        let Some(_sending) = free(&self.sending) else {
            return Err(SendError::InProgress);
        };
        let document = self.peek()?.document;
        let queue = &document.lifecycle.queue.events;
        let mut sent = Sent {
            waiting: queue.len(),
            ..Sent::default()
        };
        if self.voucher.asks_files_alone() {
            return Ok(sent);
        }
        for queued in queue
            .iter()
            .take(usize::from(self.config.limits.events_max))
        {
            let ids = BTreeSet::from([queued.id]);
            let event = match self.send(&document, queued, cancel) {
                Ok(()) => {
                    sent.sent += 1;
                    Event::Acknowledged { ids }
                }
                Err(error) if is_refusal(&error) => {
                    sent.refused += 1;
                    Event::EventsRefused { ids }
                }
                Err(error) => return Err(error.into()),
            };
            self.decide(&event, With::default())?;
            sent.waiting = sent.waiting.saturating_sub(1);
        }
        Ok(sent)
    }

    fn send(
        &self,
        document: &Document,
        queued: &Queued,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let own = &self.config.release.version;
        let version = document.versions.get(&queued.release).unwrap_or(own);
        let about = self.about(document.client_id, version, None);
        let (kind, words) = told(queued.kind);
        let message = document.messages.get(&queued.id).map(String::as_str);
        let body = EventBody::new(
            &about,
            kind,
            queued.number,
            queued.at_ms / 1000,
            message.or(words),
        );
        let url = self.config.settings.endpoint(EVENTS_PATH);
        let answer = self
            .transport
            .post(&url, &body.to_json(), UNREAD_BYTES_MAX, cancel);
        answer.map(|_| ())
    }
}

/// Whether the server says of an event that it will never take it. One that stayed at the head of
/// the queue would keep the others back.
const fn is_refusal(error: &TransportError) -> bool {
    match error {
        TransportError::Status { code, .. } => {
            matches!(code, 400..=499) && !error.is_worth_a_retry()
        }
        _ => false,
    }
}

/// What Shorebird's servers call it.
const fn told(kind: QueuedKind) -> (EventKind, Option<&'static str>) {
    match kind {
        QueuedKind::Installed => (EventKind::Downloaded, None),
        QueuedKind::Proven => (EventKind::Installed, None),
        QueuedKind::Crashed => (EventKind::InstallFailed, Some("crash_recovery: it crashed")),
        QueuedKind::FailureReported => (EventKind::InstallFailed, Some("engine_report: it failed")),
        QueuedKind::SetAside => (
            EventKind::InstallFailed,
            Some("crash_recovery: its boots did not finish"),
        ),
        QueuedKind::Lost => (
            EventKind::InstallFailed,
            Some("its files were damaged or gone when it was to boot"),
        ),
        _ => (
            EventKind::UpdateFailed,
            Some("update_failure: it did not verify"),
        ),
    }
}

/// An answer to an event says nothing that is read.
const UNREAD_BYTES_MAX: u64 = 64 << 10;
