//! The way of a patch onto the device: asked for, fetched, inflated, verified, installed.

use patchproof_lifecycle::{Event, Fault, GenerationId, Note, Refusal};
use patchproof_protocol::WebUrl;
use patchproof_storage::generation::Staged;
use patchproof_storage::{Access, Fault as DiskFault, Storage};

use crate::check::Plan;
use crate::download::{Partial, Source};
use crate::error::{CheckError, OperationError, UpdateError};
use crate::machine::Machine;
use crate::notice::Notice;
use crate::operation::With;
use crate::origin::{Origin, another_may_do};
use crate::stage::OnDisk;
use crate::transport::{Cancel, Have, Transport, TransportError};
use crate::updater::{Updater, free};

/// Where an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// The patch is fetched.
    Downloading {
        /// So many bytes of it are there.
        bytes: u64,
        /// So many it has, where the server says it.
        total_bytes: Option<u64>,
    },
    /// The library is made of it.
    Inflating {
        /// So many bytes of it are there.
        bytes: u64,
    },
    /// It verified, and is made to last.
    Installing,
}

/// What an update came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Updated {
    /// In a word.
    pub outcome: Outcome,
    /// What was seen on the way.
    pub notices: Vec<Notice>,
    /// What the publisher says of what was fetched, as in [`Available`](crate::Available).
    pub notes: Option<String>,
    /// Whether the publisher asks that the app does not go on without what was fetched. It is for
    /// the embedder to act upon.
    pub force_update: bool,
}

