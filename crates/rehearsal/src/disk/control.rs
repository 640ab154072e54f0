//! What stands between the processes and the disk: counting, failures, power, locks, the trace.

use std::collections::BTreeMap;
use std::io;

use patchproof_storage::{Hold, Operation, StorageError, StoragePath};

use super::event::Event;
use super::faults::{Aftermath, FaultPlan, Killed, PowerOff};
use super::history::History;
use super::state::{Ino, State};
use super::trace::{Outcome, PowerCut, ProcessId, Step};

/// A disk, and the processes that use it.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) state: State,
    /// On a lying disk.
    pub(super) history: Option<History>,
    pub(super) operations: u64,
    pub(super) cut_before: Option<u64>,
    pub(super) power_cut: Option<PowerCut>,
    pub(super) processes: BTreeMap<ProcessId, Process>,
    pub(super) plans: Vec<Order>,
    pub(super) orders_made: u64,
    pub(super) locks: Vec<Held>,
    pub(super) locks_made: u64,
    pub(super) trace: Option<Vec<Step>>,
    pub(super) now_ns: u64,
    /// Of an image that nobody has changed.
    pub(super) fingerprint: Option<u128>,
}

/// A process, by what is left of its life.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) is_dead: bool,
    pub(super) operations: u64,
    pub(super) kill_before: Option<u64>,
}

/// A failure that was ordered.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) number: u64,
    pub(super) plan: FaultPlan,
    pub(super) has_come: bool,
}

/// A lock that somebody has.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) number: u64,
    pub(super) ino: Ino,
    pub(super) process: ProcessId,
    pub(super) hold: Hold,
}

/// What is to be done.
pub(super) struct Asked<'a> {
    pub(super) process: ProcessId,
    pub(super) operation: Operation,
    pub(super) path: &'a StoragePath,
    pub(super) to: Option<&'a StoragePath>,
}

/// Whether an operation is to do what it does, or only what it does when it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Do,
    /// With so many bytes of a write there.
    Fail(usize),
    /// A sync that says that it failed, and changes nothing.
    Skip,
}

impl Control {
    pub(super) fn of(state: State, is_lying: bool) -> Self {
        Self {
            state,
            history: is_lying.then(History::default),
            operations: 0,
            cut_before: None,
            power_cut: None,
            processes: BTreeMap::new(),
            plans: Vec::new(),
            orders_made: 0,
            locks: Vec::new(),
            locks_made: 0,
            trace: None,
            now_ns: 0,
            fingerprint: None,
        }
    }

    pub(super) fn apply(&mut self, event: Event) {
        self.fingerprint = None;
        if let Some(history) = &mut self.history {
            history.note(&self.state, &event);
        }
        self.state.apply(&event);
    }

    /// Counts the operation, lets it fail where it is to fail, does it otherwise.
    pub(super) fn run<T>(
        &mut self,
        asked: &Asked<'_>,
        work: impl FnOnce(&mut Self, Mode) -> io::Result<T>,
    ) -> Result<T, StorageError> {
        let result = self.begin(asked).and_then(|()| {
            let failing = self.failing(asked.operation);
            let result = match failing {
                None => work(self, Mode::Do),
                Some(plan) => {
                    let is_sync =
                        matches!(asked.operation, Operation::Sync | Operation::SyncFolder);
                    let mode = match plan.aftermath {
                        Aftermath::Lost => Mode::Fail(plan.short_write_bytes),
                        Aftermath::Done if is_sync => Mode::Skip,
                        Aftermath::Done => Mode::Do,
                    };
                    // Whatever it answers, the caller gets the failure that was ordered.
                    let _ = work(self, mode);
                    Err(plan.failure.error())
                }
            };
            if let (Err(_), Some(step)) = (&result, self.trace.as_mut().and_then(|t| t.last_mut()))
            {
                step.outcome = Outcome::Failed;
            }
            result
        });
        result.map_err(|source| StorageError::new(asked.operation, asked.path, source))
    }

    pub(super) fn cut_power(&mut self, before: Option<Step>) {
        let operations = self.operations;
        self.power_cut
            .get_or_insert(PowerCut { operations, before });
        self.locks.clear();
    }

    pub(super) fn kill(&mut self, process: ProcessId) {
        self.processes.entry(process).or_default().is_dead = true;
        self.locks.retain(|lock| lock.process != process);
    }

    fn begin(&mut self, asked: &Asked<'_>) -> io::Result<()> {
        if self.power_cut.is_some() {
            return Err(io::Error::other(PowerOff));
        }
        let process = self.processes.entry(asked.process).or_default();
        if process.is_dead
            || process
                .kill_before
                .is_some_and(|at| process.operations >= at)
        {
            self.kill(asked.process);
            return Err(io::Error::other(Killed));
        }
        if self.cut_before.is_some_and(|at| self.operations >= at) {
            let step = self.step(asked);
            self.cut_power(Some(step));
            return Err(io::Error::other(PowerOff));
        }
        process.operations += 1;
        let step = self.trace.is_some().then(|| self.step(asked));
        self.operations += 1;
        self.now_ns += OPERATION_NS;
        if let (Some(trace), Some(step)) = (&mut self.trace, step) {
            trace.push(step);
        }
        Ok(())
    }

    fn step(&self, asked: &Asked<'_>) -> Step {
        Step {
            number: self.operations,
            process: asked.process,
            operation: asked.operation,
            path: asked.path.clone(),
            to: asked.to.cloned(),
            outcome: Outcome::Done,
        }
    }

    /// The plan that lets this operation fail; every plan has counted it.
    fn failing(&mut self, operation: Operation) -> Option<FaultPlan> {
        let mut failing = None;
        for order in &mut self.plans {
            let plan = &mut order.plan;
            let is_over = order.has_come && !plan.is_for_ever;
            if is_over || !plan.of.is(operation) {
                continue;
            }
            if plan.nth > 0 {
                plan.nth -= 1;
                continue;
            }
            order.has_come = true;
            failing.get_or_insert(*plan);
        }
        failing
    }
}

/// How much later each operation is: enough to tell two writes apart.
const OPERATION_NS: u64 = 1_000_000;
