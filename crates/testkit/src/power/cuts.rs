//! The power goes before each operation, and the phone is started on every disk that this may
//! leave.

use std::collections::{BTreeSet, HashMap, HashSet};

use patchproof_rehearsal::{BlockSize, Bounds, Coverage, Honesty, Rot, SimDisk};

use super::Effort;
use super::acts::{Acts, Stop};
use super::known::{self, Known, Seen};
use super::observed::{Observed, Tidied, Violation, goes_on_well, observe, starts_left};
use super::prepared::prepared;
use super::scenarios::Scenario;
use crate::phone::Phone;

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cuts {
    /// Storage operations of the acts; the power went before each, and after the last one.
    pub operations: u64,
    /// Disks that the cuts may leave, those of each cut counted by themselves.
    pub images: u64,
    /// Moments whose images were too many, and were swept.
    pub swept_moments: u64,
    /// Points of a second cut, in the starts on images of the first one.
    pub second_cuts: u64,
    /// Disks that the second cuts may leave.
    pub second_images: u64,
    /// Disks on which one slot of the state goes bad after a cut besides.
    pub rotten_images: u64,
    /// Starts on different disks.
    pub starts: u64,
    /// Fair continuations of different starts.
    pub continuations: u64,
    /// The most starts that one of them took until the newest good patch ran.
    pub starts_until_newest_max: u64,
    /// What a person can observe in between if nothing but the process is killed, in order.
    pub stages: Vec<String>,
    /// What must not be.
    pub violations: Vec<Violation>,
}

/// Takes a scenario through all its cuts.
#[must_use]
pub fn cuts(scenario: &Scenario, block: BlockSize, honesty: Honesty, effort: Effort) -> Cuts {
    let origin = prepared(scenario, block, honesty);
    let mut explorer = Explorer::new(effort, honesty);
    explorer.is_patient = scenario.is_patient;
    explorer.acts(&origin, scenario.act, None, scenario.name);
    explorer.cuts
}

/// What the acts are.
pub(super) type Act = fn(&mut Acts) -> Result<(), Stop>;

/// One kind of disk, and what is known of it.
pub(super) struct Explorer {
    effort: Effort,
    honesty: Honesty,
    known: Known,
    looks: HashMap<Key, Look>,
    went_on: HashMap<(Seen, Seen, u64, u8), WentOn>,
    tidied: Tidied,
    second: HashSet<Key>,
    rotted: HashSet<(Key, usize)>,
    /// Whether starts are counted until an unproven patch is given up.
    pub(super) is_patient: bool,
    pub(super) cuts: Cuts,
    /// Where to stop: nothing more is to be learnt.
    pub(super) stops_at_first: bool,
}

/// A disk by its names and bytes, what the server says, and which release is installed.
type Key = (Seen, u64, u8);

/// After how many starts the newest good patch ran.
type WentOn = Result<u64, Violation>;

/// What a start on a disk showed.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) observed: Observed,
    pub(super) violations: Vec<Violation>,
    /// The disk as the start left it, but for what it does not look at.
    left: Seen,
}

impl Explorer {
    pub(super) fn new(effort: Effort, honesty: Honesty) -> Self {
        Self {
            effort,
            honesty,
            known: Known::default(),
            looks: HashMap::new(),
            went_on: HashMap::new(),
            tidied: Tidied::new(),
            second: HashSet::new(),
            rotted: HashSet::new(),
            is_patient: false,
            cuts: Cuts::default(),
            stops_at_first: false,
        }
    }

    /// Every cut of the acts.
    pub(super) fn acts(
        &mut self,
        origin: &Phone,
        act: Act,
        dropped: Option<(usize, u64)>,
        name: &str,
    ) {
        self.cuts.stages.clear();
        let mut stages: Vec<Observed> = Vec::new();
        for point in 0.. {
            let run = cut_at(origin, act, dropped, point);
            let is_over = run.phone.disk.power_cut().is_none();
            let place = format!("{name}, cut {point}");
            if is_over {
                self.blame(&place, run.violations.clone());
            }
            let stage = self.look_at(&run.phone, &run.phone.disk.fork());
            self.blame(&format!("{place}, killed"), stage.violations.clone());
            stages.push(stage.observed);
            let since = run.acknowledged.last().copied().unwrap_or(0);
            let since = usize::try_from(since).unwrap_or(0).min(stages.len() - 1);
            let allowed: BTreeSet<&Observed> = stages.iter().skip(since).collect();
            let images = self.images(&run.phone, &place, &allowed);
            self.cuts.images += images.images;
            self.cuts.swept_moments += images.swept_moments;
            if is_over {
                self.cuts.operations = point;
                break;
            }
            if self.stops_at_first && !self.cuts.violations.is_empty() {
                return;
            }
        }
        let mut words: Vec<String> = stages.iter().map(Observed::to_string).collect();
        words.dedup();
        self.cuts.stages = words;
    }