/// An update, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// There is nothing that is not installed already.
    UpToDate,
    /// A patch lies installed, for good. It boots at the next start.
    Installed {
        /// Its number.
        number: u64,
        /// What it became.
        id: GenerationId,
    },
    /// What is offered is not taken.
    NotTaken {
        /// Its number.
        number: u64,
        /// What it would become.
        id: GenerationId,
        /// Why not.
        why: Refusal,
    },
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Sends some waiting events, asks the server, and fetches and installs what it offers. Nothing
    /// changes of what runs now. Whatever happens to the events, the update goes on.
    ///
    /// # Errors
    /// [`UpdateError`]; what was installed before stands.
    pub fn update(
        &self,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Updated, UpdateError> {
        self.update_channel(None, cancel, progress)
    }

    /// As [`Updater::update`], from another channel than the settings name, this once.
    ///
    /// # Errors
    /// As [`Updater::update`] and [`Updater::check_channel`].
    pub fn update_channel(
        &self,
        channel: Option<&str>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Updated, UpdateError> {
        let Some(_updating) = free(&self.updating) else {
            return Err(UpdateError::InProgress);
        };
        if !self.voucher.asks_files_alone() {
            drop(self.send_events(cancel));
        }
        let gave_up = || self.session().gave_up_deltas;
        let (gave_up_before, mut seen) = (gave_up(), Vec::new());
        let mut attempted = self.attempt(channel, cancel, progress, &mut seen);
        if let Err(error) = &attempted
            && gave_up() != gave_up_before
        {
            let reason = error.to_string();
            let notice = Notice::DeltaFailed { reason };
            self.session().keep(std::slice::from_ref(&notice));
            seen.push(notice);
            attempted = self.attempt(channel, cancel, progress, &mut seen);
        }
        let mut updated = attempted?;
        updated.notices.splice(0..0, seen);
        Ok(updated)
    }

    /// Asks, fetches and installs. Where a patch against the library that runs does not do, such
    /// patches are given up. What was seen before the fetch is told however it ends.
    fn attempt(
        &self,
        channel: Option<&str>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
        seen: &mut Vec<Notice>,
    ) -> Result<Updated, UpdateError> {
        let (decided, wanted) = self.ask(channel, cancel).map_err(of_check)?;
        let Some((plan, url)) = wanted else {
            self.clean_up();
            return Ok(updated(false, decided.notices, None));
        };
        seen.extend(decided.notices);
        let Some(_downloads) = self.lock_downloads()? else {
            return Err(UpdateError::InProgress);
        };
        let partial = Partial::of(&plan.offer.content.id);
        self.clean(Some(&partial));
        let fetched = self.fetch(&plan, &partial, &url, cancel, progress);
        self.tidy_after(&partial, fetched.as_ref().err());
        if let Err(error) = &fetched
            && plan.origin != Origin::Release
            && another_may_do(error)
        {
            self.give_up_deltas();
        }
        fetched
    }

    /// Downloads and stages. What came out of a partial download of an earlier process and does not
    /// verify says nothing about the patch: all of it is fetched once more.
    fn fetch(
        &self,
        plan: &Plan,
        partial: &Partial,
        url: &WebUrl,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Updated, UpdateError> {
        let have = partial.have(&self.storage, &Source::of(plan, url));
        let (staged, resumed) = self.fetch_once(plan, (partial, have), url, cancel, progress)?;
        let staged = match staged {
            Err(UpdateError::Patch(fault)) if resumed && !fault.is_the_patch => {
                let nothing = (partial, Have::default());
                self.fetch_once(plan, nothing, url, cancel, progress)?.0
            }
            staged => staged,
        };
        // What was made against a library of this device's own says nothing about the patch.
        if let Err(UpdateError::Patch(fault)) = &staged
            && (plan.origin == Origin::Release || fault.is_the_patch)
        {
            self.remember(plan, fault.counts_as());
        }
        self.put_in_place(plan, &staged?)
    }

    /// What is staged of one download, or why not; and whether that went on from an earlier one.
    fn fetch_once(
        &self,
        plan: &Plan,
        (partial, have): (&Partial, Have),
        url: &WebUrl,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Result<Staged, UpdateError>, bool), UpdateError> {
        let source = Source::of(plan, url);
        let downloaded = self.download((partial, have), &source, cancel, progress)?;
        let patch = OnDisk(self.storage.open(&downloaded.part, Access::Read)?);
        let staged = self.stage(plan, &patch, cancel, progress);
        Ok((staged, downloaded.resumed))
    }

    pub(crate) fn put_in_place(
        &self,
        plan: &Plan,
        staged: &Staged,
    ) -> Result<Updated, UpdateError> {
        let event = Event::Installed {
            release: self.release,
            offer: plan.offer.clone(),
            now_ms: self.machine.now_ms(),
        };
        let with = With {
            staged: Some(staged),
            plan: Some(plan),
            ..With::default()
        };
        let decided = self.decide_by(with, |document| {
            self.still_vouched(document, plan)?;
            Ok::<_, UpdateError>((event, None))
        })?;
        // It is empty, unless what was staged was refused or lay in its place already.
        self.clean_staging();
        Ok(updated(decided.published, decided.notices, Some(plan)))
    }

    /// Tells the lifecycle that a patch is not fit. Where that cannot be written, the patch is
    /// found unfit once more.
    pub(crate) fn remember(&self, plan: &Plan, fault: Fault) {
        let event = Event::Refused {
            release: self.release,
            offer: plan.offer.clone(),
            fault,
            now_ms: self.machine.now_ms(),
        };
        drop(self.decide(&event, With::default()));
    }

    /// What is of use to the next update stays, unless it takes the space that the device lacks.
    fn tidy_after(&self, partial: &Partial, error: Option<&UpdateError>) {
        let keeps_partial = match error {
            None | Some(UpdateError::Patch(_) | UpdateError::RunningLibrary { .. }) => false,
            Some(UpdateError::Operation(OperationError::Storage(error))) => {
                error.fault != DiskFault::NoSpace
            }
            Some(_) => true,
        };
        if !keeps_partial {
            partial.discard(&self.storage);
        }
        if error.is_some() {
            self.clean_staging();
        }
    }

    /// After an answer that asks for nothing: what earlier updates left is of no use any more.
    fn clean_up(&self) {
        if self.has_leftovers()
            && let Ok(Some(_downloads)) = self.lock_downloads()
        {
            self.clean(None);
        }
        self.sweep_unneeded();
    }
}

fn updated(published: bool, notices: Vec<Notice>, plan: Option<&Plan>) -> Updated {
    let refused = notices.iter().rev().find_map(|notice| match notice {
        Notice::Decided(Note::NotTaken { id, number, why }) => Some((*id, *number, *why)),
        _ => None,
    });
    let outcome = match (published, plan, refused) {
        (true, Some(plan), _) => Outcome::Installed {
            number: plan.offer.number,
            id: plan.offer.content.id,
        },
        (_, _, Some((_, _, Refusal::AlreadyInstalled)) | None) => Outcome::UpToDate,
        (_, _, Some((id, number, why))) => Outcome::NotTaken { number, id, why },
    };
    let said = plan.map(|plan| plan.said.clone()).unwrap_or_default();
    Updated {
        outcome,
        notices,
        notes: said.notes,
        force_update: said.force_update,
    }
}

fn of_check(error: CheckError) -> UpdateError {
    match error {
        CheckError::Transport(TransportError::Cancelled) => UpdateError::Cancelled,
        CheckError::Untrusted(why) => UpdateError::Untrusted(why),
        other => UpdateError::Check(other),
    }
}
