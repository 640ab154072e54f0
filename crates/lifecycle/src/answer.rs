//! What the server offers and withdraws, and what comes of it.

use crate::turn::Turn;
use crate::{
    Answer, BadReason, Dropped, Effect, Fault, GenerationId, Installed, Note, Offer, QueuedKind,
    Refusal, ReleaseKey, SetAside, SetAsideReason, Validity,
};

impl Turn<'_> {
    /// The server answered.
    pub(crate) fn answered(&mut self, release: &ReleaseKey, answer: &Answer, now_ms: u64) {
        if !self.is_current(release) {
            if let Some(offer) = &answer.offer {
                self.not_taken(offer, Refusal::OtherRelease);
            }
            self.commit();
            return;
        }
        self.state.lost = false;
        self.roll_back(answer);
        let fetched = answer
            .offer
            .as_ref()
            .filter(|offer| self.is_to_be_fetched(release, offer, now_ms));
        self.prune();
        self.commit();
        if let Some(offer) = fetched {
            // What an install that was cut short left behind must not take the space for this one.
            self.sweep();
            self.effects.push(Effect::Fetch(offer.clone()));
        }
    }

    /// What was fetched is not fit to be installed.
    pub(crate) fn refused(
        &mut self,
        release: &ReleaseKey,
        offer: &Offer,
        fault: Fault,
        now_ms: u64,
    ) {
        match fault {
            Fault::Patch => {
                let id = &offer.content.id;
                self.ban(
                    release,
                    id,
                    offer.number,
                    BadReason::NotVerified,
                    Some(now_ms),
                );
            }
            Fault::PatchOrTransport => self.count_failed_download(release, offer, now_ms),
            Fault::Transport | Fault::Device => {}
        }
        self.prune();
        self.commit();
    }

    /// What was fetched lies staged. The answer may be stale: everything is looked at again.
    pub(crate) fn installed(&mut self, release: &ReleaseKey, offer: &Offer, now_ms: u64) {
        if self.is_to_be_fetched(release, offer, now_ms) {
            let id = offer.content.id;
            self.state.installed.insert(id, record_of(offer));
            self.state.candidate = Some(id);
            self.state.failed_downloads.remove(&id);
            self.queue(QueuedKind::Installed, release, (&id, offer.number), now_ms);
            self.effects.push(Effect::Publish(id));
            self.prune();
            self.commit();
            self.sweep();
        } else {
            self.prune();
            self.commit();
        }
    }

    /// The set of withdrawn numbers is the newest answer's; what stands under one of them goes.
    fn roll_back(&mut self, answer: &Answer) {
        self.state.rolled_back.clone_from(&answer.rolled_back);
        self.bound();
        let installed = self.state.installed.iter();
        let gone: Vec<GenerationId> = installed
            .filter(|(_, record)| answer.rolled_back.contains(&record.number))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.drop_generation(&id, Dropped::RolledBack);
        }
    }

    /// Looks at an offer. What is refused is said; what is installed already is only pointed to.
    fn is_to_be_fetched(&mut self, release: &ReleaseKey, offer: &Offer, now_ms: u64) -> bool {
        let id = offer.content.id;
        match self.refusal(release, offer, now_ms) {
            Some(why) => {
                self.not_taken(offer, why);
                if why == Refusal::AlreadyInstalled && holds(&offer.validity, now_ms) {
                    self.relabel(offer);
                }
                false
            }
            None => {
                self.release_set_aside(offer.number);
                let is_installed = self.state.installed.contains_key(&id);
                if is_installed {
                    self.state.candidate = Some(id);
                    if let Some(record) = self.state.installed.get_mut(&id) {
                        record.number = offer.number;
                    }
                    self.not_taken(offer, Refusal::AlreadyInstalled);
                }
                !is_installed
            }
        }
    }

    fn refusal(&self, release: &ReleaseKey, offer: &Offer, now_ms: u64) -> Option<Refusal> {
        if !self.is_current(release) {
            return Some(Refusal::OtherRelease);
        }
        if self.state.lost {
            return Some(Refusal::AnswerNeeded);
        }
        if offer.number == 0 {
            return Some(Refusal::NumberZero);
        }
        if self.state.rolled_back.contains(&offer.number) {
            return Some(Refusal::RolledBack);
        }
        self.state
            .remembers_against(release, offer)
            .or_else(|| self.refusal_by_what_stands(offer))
            .or_else(|| (!holds(&offer.validity, now_ms)).then_some(Refusal::NotValidNow))
            .or_else(|| {
                let known_bad = self.words().map_or(0, |words| words.known_bad.len());
                let is_full = known_bad >= usize::from(self.policy.known_bad_max);
                is_full.then_some(Refusal::TooManyKnownBad)
            })
    }

    fn refusal_by_what_stands(&self, offer: &Offer) -> Option<Refusal> {
        let id = offer.content.id;
        let standing = self.standing();
        if standing == Some(id) {
            return Some(Refusal::AlreadyInstalled);
        }
        let standing = standing.and_then(|id| self.state.installed.get(&id));
        if standing.is_some_and(|record| record.number > offer.number) {
            return Some(Refusal::Older);
        }
        let reads = match self.state.installed.get(&id) {
            Some(record) => record.reads_data_epoch,
            None => record_of(offer).reads_data_epoch,
        };
        (reads < self.state.data_epoch).then_some(Refusal::DataEpoch)
    }

    /// The same content under a higher number: a later withdrawal names that one.
    fn relabel(&mut self, offer: &Offer) {
        if let Some(record) = self.state.installed.get_mut(&offer.content.id) {
            record.number = record.number.max(offer.number);
        }
    }

    /// The server says something newer than what is set aside.
    fn release_set_aside(&mut self, number: u64) {
        self.state
            .set_aside
            .retain(|_, aside| aside.number >= number);
    }

    fn count_failed_download(&mut self, release: &ReleaseKey, offer: &Offer, now_ms: u64) {
        let (id, number) = (offer.content.id, offer.number);
        let of_interest = self.is_current(release)
            && !self.state.installed.contains_key(&id)
            && self.forbidden(&id, number).is_none();
        if !of_interest {
            return;
        }
        let count = self.state.failed_downloads.entry(id).or_insert(0);
        *count = count.saturating_add(1);
        if *count >= self.policy.failed_downloads_max.max(1) {
            let reason = SetAsideReason::FailedDownloads;
            self.state.failed_downloads.remove(&id);
            self.state.set_aside.insert(id, SetAside { number, reason });
            self.not_taken(offer, Refusal::SetAside(reason));
            self.queue(QueuedKind::NotVerified, release, (&id, number), now_ms);
        }
        self.bound();
    }

    fn not_taken(&mut self, offer: &Offer, why: Refusal) {
        self.notes.push(Note::NotTaken {
            id: offer.content.id,
            number: offer.number,
            why,
        });
    }
}

fn record_of(offer: &Offer) -> Installed {
    let content = &offer.content;
    Installed {
        number: offer.number,
        data_epoch: content.data_epoch,
        reads_data_epoch: content.reads_data_epoch.max(content.data_epoch),
        proven: false,
        crashes: 0,
        unfinished: 0,
        recent: std::collections::VecDeque::new(),
    }
}

fn holds(validity: &Validity, now_ms: u64) -> bool {
    validity.from_ms.is_none_or(|from_ms| from_ms <= now_ms)
        && validity.until_ms.is_none_or(|until_ms| now_ms < until_ms)
}
