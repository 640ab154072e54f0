//! The acts of a scenario, as they are carried out: what was acknowledged when.

use std::fmt;

use patchproof_device::{AtFault, CheckError, OperationError, ReportError, SendError, UpdateError};
use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{DropSync, SimProcess};

use super::observed::{Violation, safe};
use crate::phone::{App, Phone};

/// A process in a scenario.
pub type Process = App<DropSync<SimProcess>>;

/// The acts come to their end here: the power went, or a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has no more to say")]
pub struct Stop;

/// A phone on which a scenario is carried out.
#[derive(Debug)]
pub struct Acts {
    /// The phone.
    pub phone: Phone,
    /// The sync that is left out, by process and number.
    dropped: Option<(usize, u64)>,
    /// How many processes were started.
    processes: usize,
    /// Storage operations that were done when each call was acknowledged.
    pub(super) acknowledged: Vec<u64>,
    /// How each start went.
    pub(super) boots: Vec<Booting>,
    /// How each start goes where nothing fails; where it is known, a start that goes otherwise
    /// ends the acts.
    pub(super) expected_boots: Option<Vec<Booting>>,
    /// What the app was told of errors.
    pub(super) told: Vec<Told>,
    pub(super) violations: Vec<Violation>,
}

/// How a start went: which patch runs, and the notices.
pub(super) type Booting = (u64, Vec<&'static str>);

/// An error, as the app sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) at_fault: AtFault,
    pub(super) words: String,
}

/// An error that says whose fault it is.
pub trait Blames: fmt::Display {
    /// Who has to act.
    fn at_fault(&self) -> AtFault;
}

macro_rules! blames {
    ($($error:ty),*) => {
        $(impl Blames for $error {
            fn at_fault(&self) -> AtFault {
                Self::at_fault(self)
            }
        })*
    };
}
blames!(
    CheckError,
    OperationError,
    ReportError,
    SendError,
    UpdateError
);

impl Acts {
    pub(super) fn on(phone: Phone, dropped: Option<(usize, u64)>) -> Self {
        Self {
            phone,
            dropped,
            processes: 0,
            acknowledged: Vec::new(),
            boots: Vec::new(),
            expected_boots: None,
            told: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// The app is started.
    ///
    /// # Errors
    /// When the start was another one because of a failing disk, or the power went.
    pub fn start(&mut self, exits: &[(u32, Exit)]) -> Result<Process, Stop> {
        let number = self.processes;
        self.processes += 1;
        let dropped = self.dropped.filter(|(process, _)| *process == number);
        let storage = DropSync::new(self.phone.disk.process(), dropped.map(|(_, sync)| sync));
        let app = self.phone.start_on(storage, exits);
        if self.is_off() {
            return Err(Stop);
        }
        self.violations
            .extend(safe(&self.phone, &app.boot, "an app of the scenario"));
        self.boots.push((app.number(), app.notices()));
        self.is_as_expected(number)?;
        self.acknowledge();
        Ok(app)
    }

    /// The app calls the library.
    ///
    /// # Errors
    /// When the call failed, or the power went.
    pub fn call<T, E: Blames>(&mut self, call: impl FnOnce() -> Result<T, E>) -> Result<T, Stop> {
        let result = call();
        if self.is_off() {
            return Err(Stop);
        }
        match result {
            Ok(value) => {
                self.acknowledge();
                Ok(value)
            }
            Err(error) => {
                let (at_fault, words) = (error.at_fault(), error.to_string());
                self.told.push(Told { at_fault, words });
                Err(Stop)
            }
        }
    }

    /// The app calls the library, and an error is what it expects.
    ///
    /// # Errors
    /// When the power went.
    pub fn call_in_vain<T, E: Blames>(
        &mut self,
        call: impl FnOnce() -> Result<T, E>,
    ) -> Result<(), Stop> {
        let result = call();
        if self.is_off() {
            return Err(Stop);
        }
        if let Err(error) = result {
            let (at_fault, words) = (error.at_fault(), error.to_string());
            self.told.push(Told { at_fault, words });
        }
        Ok(())
    }

    /// A start cannot fail. One that goes otherwise than without failures has to say so, and is
    /// then not counted on.
    fn is_as_expected(&mut self, number: usize) -> Result<(), Stop> {
        let (Some(all), Some(found)) = (&self.expected_boots, self.boots.last()) else {
            return Ok(());
        };
        let Some(expected) = all.get(number).filter(|expected| *expected != found) else {
            return Ok(());
        };
        if expected.1 == found.1 {
            let what = format!("patch {} runs in place of {}", found.0, expected.0);
            self.violations
                .push(Violation::new("a start that says nothing of it", what));
        }
        let (at_fault, words) = (AtFault::Device, found.1.join(", "));
        self.told.push(Told { at_fault, words });
        Err(Stop)
    }

    fn acknowledge(&mut self) {
        self.acknowledged.push(self.phone.disk.operations());
    }

    fn is_off(&self) -> bool {
        self.phone.disk.power_cut().is_some()
    }
}

/// All of the acts, with nothing in their way.
pub(super) fn whole(phone: Phone, act: fn(&mut Acts) -> Result<(), Stop>) -> Acts {
    let mut acts = Acts::on(phone, None);
    act(&mut acts).expect("nothing is in the way of the acts");
    acts
}
