//! One moment: the disks that a power cut leaves, what boots on each, and whether it goes on from
//! there.

use std::collections::HashMap;

use patchproof_report::{Finding, Rule};
use patchproof_storage::{Access, File as _, Storage, StoragePath};

use crate::disk::{Bounds, SimDisk};
use crate::engine::Ran;
use crate::going_on::{AFTER_A_CUT, Trouble, exits, reaches};
use crate::phone::Phone;
use crate::rehearsal::RehearseError;
use crate::rehearsed::{BootedCounts, CrashPoint, Totals};
use crate::watch::{Moment, Watched};
use crate::words::{in_words, named};

/// What holds at every moment of a scene.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) scene: u64,
    /// The patch that it is about.
    pub(crate) patch: u64,
    /// The least that boots: what was acknowledged before it.
    pub(crate) least: u64,
    /// The most that boots.
    pub(crate) most: u64,
    /// What runs in the end, the server being there.
    pub(crate) goal: u64,
    /// The process that is known to have crashed, running [`Self::patch`].
    pub(crate) crashed: Option<u32>,
}

/// Takes phones through power cuts, and remembers where it has been.
#[derive(Debug)]
pub(crate) struct Explorer {
    bounds: Bounds,
    starts: HashMap<(Option<u32>, u128), Ran>,
    goings_on: HashMap<Key, u64>,
    pub(crate) totals: Totals,
    pub(crate) findings: Vec<Finding>,
}

/// What a continuation depends upon.
type Key = (Option<u32>, u64, u128, Download);

/// What is left of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Download {
    Nothing,
    /// The first so many of four equal parts of it.
    Quarters(usize),
    Other,
}

impl Explorer {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            starts: HashMap::new(),
            goings_on: HashMap::new(),
            totals: Totals::default(),
            findings: Vec::new(),
        }
    }

    /// Cuts the power at one moment in the life of a phone.
    pub(crate) fn cut<S: Storage, F: Fn(Watched) -> S>(
        &mut self,
        phone: &Phone<'_, F>,
        rules: &Rules,
        moment: &Moment,
    ) -> Result<CrashPoint, RehearseError> {
        let mut images = moment.disk.images(self.bounds);
        let mut point = CrashPoint {
            scene: rules.scene,
            operation: moment.number,
            before: in_words(moment),
            images: 0,
            exhaustive: true,
            booted: BootedCounts::default(),
            continued: 0,
            recovered_within_starts: None,
        };
        for image in images.by_ref() {
            if phone.stage.cancel.is_cancelled() {
                return Err(RehearseError::Cancelled);
            }
            self.image(phone, rules, image, &mut point)?;
        }
        point.exhaustive = images.coverage().swept_moments == 0;
        self.totals.crash_points += 1;
        self.totals.exhaustive_points += u64::from(point.exhaustive);
        self.totals.images += point.images;
        self.totals.continued += point.continued;
        let within = point.recovered_within_starts.unwrap_or_default();
        self.totals.recovered_within_starts = self.totals.recovered_within_starts.max(within);
        Ok(point)
    }

    fn image<S: Storage, F: Fn(Watched) -> S>(
        &mut self,
        phone: &Phone<'_, F>,
        rules: &Rules,
        image: SimDisk,
        point: &mut CrashPoint,
    ) -> Result<(), RehearseError> {
        let seen = image.fingerprint_without(&UNREAD_AT_A_START);
        let ran = self.boots(phone, rules, &image, seen)?;
        point.booted.count(ran.number(), rules.patch);
        let is_sampled =
            point.images < CONTINUED_FIRST || point.images.is_multiple_of(CONTINUED_EVERY);
        point.images += 1;
        if let Some((rule, words)) = wrong(rules, &ran) {
            self.find(rule, rules, point, &words);
            return Ok(());
        }
        if !is_sampled {
            return Ok(());
        }
        match self.goes_on(phone, rules, &image, seen) {
            Ok(starts) => {
                point.continued += 1;
                let most = point
                    .recovered_within_starts
                    .unwrap_or_default()
                    .max(starts);
                point.recovered_within_starts = Some(most);
            }
            Err(Trouble::Ended(error)) => return Err(error),
            Err(Trouble::Found(rule, words)) => self.find(rule, rules, point, &words),
        }
        Ok(())
    }

    /// Disks that differ only in what no start reads are started once; that it was not read is
    /// looked at.
    fn boots<S: Storage, F: Fn(Watched) -> S>(
        &mut self,
        phone: &Phone<'_, F>,
        rules: &Rules,
        image: &SimDisk,
        seen: u128,
    ) -> Result<Ran, RehearseError> {
        let key = (rules.crashed, seen);
        if let Some(ran) = self.starts.get(&key) {
            return Ok(ran.clone());
        }
        let disk = image.fork();
        disk.record();
        let phone = phone.after_a_cut(disk);
        let app = phone.start(AFTER_A_CUT, &exits(rules), None)?;
        self.totals.starts += 1;
        let is_unread = |path: &StoragePath| {
            let first = path.as_str().split('/').next().unwrap_or_default();
            !UNREAD_AT_A_START.contains(&first)
        };
        if phone.disk.trace().iter().all(|step| is_unread(&step.path)) {
            self.starts.insert(key, app.ran.clone());
        }
        Ok(app.ran)
    }

    /// Goes on without any further fault until the goal runs; in how many starts.
    fn goes_on<S: Storage, F: Fn(Watched) -> S>(
        &mut self,
        phone: &Phone<'_, F>,
        rules: &Rules,
        image: &SimDisk,
        seen: u128,
    ) -> Result<u64, Trouble> {
        let patch = usize::try_from(rules.patch)
            .ok()
            .and_then(|at| at.checked_sub(1));
        let patch = patch.and_then(|at| phone.stage.libraries.get(at));
        let download = patch.map_or(Download::Nothing, |patch| left_of(image, &patch.patch));
        let key = (rules.crashed, rules.goal, seen, download);
        if let Some(starts) = self.goings_on.get(&key) {
            return Ok(*starts);
        }
        let phone = phone.after_a_cut(image.fork());
        self.totals.continuations += 1;
        let starts = reaches(&phone, rules)?;
        self.goings_on.insert(key, starts);
        Ok(starts)
    }

    /// The first of its kind in each scene is told.
    fn find(&mut self, rule: Rule, rules: &Rules, point: &CrashPoint, words: &str) {
        let message = format!(
            "after a power cut before {} (operation {} of scene {}), {words}",
            point.before, point.operation, rules.scene
        );
        self.report(rule, rules.scene, message);
    }

    /// Tells a finding, unless one of the same rule was told of the scene.
    pub(crate) fn report(&mut self, rule: Rule, scene: u64, message: String) {
        let subject = format!("scene {scene}");
        let is_told =
            |told: &Finding| told.rule == rule && told.subject.as_deref() == Some(&subject);
        if !self.findings.iter().any(is_told) {
            self.findings
                .push(Finding::new(rule, message).about(subject));
        }
    }
}