    /// What a start shows if the process is killed before each operation of the acts, and after
    /// the last one; and the whole run.
    pub(super) fn stages(&mut self, origin: &Phone, act: Act) -> (Vec<Observed>, Acts) {
        let mut stages = Vec::new();
        for point in 0.. {
            let run = cut_at(origin, act, None, point);
            stages.push(self.look_at(&run.phone, &run.phone.disk.fork()).observed);
            if run.phone.disk.power_cut().is_none() {
                return (stages, run);
            }
        }
        unreachable!("acts have an end")
    }

    /// Every disk that this cut may leave.
    fn images(&mut self, phone: &Phone, place: &str, allowed: &BTreeSet<&Observed>) -> Coverage {
        let mut images = phone.disk.images(self.effort.bounds);
        for (number, image) in images.by_ref().enumerate() {
            let look = self.look_at(phone, &image);
            let place = || format!("{place}, image {number}");
            if !look.violations.is_empty() {
                self.blame(&place(), look.violations.clone());
            }
            if self.honesty == Honesty::Honest && !allowed.contains(&look.observed) {
                let allowed: Vec<String> = allowed.iter().map(|it| format!("[{it}]")).collect();
                let what = format!("[{}], expected {}", look.observed, allowed.join(" or "));
                self.cuts.violations.push(Violation::new(place(), what));
            }
            if self.honesty == Honesty::Honest && look.observed.has_bans() {
                self.one_slot_rots(phone, &image, allowed, &place());
            }
            if self.stops_at_first && !self.cuts.violations.is_empty() {
                break;
            }
            if self.effort.has_second_cuts {
                self.second_cuts(phone, &image, &look.observed, &place());
            }
        }
        images.coverage()
    }

    /// One of the two slots goes bad besides: no ban is forgotten.
    fn one_slot_rots(
        &mut self,
        phone: &Phone,
        image: &SimDisk,
        allowed: &BTreeSet<&Observed>,
        place: &str,
    ) {
        let key = self.key(phone, image);
        let lasting = allowed.iter().map(|it| it.known_bad.clone());
        let lasting = lasting
            .reduce(|one, other| &one & &other)
            .unwrap_or_default();
        if lasting.is_empty() || !self.rotted.insert((key, lasting.len())) {
            return;
        }
        for (path, rot, rotten) in image.rotten() {
            let is_slot = path == "state-a" || path == "state-b";
            if !(is_slot && matches!(rot, Rot::Bit { offset: 0 })) {
                continue;
            }
            self.cuts.rotten_images += 1;
            let look = self.look_at(phone, &rotten);
            let place = format!("{place}, {path} rots");
            if !lasting.is_subset(&look.observed.known_bad) {
                self.cuts
                    .violations
                    .push(Violation::new(&place, "a ban is forgotten"));
            }
            self.blame(&place, look.violations);
        }
    }

