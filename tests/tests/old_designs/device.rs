//! A small device around [`step`]: what is committed, what lies on the disk, and who is alive.
//!
//! Effects are carried out one by one and may stop before any of them, as a kill or a power cut
//! stops them; on an honest disk what was committed lasts, and nothing else is remembered.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_lifecycle::{
    Answer, Content, Durability, Effect, Event, Exit, Fault, Finding, GenerationId, Note, Offer,
    Outcome, Policy, ProcessSlot, ReleaseKey, State, Validity, invariants, step,
};

/// A device.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) state: State,
    pub(crate) release: ReleaseKey,
    /// What lies in its place.
    pub(crate) files: BTreeMap<GenerationId, Finding>,
    /// What live processes run; their folders are held by a lock.
    pub(crate) live: BTreeMap<ProcessSlot, Option<GenerationId>>,
    /// How processes ended that no start has settled.
    exits: BTreeMap<ProcessSlot, Exit>,
    pub(crate) notes: Vec<Note>,
    /// Commits to both slots.
    pub(crate) firm_commits: usize,
    clock_ms: u64,
}

/// The slot of the process that most tests need.
pub(crate) const MAIN: ProcessSlot = ProcessSlot(0);
/// The slot of another process.
pub(crate) const OTHER: ProcessSlot = ProcessSlot(1);

impl Device {
    /// A fresh one, that runs the bundled release of `A`.
    pub(crate) fn new() -> Self {
        let mut device = Self {
            state: State::default(),
            release: ReleaseKey::of_bytes([0xa; 32]),
            files: BTreeMap::new(),
            live: BTreeMap::new(),
            exits: BTreeMap::new(),
            notes: Vec::new(),
            firm_commits: 0,
            clock_ms: 1_000_000,
        };
        assert_eq!(device.start(MAIN), None);
        device
    }

    /// One that runs this, proven, and is idle.
    pub(crate) fn running(offer: &Offer) -> Self {
        let mut device = Self::new();
        device.update(offer);
        assert_eq!(
            device.restart(MAIN, Exit::UserRequest),
            Some(offer.content.id)
        );
        device.healthy(MAIN);
        device
    }

    /// What this start boots.
    pub(crate) fn start(&mut self, slot: ProcessSlot) -> Option<GenerationId> {
        self.start_cut(slot, usize::MAX)
            .expect("a start that is not cut boots")
    }

    /// The process ends like that, and one starts in its place.
    pub(crate) fn restart(&mut self, slot: ProcessSlot, exit: Exit) -> Option<GenerationId> {
        self.end(slot, exit);
        self.start(slot)
    }

    /// A start that is cut short before this one of its effects, if it has so many.
    pub(crate) fn start_cut(
        &mut self,
        slot: ProcessSlot,
        cut_before: usize,
    ) -> Option<Option<GenerationId>> {
        let tokens = self
            .state
            .tokens
            .keys()
            .filter(|slot| !self.live.contains_key(slot));
        let ended = tokens.map(|slot| (*slot, self.exits.get(slot).copied()));
        let ended = ended
            .map(|(slot, exit)| (slot, exit.unwrap_or(Exit::Unknown)))
            .collect();
        let mut event = Event::Start {
            slot,
            release: self.release,
            ended,
            now_ms: self.tick(),
        };
        let mut left = cut_before;
        let mut memory = self.state.clone();
        loop {
            let outcome = self.step(&memory, &event);
            memory = outcome.state.clone();
            let mut check = None;
            for effect in &outcome.effects {
                left = left.checked_sub(1)?;
                match effect {
                    Effect::Check(id) => check = Some(*id),
                    Effect::Boot(booted) => {
                        self.exits.remove(&slot);
                        self.live.insert(slot, *booted);
                        return Some(*booted);
                    }
                    effect => self.carry_out(effect, &outcome.state),
                }
            }
            event = Event::Checked {
                slot,
                process: 1,
                id: check.expect("a start ends in a boot"),
                finding: check
                    .and_then(|id| self.files.get(&id))
                    .copied()
                    .unwrap_or(Finding::Missing),
                writable: true,
                now_ms: self.tick(),
            };
        }
    }

    pub(crate) fn end(&mut self, slot: ProcessSlot, exit: Exit) {
        self.live.remove(&slot);
        self.exits.insert(slot, exit);
    }

