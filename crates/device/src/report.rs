//! What becomes of a boot: its first frame, its time in the foreground, success or failure.

use std::time::Duration;

use patchproof_lifecycle::{Event, ProcessSlot};
use patchproof_protocol::within_message;
use patchproof_storage::Storage;

use crate::boot::{BootId, Booted};
use crate::error::ReportError;
use crate::machine::Machine;
use crate::operation::With;
use crate::transport::Transport;
use crate::updater::{Session, Updater};

/// How a boot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// So much foreground time after the first frame is left until it counts as healthy.
    Waiting {
        /// Until the first frame, all of the window.
        left: Duration,
    },
    /// It is settled: what comes later is not held against this boot.
    Settled,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// The first frame was drawn.
    ///
    /// # Errors
    /// [`ReportError`]; what was reported before stands, and the report may be made again.
    pub fn report_first_frame(&self, id: &BootId) -> Result<Health, ReportError> {
        self.report_life(id, |first_frame, _| *first_frame = true)
    }

    /// The app was in the foreground for `total` since the first frame, in all. Less than before
    /// changes nothing. It is for the embedder to call this when the health window may be over: no
    /// clock runs here.
    ///
    /// # Errors
    /// As [`Updater::report_first_frame`].
    pub fn report_foreground(&self, id: &BootId, total: Duration) -> Result<Health, ReportError> {
        self.report_life(id, |_, foreground| *foreground = total.max(*foreground))
    }

    /// The app says that it is well, whatever the health window.
    ///
    /// # Errors
    /// As [`Updater::report_first_frame`].
    pub fn report_healthy(&self, id: &BootId) -> Result<Health, ReportError> {
        self.its_slot(&mut self.session(), id)?;
        self.settle_healthy(id)
    }

    /// The app or the engine says that what this process boots has failed. It counts as a crash,
    /// unless this boot was settled before. `message` goes to the server, cut to 256 characters.
    ///
    /// # Errors
    /// As [`Updater::report_first_frame`]; [`ReportError::Unguarded`] where there is no token to
    /// hold it against.
    pub fn report_failure(&self, id: &BootId, message: &str) -> Result<(), ReportError> {
        let slot = {
            let mut session = self.session();
            let slot = self.its_slot(&mut session, id)?;
            let boots_patch = session
                .started
                .as_ref()
                .is_some_and(|started| matches!(started.boot.what, Booted::Generation { .. }));
            match slot {
                Some(slot) => slot,
                None if boots_patch => return Err(ReportError::Unguarded),
                // The bundled release is what there is to fall back to.
                None => return Ok(()),
            }
        };
        let event = Event::FailureReported {
            slot,
            now_ms: self.machine.now_ms(),
        };
        let message = format!("engine_report: {message}");
        let with = With {
            message: Some(within_message(&message)),
            ..With::default()
        };
        self.decide(&event, with)?;
        if let Some(started) = self.session().started.as_mut() {
            started.failed = !started.settled;
            started.settled = true;
        }
        Ok(())
    }

    fn report_life(
        &self,
        id: &BootId,
        report: impl FnOnce(&mut bool, &mut Duration),
    ) -> Result<Health, ReportError> {
        let left = {
            let mut session = self.session();
            self.its_slot(&mut session, id)?;
            let Some(started) = session.started.as_mut() else {
                return Err(ReportError::NotThisBoot);
            };
            report(&mut started.first_frame, &mut started.foreground);
            if started.settled {
                return Ok(Health::Settled);
            }
            let window = self.config.health_window;
            let counted = if started.first_frame {
                Some(started.foreground)
            } else {
                None
            };
            match counted {
                Some(foreground) if foreground >= window => None,
                counted => Some(window.saturating_sub(counted.unwrap_or_default())),
            }
        };
        match left {
            Some(left) => Ok(Health::Waiting { left }),
            None => self.settle_healthy(id),
        }
    }

    fn settle_healthy(&self, id: &BootId) -> Result<Health, ReportError> {
        let slot = self.its_slot(&mut self.session(), id)?;
        if let Some(slot) = slot {
            let now_ms = self.machine.now_ms();
            self.decide(&Event::Healthy { slot, now_ms }, With::default())?;
        }
        self.settled();
        Ok(Health::Settled)
    }

    fn settled(&self) {
        if let Some(started) = self.session().started.as_mut() {
            started.settled = true;
        }
    }

    /// The slot whose token is this boot's. A boot without one must not speak for the token of a
    /// process that had the slot before.
    fn its_slot(
        &self,
        session: &mut Session<S::Lock>,
        id: &BootId,
    ) -> Result<Option<ProcessSlot>, ReportError> {
        let started = session
            .started
            .as_ref()
            .filter(|started| started.boot.id == *id);
        let started = started.ok_or(ReportError::NotThisBoot)?;
        let is_patch = matches!(started.boot.what, Booted::Generation { .. });
        let slot = session.slot.as_ref().map(|(slot, _)| *slot);
        Ok(slot.filter(|_| is_patch && started.boot.guarded))
    }
}