/// What is wrong with a start after a cut, if anything is.
fn wrong(rules: &Rules, ran: &Ran) -> Option<(Rule, String)> {
    let is_right = ran
        .number()
        .is_some_and(|it| (rules.least..=rules.most).contains(&it));
    if is_right {
        return None;
    }
    let expected = match rules.least == rules.most {
        true => named(rules.least),
        false => format!("{} or {}", named(rules.least), named(rules.most)),
    };
    let words = format!("the engine ran {ran}, expected {expected}");
    Some((wrong_rule(rules, ran), words))
}

pub(crate) fn wrong_rule(rules: &Rules, ran: &Ran) -> Rule {
    match ran.number() {
        None => Rule::RehearsalBootedOther,
        Some(number) if rules.crashed.is_some() && number == rules.patch => {
            Rule::RehearsalDidNotFallBack
        }
        Some(number) if number < rules.least => Rule::RehearsalLostInstall,
        Some(_) => Rule::RehearsalBootedOther,
    }
}

fn left_of(image: &SimDisk, patch: &[u8]) -> Download {
    let files = image.files();
    let is_part = |path: &&String| path.starts_with("downloads/") && path.ends_with(".part");
    let Some(path) = files
        .iter()
        .find(is_part)
        .and_then(|path| StoragePath::new(path).ok())
    else {
        return Download::Nothing;
    };
    let Ok(file) = image.process().open(&path, Access::Read) else {
        return Download::Other;
    };
    let mut bytes = vec![0; patch.len() + 1];
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
        let offset = u64::try_from(length).unwrap_or(u64::MAX);
        match file.read_at(rest, offset) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(_) => return Download::Other,
        }
    }
    match patch.get(..length) {
        Some(first) if bytes.starts_with(first) => {
            Download::Quarters(4 * length / patch.len().max(1))
        }
        _ => Download::Other,
    }
}

/// No start looks at downloads, nor at what is being staged.
const UNREAD_AT_A_START: [&str; 2] = ["staging", "downloads"];
/// Of the disks of one moment the first few are continued, and then some.
const CONTINUED_FIRST: u64 = 4;
const CONTINUED_EVERY: u64 = 16;