    /// No process is alive any more, and nobody knows how they ended.
    pub(crate) fn power_cut(&mut self) {
        self.live.clear();
        self.exits.clear();
    }

    pub(crate) fn healthy(&mut self, slot: ProcessSlot) {
        let now_ms = self.tick();
        self.happen(&Event::Healthy { slot, now_ms });
    }

    pub(crate) fn report_failure(&mut self, slot: ProcessSlot) {
        let now_ms = self.tick();
        self.happen(&Event::FailureReported { slot, now_ms });
    }

    /// What is to be fetched.
    pub(crate) fn answered(&mut self, offer: Option<&Offer>, rolled_back: &[u64]) -> Option<Offer> {
        let event = Event::Answered {
            release: self.release,
            answer: Answer {
                offer: offer.cloned(),
                rolled_back: rolled_back.iter().copied().collect(),
            },
            now_ms: self.tick(),
        };
        self.happen(&event)
    }

    pub(crate) fn refused(&mut self, offer: &Offer, fault: Fault) {
        let event = Event::Refused {
            release: self.release,
            offer: offer.clone(),
            fault,
            now_ms: self.tick(),
        };
        self.happen(&event);
    }

    /// Whole and verified, it lies staged.
    pub(crate) fn installed(&mut self, offer: &Offer) {
        self.install_cut(offer, usize::MAX);
    }

    /// An install that is cut short before this one of its effects; how many it has.
    pub(crate) fn install_cut(&mut self, offer: &Offer, cut_before: usize) -> usize {
        let event = Event::Installed {
            release: self.release,
            offer: offer.clone(),
            now_ms: self.tick(),
        };
        let outcome = self.step(&self.state.clone(), &event);
        for effect in outcome.effects.iter().take(cut_before) {
            self.carry_out(effect, &outcome.state);
        }
        outcome.effects.len()
    }

    /// Asked, fetched and installed.
    pub(crate) fn update(&mut self, offer: &Offer) {
        assert_eq!(self.answered(Some(offer), &[]).as_ref(), Some(offer));
        self.installed(offer);
    }

    pub(crate) fn is_known_bad(&self, offer: &Offer) -> bool {
        let words = self.state.words.get(&self.release);
        words.is_some_and(|words| words.known_bad.contains_key(&offer.content.id))
    }

    /// What lies on the disk.
    pub(crate) fn kept(&self) -> BTreeSet<GenerationId> {
        self.files.keys().copied().collect()
    }

    fn happen(&mut self, event: &Event) -> Option<Offer> {
        let outcome = self.step(&self.state.clone(), event);
        let mut fetch = None;
        for effect in &outcome.effects {
            match effect {
                Effect::Fetch(offer) => fetch = Some(offer.clone()),
                effect => self.carry_out(effect, &outcome.state),
            }
        }
        fetch
    }

    fn step(&mut self, state: &State, event: &Event) -> Outcome {
        let policy = Policy::default();
        let outcome = step(&policy, state, event);
        assert_eq!(
            invariants::violated(&policy, state, event, &outcome),
            None,
            "{event:?}"
        );
        self.notes.extend(outcome.notes.iter().cloned());
        outcome
    }

    fn carry_out(&mut self, effect: &Effect, state: &State) {
        match effect {
            Effect::Commit(durability) => {
                self.firm_commits += usize::from(*durability == Durability::BothSlots);
                self.state = state.clone();
            }
            Effect::Publish(id) => {
                self.files.insert(*id, Finding::Whole);
            }
            Effect::Sweep(keep) => {
                let held: BTreeSet<_> = self.live.values().flatten().copied().collect();
                self.files
                    .retain(|id, _| keep.contains(id) || held.contains(id));
            }
            Effect::Check(_) | Effect::Boot(_) | Effect::Fetch(_) => {
                panic!("only where it is waited for: {effect:?}");
            }
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock_ms += 1000;
        self.clock_ms
    }
}

/// A patch of this number, whose bytes are these.
pub(crate) fn patch(number: u64, content: char) -> Offer {
    let byte = u8::try_from(content).expect("a letter");
    Offer {
        number,
        content: Content {
            id: GenerationId::of_bytes([byte; 32]),
            data_epoch: 0,
            reads_data_epoch: 0,
        },
        validity: Validity::default(),
    }
}
