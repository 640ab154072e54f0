//! What a person may observe of a device, written from its invariants and from nothing else.
//!
//! A `Phone` is one history of a device: what was acknowledged, and what must follow from it. A
//! [`Reference`] is every history that may be true: a power cut in the middle of an operation
//! leaves the one before it and the one after it, and what the device shows next tells which. When
//! no history is left, the device broke an invariant. It never calls `lifecycle`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bytes that can boot, told apart by their hash.
pub type Content = [u8; 32];
/// A release: 0, 1, ...
pub type Release = u8;
/// A process, by the system's number of it.
pub type Process = u32;

/// A patch as a server offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "tests write them")]
pub struct Patch {
    /// The publisher's number; never 0.
    pub number: u64,
    /// What it becomes.
    pub content: Content,
    /// The epoch of the data that it writes.
    pub epoch: u32,
    /// The newest epoch of data that it reads.
    pub reads: u32,
}

/// What a person does to a device, or what befalls it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests write them")]
pub enum Act {
    /// The app is started. `ended` says which processes have ended since, and whether each is known
    /// to have crashed.
    Start {
        /// The one that is started.
        process: Process,
        /// What the store has installed.
        release: Release,
        /// Those that have ended, and whether each is known to have crashed.
        ended: BTreeMap<Process, bool>,
    },
    /// The app ran well for long enough.
    Healthy(Process),
    /// The app reported that it failed.
    Failed(Process),
    /// The server answered.
    Answer {
        /// The release that it was asked about.
        release: Release,
        /// What the device should run, if anything.
        offer: Option<Patch>,
        /// Numbers that are withdrawn.
        rolled_back: BTreeSet<u64>,
    },
    /// What the server offered is whole and verified, and is installed.
    Install {
        /// The release that it is for.
        release: Release,
        /// What is installed.
        patch: Patch,
    },
}

/// What runs: nothing is the bundled release.
pub type Seen = Option<Content>;

/// One history.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Phone {
    release: Option<Release>,
    kept: BTreeMap<Content, Kept>,
    newest: Option<Content>,
    proven: Option<Content>,
    boots: BTreeMap<Process, Boot>,
    banned: BTreeSet<(Release, Content)>,
    aside: BTreeMap<Content, u64>,
    written_epoch: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    patch: Patch,
    proven: bool,
    crashes: u8,
    unfinished: u8,
    recent: VecDeque<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Boot {
    release: Release,
    content: Content,
    proven: bool,
    settled: bool,
}

/// Every history that may be true.
#[derive(Clone, Debug)]
pub struct Reference {
    histories: BTreeSet<Phone>,
}

impl Default for Reference {
    fn default() -> Self {
        let histories = BTreeSet::from([Phone::default()]);
        Self { histories }
    }
}

impl Reference {
    /// The acts were carried out and acknowledged: they last.
    pub fn acknowledged(&mut self, acts: &[Act]) {
        self.become_each(|phone| vec![phone.after(acts)]);
    }

    /// The acts were begun in this order and the device failed or lost power somewhere among them.
    pub fn cut_short(&mut self, acts: &[Act]) {
        let first = |count| acts.get(..count).unwrap_or_default();
        self.become_each(|phone| {
            (0..=acts.len())
                .map(|count| phone.after(first(count)))
                .collect()
        });
    }

    /// A start was begun, and the power went before anything ran.
    pub fn start_cut_short(&mut self, start: &Act) {
        self.become_each(|phone| {
            let settled = phone.after(std::slice::from_ref(start));
            let running = settled.running(start, settled.choice());
            vec![phone.clone(), settled, running]
        });
    }

    /// A start was carried out, and this runs.
    ///
    /// # Errors
    /// What was expected, when no history allows it.
    pub fn started(&mut self, start: &Act, seen: Seen) -> Result<(), String> {
        let start_of = |phone: &Phone| phone.after(std::slice::from_ref(start));
        let expected = self.histories.iter().map(|it| start_of(it).choice());
        let expected: Vec<Seen> = expected.collect();
        self.become_each(|phone| {
            let settled = start_of(phone);
            let fits = settled.choice() == seen;
            Vec::from_iter(fits.then(|| settled.running(start, seen)))
        });
        self.still_possible(|| format!("expected one of {expected:02x?} to run, found {seen:02x?}"))
    }

    /// A start was carried out on a disk that failed on the way, and this runs. What is proven may
    /// have been fallen back to, and the bundled release always.
    ///
    /// # Errors
    /// What was expected, when no history allows it.
    pub fn started_amid_faults(
        &mut self,
        start: &Act,
        seen: Seen,
        guarded: bool,
    ) -> Result<(), String> {
        self.become_each(|phone| {
            // Of which boots it could be told that they have ended is not known either. What was
            // settled counts for this start whether or not it could be written.
            let settled = phone.settled_in_part(start).into_iter();
            let fits = |it: &Phone| seen.is_none() || it.choice() == seen || it.proven == seen;
            let fitting = settled.filter(fits);
            let counted = |it: Phone| [it.running(start, it.choice()), it];
            match (guarded, seen) {
                (true, Some(_)) => fitting.map(|it| it.running(start, seen)).collect(),
                (false, Some(_)) => fitting.chain([phone.clone()]).collect(),
                // The guard of what does not run may be on the disk though its writing was told as
                // failed, and nothing takes it back: the next start counts that boot.
                (_, None) => fitting.flat_map(counted).chain([phone.clone()]).collect(),
            }
        });
        self.still_possible(|| format!("{seen:02x?} runs amid faults, and no history allows it"))
    }