    /// The power goes once more, at every operation of the start.
    fn second_cuts(&mut self, phone: &Phone, image: &SimDisk, first: &Observed, place: &str) {
        let key = self.key(phone, image);
        if !self.second.insert(key) {
            return;
        }
        let origin = phone.after_a_cut(image.fork());
        let mut allowed = Vec::new();
        for point in 0.. {
            let run = cut_at(&origin, start, None, point);
            let is_over = run.phone.disk.power_cut().is_none();
            let place = format!("{place}, second cut {point}");
            allowed.push(self.look_at(&run.phone, &run.phone.disk.fork()).observed);
            self.cuts.second_cuts += 1;
            for (number, image) in run.phone.disk.images(self.effort.bounds).enumerate() {
                self.cuts.second_images += 1;
                let look = self.look_at(&run.phone, &image);
                let place = || format!("{place}, image {number}");
                if !look.violations.is_empty() {
                    self.blame(&place(), look.violations.clone());
                }
                let lasts = first.known_bad.is_subset(&look.observed.known_bad)
                    && first.events.is_subset(&look.observed.events)
                    && allowed.contains(&look.observed);
                if self.honesty == Honesty::Honest && !lasts {
                    let what = format!("[{}], and it was [{first}]", look.observed);
                    self.cuts.violations.push(Violation::new(place(), what));
                }
            }
            if is_over {
                break;
            }
        }
    }

    /// What a start on a disk shows, with what the server knew before; and from there on.
    pub(super) fn look_at(&mut self, phone: &Phone, disk: &SimDisk) -> Look {
        let key = self.key(phone, disk);
        let downloads = self.known.of(disk).downloads;
        let known = self.looks.get(&key).cloned();
        let went_on = known.as_ref().and_then(|look| {
            let key = (look.left, downloads, key.1, key.2);
            self.went_on.get(&key).cloned()
        });
        let (mut look, went_on) = match (known, went_on) {
            (Some(look), Some(went_on)) => (look, went_on),
            (known, _) => self.start_and_go_on(phone, disk, key, known.is_none()),
        };
        match went_on {
            Ok(starts) => {
                let max = &mut self.cuts.starts_until_newest_max;
                *max = starts.max(*max);
            }
            Err(violation) => look.violations.push(violation),
        }
        let told = super::observed::events_of(&phone.server);
        look.observed.events.extend(told);
        look
    }

    fn start_and_go_on(
        &mut self,
        phone: &Phone,
        disk: &SimDisk,
        key: Key,
        is_new: bool,
    ) -> (Look, WentOn) {
        let mut phone = phone.after_a_cut(disk.fork());
        phone.server.forget();
        phone.disk.record();
        let mut start = observe(&mut phone);
        if self.is_patient {
            start.observed.starts_left = starts_left(&phone, start.observed.seen);
        }
        let mut look = Look {
            observed: start.observed.clone(),
            violations: start.violations.clone(),
            left: known::at_start(&phone.disk),
        };
        if !known::start_kept_away(&phone.disk.trace()) {
            let what = "it looks at downloads or staging";
            look.violations.push(Violation::new("the start", what));
        }
        if is_new {
            self.cuts.starts += 1;
            self.looks.insert(key, look.clone());
        }
        let on = (look.left, self.known.of(disk).downloads, key.1, key.2);
        if let Some(went_on) = self.went_on.get(&on) {
            return (look, went_on.clone());
        }
        self.cuts.continuations += 1;
        let mut went_on = goes_on_well(&mut phone, start, &mut self.tidied);
        if !known::continuation_kept_away(&phone.disk.trace()) {
            let what = "it reads what was staged before";
            went_on = Err(Violation::new("the fair continuation", what));
        }
        self.went_on.insert(on, went_on.clone());
        (look, went_on)
    }

    fn key(&mut self, phone: &Phone, disk: &SimDisk) -> Key {
        (
            self.known.of(disk).at_start,
            phone.server.version(),
            phone.release,
        )
    }

    pub(super) const fn after_a_failure(&self) -> Bounds {
        self.effort.after_a_failure
    }

    pub(super) fn blame(&mut self, place: &str, violations: Vec<Violation>) {
        let placed = violations
            .into_iter()
            .map(|it| Violation::new(format!("{place}, {}", it.place), it.what));
        self.cuts.violations.extend(placed);
    }
}

fn start(acts: &mut Acts) -> Result<(), Stop> {
    acts.start(&[]).map(drop)
}

/// The acts, with the power going before one of their operations.
pub(super) fn cut_at(
    origin: &Phone,
    act: Act,
    dropped: Option<(usize, u64)>,
    operation: u64,
) -> Acts {
    let mut acts = Acts::on(origin.fork(), dropped);
    acts.phone.disk.cut_power_before(operation);
    // Where the power goes, the acts stop: that is no failure.
    let _ = act(&mut acts);
    acts
}
