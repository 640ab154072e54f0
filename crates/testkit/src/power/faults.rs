//! Every storage operation fails once, and it and all later ones fail: the error surfaces, and the
//! next start is as if the call had not been made, or had been made in full.

use patchproof_device::AtFault;
use patchproof_rehearsal::{BlockSize, Failure, FaultPlan, Honesty, Which};
use patchproof_storage::Operation;

use super::Effort;
use super::acts::{Acts, Stop, Told};
use super::cuts::Explorer;
use super::observed::{Observed, Violation};
use super::prepared::prepared;
use super::scenarios::Scenario;
use crate::phone::Phone;

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Faults {
    /// Runs of the acts with one failure ordered.
    pub runs: u64,
    /// Runs in which the app was told.
    pub told: u64,
    /// Runs in which nobody was told, as everything came out as without the failure.
    pub of_no_account: u64,
    /// Disks that a power cut after the run may leave.
    pub images: u64,
    /// What must not be.
    pub violations: Vec<Violation>,
}

/// Lets each storage operation of a scenario fail in each way. Where nobody is told, everything has
/// to come out as without the failure.
#[must_use]
pub fn faults(scenario: &Scenario, block: BlockSize, effort: Effort) -> Faults {
    let origin = prepared(scenario, block, Honesty::Honest);
    let mut explorer = Explorer::new(effort, Honesty::Honest);
    explorer.is_patient = scenario.is_patient;
    let (stages, whole) = explorer.stages(&origin, scenario.act);
    let usual = Usual {
        stages,
        boots: whole.boots.clone(),
        acknowledged: whole.acknowledged.clone(),
        told: whole.told.clone(),
    };
    let mut faults = Faults::default();
    drop(whole);
    let recorded = origin.fork();
    recorded.disk.record();
    let steps = super::acts::whole(recorded, scenario.act)
        .phone
        .disk
        .trace();
    for (operation, step) in (0..).zip(steps) {
        for (name, plan) in plans(operation, step.operation) {
            let place = format!("{}, operation {operation}: {name}", scenario.name);
            let run = fail(&origin, scenario, plan, &usual);
            if !run.has_come {
                let what = "the failure that was ordered did not come";
                faults.violations.push(Violation::new(&place, what));
            }
            faults.check(&mut explorer, &usual, run, &place);
        }
    }
    faults
}

/// How the acts go when nothing fails.
struct Usual {
    stages: Vec<Observed>,
    boots: Vec<super::acts::Booting>,
    acknowledged: Vec<u64>,
    told: Vec<Told>,
}

impl Usual {
    /// What may be seen after so many acknowledged calls and one that was not.
    fn allowed(&self, calls: usize) -> Vec<&Observed> {
        let at = |call: usize| {
            let operations = self.acknowledged.get(call).copied();
            operations.and_then(|it| usize::try_from(it).ok())
        };
        let from = calls.checked_sub(1).and_then(at).unwrap_or(0);
        let to = at(calls).unwrap_or(self.stages.len() - 1);
        let within = self.stages.iter().skip(from).take(to + 1 - from);
        within.collect()
    }
}

/// The ways in which an operation fails. Some are of one kind of operation alone.
fn plans(nth: u64, operation: Operation) -> Vec<(&'static str, FaultPlan)> {
    let once = |failure| FaultPlan::once(Which::Any, nth, failure);
    let for_ever = |failure| FaultPlan::for_ever(Which::Any, nth, failure);
    let mut plans = vec![
        ("EIO once", once(Failure::Io)),
        ("EIO for ever", for_ever(Failure::Io)),
        ("ENOSPC once", once(Failure::NoSpace)),
        ("ENOSPC for ever", for_ever(Failure::NoSpace)),
        ("EACCES once", once(Failure::Denied)),
        ("EACCES for ever", for_ever(Failure::Denied)),
        ("EINTR once", once(Failure::Interrupted)),
        ("done, and EIO", once(Failure::Io).although_done()),
    ];
    match operation {
        Operation::Write => plans.push((
            "a short write",
            once(Failure::NoSpace).after_a_short_write(SHORT_BYTES),
        )),
        Operation::Rename => plans.push(("EXDEV once", once(Failure::TwoFileSystems))),
        _ => {}
    }
    plans
}

/// A run of the acts with one failure ordered.
struct Run {
    acts: Acts,
    ended: Result<(), Stop>,
    has_come: bool,
}

fn fail(origin: &Phone, scenario: &Scenario, plan: FaultPlan, usual: &Usual) -> Run {
    let mut acts = Acts::on(origin.fork(), None);
    acts.expected_boots = Some(usual.boots.clone());
    let ordered = acts.phone.disk.fail(plan);
    let ended = (scenario.act)(&mut acts);
    let has_come = acts.phone.disk.take_back(ordered);
    Run {
        acts,
        ended,
        has_come,
    }
}

impl Faults {
    fn check(&mut self, explorer: &mut Explorer, usual: &Usual, run: Run, place: &str) {
        let Run { acts, ended, .. } = run;
        self.runs += 1;
        let blamed = [AtFault::Patch, AtFault::PatchOrTransport];
        if let Some(told) = acts
            .told
            .iter()
            .find(|told| blamed.contains(&told.at_fault))
        {
            self.violations
                .push(Violation::new(place, format!("blamed: {}", told.words)));
        }
        let placed = acts.violations.iter();
        let placed = placed.map(|it| Violation::new(format!("{place}, {}", it.place), &it.what));
        self.violations.extend(placed);
        if ended.is_err() || acts.told != usual.told {
            self.told += 1;
        } else {
            self.of_no_account += 1;
        }
        let calls = match ended {
            Ok(()) => usual.acknowledged.len(),
            Err(Stop) => acts.acknowledged.len(),
        };
        let allowed = usual.allowed(calls);
        let killed = std::iter::once(acts.phone.disk.fork());
        let images = acts.phone.disk.images(explorer.after_a_failure());
        for (number, disk) in killed.chain(images).enumerate() {
            self.images += 1;
            let look = explorer.look_at(&acts.phone, &disk);
            let place = || format!("{place}, disk {number}");
            let found = look.violations.into_iter();
            self.violations
                .extend(found.map(|it| Violation::new(place(), it)));
            if !allowed.contains(&&look.observed) {
                let allowed: Vec<String> = allowed.iter().map(|it| format!("[{it}]")).collect();
                let mut allowed = allowed;
                allowed.dedup();
                let what = format!("[{}], expected {}", look.observed, allowed.join(" or "));
                self.violations.push(Violation::new(place(), what));
            }
        }
    }
}

const SHORT_BYTES: usize = 7;