    /// Whether an offer is to be fetched: in some history, and in all of them.
    #[must_use]
    pub fn wants(&self, release: Release, patch: &Patch) -> (bool, bool) {
        let wants = |phone: &Phone| phone.wants(release, patch);
        (
            self.histories.iter().any(wants),
            self.histories.iter().all(wants),
        )
    }

    fn become_each(&mut self, becomes: impl Fn(&Phone) -> Vec<Phone>) {
        self.histories = self.histories.iter().flat_map(becomes).collect();
    }

    fn still_possible(&self, why: impl FnOnce() -> String) -> Result<(), String> {
        if self.histories.is_empty() {
            Err(why())
        } else {
            Ok(())
        }
    }
}

impl Phone {
    fn after(&self, acts: &[Act]) -> Self {
        let mut phone = self.clone();
        acts.iter().for_each(|act| phone.act(act));
        phone
    }

    /// After a start that settled any of the boots that have ended.
    fn settled_in_part(&self, start: &Act) -> Vec<Self> {
        let Act::Start {
            process,
            release,
            ended,
        } = start
        else {
            return vec![self.clone()];
        };
        let mut parts = vec![BTreeMap::new()];
        for (ended, crashed) in ended.iter().filter(|(it, _)| self.boots.contains_key(it)) {
            let with: Vec<_> = parts
                .iter()
                .cloned()
                .map(|mut part: BTreeMap<_, _>| {
                    part.insert(*ended, *crashed);
                    part
                })
                .collect();
            parts.extend(with);
        }
        let start = |ended| Act::Start {
            process: *process,
            release: *release,
            ended,
        };
        parts
            .into_iter()
            .map(|ended| self.after(&[start(ended)]))
            .collect()
    }

    fn running(&self, start: &Act, seen: Seen) -> Self {
        let mut phone = self.clone();
        phone.runs(start, seen);
        phone
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Start { release, ended, .. } => {
                ended
                    .iter()
                    .for_each(|(process, crashed)| self.ended(*process, *crashed));
                self.now_on(*release);
            }
            Act::Healthy(process) => self.healthy(*process),
            Act::Failed(process) => self.failed(*process),
            Act::Answer {
                release,
                offer,
                rolled_back,
            } if self.release == Some(*release) => self.answered(offer.as_ref(), rolled_back),
            Act::Install { release, patch } if self.wants(*release, patch) => {
                self.kept.insert(patch.content, Kept::new(*patch));
                self.newest = Some(patch.content);
            }
            Act::Answer { .. } | Act::Install { .. } => {}
        }
        self.forget_unreferenced();
    }

    /// Invariant 8: what is withdrawn goes, also when the same answer offers it.
    fn answered(&mut self, offer: Option<&Patch>, rolled_back: &BTreeSet<u64>) {
        self.kept
            .retain(|_, kept| !rolled_back.contains(&kept.patch.number));
        self.drop_dangling();
        let Some(offer) = offer.filter(|it| !rolled_back.contains(&it.number)) else {
            return;
        };
        if !self.may_stand(offer) {
            return;
        }
        let stands = self.stands() == Some(offer.content);
        if let Some(kept) = self.kept.get_mut(&offer.content) {
            // The same bytes under another number are the same; the number is the newest one.
            kept.patch.number = match stands {
                true => kept.patch.number.max(offer.number),
                false => offer.number,
            };
            self.newest = Some(offer.content);
        }
        if !stands {
            self.aside.retain(|_, number| *number >= offer.number);
        }
    }

    /// Invariant 6: a boot that was settled is never blamed, and blame names what really ran.
    fn ended(&mut self, process: Process, crashed: bool) {
        let Some(boot) = self.boots.remove(&process).filter(|boot| !boot.settled) else {
            return;
        };
        self.blame(&boot, crashed);
    }

    fn failed(&mut self, process: Process) {
        let Some(boot) = self.boots.get_mut(&process).filter(|boot| !boot.settled) else {
            return;
        };
        boot.settled = true;
        let boot = boot.clone();
        self.blame(&boot, true);
    }

    /// Where nothing is kept of it any more, one known crash of what was never proven is enough.
    fn blame(&mut self, boot: &Boot, crashed: bool) {
        let kept = self
            .kept
            .get(&boot.content)
            .filter(|_| self.release == Some(boot.release));
        if let Some(kept) = kept {
            // What was proven, left and came again is judged by what it does from then on.
            if kept.proven || !boot.proven {
                self.count(boot.content, crashed);
            }
        } else if crashed && !boot.proven {
            self.banned.insert((boot.release, boot.content));
            self.drop_dangling();
        }
    }

    /// Invariants 3 and 6: one known crash of what was never proven bans it, three of the last five
    /// of what was; three boots in a row of what was never proven that come to nothing set it
    /// aside.
    fn count(&mut self, content: Content, crashed: bool) {
        let Some((release, kept)) = self.release.zip(self.kept.get_mut(&content)) else {
            return;
        };
        if kept.proven {
            kept.remember(crashed);
        } else {
            kept.crashes = kept.crashes.saturating_add(u8::from(crashed));
            kept.unfinished = kept.unfinished.saturating_add(1);
        }
        let crashes = kept.recent.iter().filter(|crashed| **crashed).count();
        let number = kept.patch.number;
        if kept.crashes >= 1 || crashes >= 3 {
            self.banned.insert((release, content));
            self.kept.remove(&content);
        } else if kept.unfinished >= 3 {
            self.aside.insert(content, number);
            self.kept.remove(&content);
        }
        self.drop_dangling();
    }

    fn healthy(&mut self, process: Process) {
        let Some(boot) = self.boots.get_mut(&process).filter(|boot| !boot.settled) else {
            return;
        };
        boot.settled = true;
        let (release, content) = (boot.release, boot.content);
        let same = |it: &&mut Boot| it.content == content && it.release == release;
        self.boots
            .values_mut()
            .filter(same)
            .for_each(|it| it.proven = true);
        let number_of = |it: Content| self.kept.get(&it).map(|kept| kept.patch.number);
        let before = self.proven.and_then(number_of);
        let Some(kept) = self
            .kept
            .get_mut(&content)
            .filter(|_| self.release == Some(release))
        else {
            return;
        };
        if kept.proven {
            kept.remember(false);
        }
        kept.proven = true;
        (kept.crashes, kept.unfinished) = (0, 0);
        if self.newest == Some(content) || before.is_none_or(|before| before <= kept.patch.number) {
            self.proven = Some(content);
        }
    }

    /// Invariant 2: nothing of another release boots.
    fn now_on(&mut self, release: Release) {
        if self.release == Some(release) {
            return;
        }
        self.kept.clear();
        self.aside.clear();
        self.written_epoch = 0;
        self.release = Some(release);
        self.drop_dangling();
    }

    /// Invariants 1, 3 and 5: the newest, else the last that was proven, else the bundled release.
    fn choice(&self) -> Seen {
        let fit = |content: &Content| {
            let kept = self.kept.get(content);
            kept.is_some_and(|kept| kept.patch.reads >= self.written_epoch)
        };
        self.newest.filter(fit).or(self.proven.filter(fit))
    }

    fn runs(&mut self, start: &Act, seen: Seen) {
        let Act::Start {
            process, release, ..
        } = start
        else {
            return;
        };
        let Some(content) = seen else { return };
        let Some(kept) = self.kept.get(&content) else {
            return;
        };
        self.written_epoch = self.written_epoch.max(kept.patch.epoch);
        let (release, proven) = (*release, kept.proven);
        let boot = Boot {
            release,
            content,
            proven,
            settled: false,
        };
        self.boots.insert(*process, boot);
    }

    /// Invariants 3, 8 and 11: what is to be fetched and installed.
    fn wants(&self, release: Release, patch: &Patch) -> bool {
        self.release == Some(release)
            && self.may_stand(patch)
            && !self.kept.contains_key(&patch.content)
    }

    fn may_stand(&self, patch: &Patch) -> bool {
        let stands = self.stands().and_then(|it| self.kept.get(&it));
        let older = stands.is_some_and(|kept| {
            kept.patch.content != patch.content && kept.patch.number > patch.number
        });
        let aside = self.aside.get(&patch.content);
        let banned = self
            .release
            .is_some_and(|release| self.banned.contains(&(release, patch.content)));
        patch.number > 0
            && !banned
            && aside.is_none_or(|number| patch.number > *number)
            && !older
            && patch.reads >= self.written_epoch
    }

    fn stands(&self) -> Seen {
        self.newest.or(self.proven)
    }

    fn drop_dangling(&mut self) {
        self.newest = self.newest.filter(|it| self.kept.contains_key(it));
        self.proven = self.proven.filter(|it| self.kept.contains_key(it));
    }

    fn forget_unreferenced(&mut self) {
        let running = self
            .boots
            .values()
            .filter(|it| !it.settled && Some(it.release) == self.release);
        let pointed = self.newest.into_iter().chain(self.proven);
        let referenced: BTreeSet<Content> = running.map(|it| it.content).chain(pointed).collect();
        self.kept.retain(|content, _| referenced.contains(content));
    }
}

impl Kept {
    fn new(patch: Patch) -> Self {
        Self {
            patch,
            proven: false,
            crashes: 0,
            unfinished: 0,
            recent: VecDeque::new(),
        }
    }

    fn remember(&mut self, crashed: bool) {
        self.recent.push_back(crashed);
        while self.recent.len() > 5 {
            self.recent.pop_front();
        }
    }
}
