//! The story that is cut: a release is installed, and takes one patch after the other.

use patchproof_device::{Exit, Outcome, UpdateError};
use patchproof_report::{Finding, Rule};
use patchproof_storage::Storage;

use crate::disk::Bounds;
use crate::engine::Ran;
use crate::explore::{Explorer, Rules, wrong_rule};
use crate::going_on::waste;
use crate::phone::{App, Phone};
use crate::rehearsal::RehearseError;
use crate::rehearse::{Step, Stop};
use crate::rehearsed::{CrashPoint, Rehearsed, Scene};
use crate::watch::{Moment, Notes, Watched};
use crate::words::named;

/// The story as it goes.
pub(crate) struct Story<'p, 's, F> {
    phone: &'p Phone<'s, F>,
    notes: Notes,
    explorer: Explorer,
    progress: &'p mut dyn FnMut(Step<'_>),
    timeline: Vec<Scene>,
    points: Vec<CrashPoint>,
    operations: u64,
}

impl<'p, 's, S: Storage, F: Fn(Watched) -> S> Story<'p, 's, F> {
    /// A story that has not begun.
    pub(crate) fn new(
        phone: &'p Phone<'s, F>,
        bounds: Bounds,
        progress: &'p mut dyn FnMut(Step<'_>),
    ) -> Self {
        Self {
            notes: Notes::of(&phone.disk),
            phone,
            explorer: Explorer::new(bounds),
            progress,
            timeline: Vec::new(),
            points: Vec::new(),
            operations: 0,
        }
    }

    /// From the first start to the last update.
    pub(crate) fn tell(&mut self) -> Result<(), Stop> {
        let libraries = self.phone.stage.libraries.clone();
        let patches = (1..).zip(&libraries);
        if let Some(first) = libraries.first() {
            self.phone.server.offer(1, first);
        }
        let mut app = self.starts(0, 1, FIRST_PROCESS, &[])?;
        for (number, library) in patches {
            self.phone.server.offer(number, library);
            self.updates(&app, number, &library.name)?;
            drop(app);
            self.crashes(number)?;
            let process = FIRST_PROCESS.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
            app = self.starts(number, number, process, &[])?;
            self.is_well(&app, number)?;
        }
        self.ends(&app)
    }

    /// A start of the app in which nothing is known to have gone wrong.
    fn starts(
        &mut self,
        runs: u64,
        goal: u64,
        process: u32,
        exits: &[(u32, Exit)],
    ) -> Result<App<S>, Stop> {
        let notes = Some(self.notes.clone());
        let app = self
            .phone
            .start(process, exits, notes)
            .map_err(RehearseError::from)?;
        let what = match runs {
            0 => "the release is installed and starts for the first time".to_owned(),
            number => format!("the app starts, for the first time with patch {number}"),
        };
        let rules = self.rules(goal, runs, runs, goal, None);
        self.expect(&rules, &app.ran, runs)?;
        self.scene(self.phone, what, &app.ran, &rules, None)?;
        Ok(app)
    }

    fn updates(&mut self, app: &App<S>, number: u64, name: &str) -> Result<(), Stop> {
        self.phone.machine.pass(MINUTE_MS);
        let before = number - 1;
        let rules = self.rules(number, before, number, number, None);
        let what = format!("patch {number} ({name}) is asked for, fetched, inflated and installed");
        match app.update() {
            Ok(updated) => match updated.outcome {
                Outcome::Installed { .. } => {}
                other => {
                    let words = format!("{name} was offered and not installed: {other:?}");
                    self.explorer
                        .report(Rule::RehearsalRefused, rules.scene, words);
                    return Err(Stop::Found);
                }
            },
            Err(UpdateError::Patch(fault)) => {
                let words = format!("{name}: {fault}");
                self.explorer
                    .report(Rule::RehearsalRefused, rules.scene, words);
                return Err(Stop::Found);
            }
            Err(error) => return Err(RehearseError::of_update(&what, &error).into()),
        }
        self.scene(self.phone, what, &app.ran, &rules, None)
    }

    /// On another phone in the same condition, the patch crashes.
    fn crashes(&mut self, number: u64) -> Result<(), Stop> {
        let phone = self.phone.fork();
        let before = number - 1;
        let crashed = phone
            .start(CRASHES, &[], None)
            .map_err(RehearseError::from)?;
        let rules = self.rules(number, number, number, number, None);
        self.expect(&rules, &crashed.ran, number)?;
        drop(crashed);
        phone.machine.pass(MINUTE_MS);

        let exits = [(CRASHES, Exit::NativeCrash)];
        let notes = Notes::of(&phone.disk);
        let first = notes.end().number;
        let app = phone.start(CRASHES + 1, &exits, Some(notes.clone()));
        let app = app.map_err(RehearseError::from)?;
        let rules = self.rules(number, before, before, before, Some(CRASHES));
        self.expect(&rules, &app.ran, before)?;
        let what = format!("elsewhere: patch {number} crashed, and the app starts again");
        let beside = Beside {
            notes: &notes,
            first,
        };
        self.scene(&phone, what, &app.ran, &rules, Some(beside))?;

        let first = notes.end().number;
        let rules = self.rules(number, before, before, before, Some(CRASHES));
        let what = format!("elsewhere: the server offers patch {number} once more");
        if let Err(error) = app.update() {
            return Err(RehearseError::of_update(&what, &error).into());
        }
        let ran = app.ran.clone();
        drop(app);
        let beside = Beside {
            notes: &notes,
            first,
        };
        self.scene(&phone, what, &ran, &rules, Some(beside))
    }

    fn is_well(&mut self, app: &App<S>, number: u64) -> Result<(), Stop> {
        self.phone.machine.pass(MINUTE_MS);
        let rules = self.rules(number, number, number, number, None);
        let what = format!("patch {number} draws its first frame, stays up, and is proven");
        if let Err(error) = app.stays_up() {
            let (what, why) = (what, error.to_string());
            return Err(RehearseError::Story { what, why }.into());
        }
        self.scene(self.phone, what, &app.ran, &rules, None)
    }

    fn ends(&mut self, app: &App<S>) -> Result<(), Stop> {
        self.phone.machine.pass(MINUTE_MS);
        let newest = u64::try_from(self.phone.stage.libraries.len()).unwrap_or(u64::MAX);
        let rules = self.rules(newest, newest, newest, newest, None);
        let what = "the server is asked once more, and has nothing new".to_owned();
        if let Err(error) = app.update() {
            return Err(RehearseError::of_update(&what, &error).into());
        }
        let waste = waste(&self.phone.disk);
        if !waste.is_empty() {
            let words = format!(
                "{} stayed on the disk without any power cut",
                waste.join(", ")
            );
            self.explorer
                .report(Rule::RehearsalLeftWaste, rules.scene, words);
        }
        self.scene(self.phone, what, &app.ran, &rules, None)?;
        let end = self.notes.end();
        self.cuts(self.phone, &rules, "the end", vec![end])
            .map(|_| ())
    }

    fn rules(&self, patch: u64, least: u64, most: u64, goal: u64, crashed: Option<u32>) -> Rules {
        let scene = u64::try_from(self.timeline.len())
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        Rules {
            scene,
            patch,
            least,
            most,
            goal,
            crashed,
        }
    }

    /// Without any power cut: what runs is what should.
    fn expect(&mut self, rules: &Rules, ran: &Ran, expected: u64) -> Result<(), Stop> {
        if ran.number() == Some(expected) {
            return Ok(());
        }
        let words = format!(
            "without any power cut the engine ran {ran}, expected {}",
            named(expected)
        );
        let rule = wrong_rule(rules, ran);
        self.explorer.report(rule, rules.scene, words);
        Err(Stop::Found)
    }

    /// Enters what happened, and cuts the power at each moment of it.
    fn scene(
        &mut self,
        phone: &Phone<'_, F>,
        what: String,
        ran: &Ran,
        rules: &Rules,
        beside: Option<Beside<'_>>,
    ) -> Result<(), Stop> {
        let (noted, end, first) = match &beside {
            Some(beside) => (beside.notes.take(), beside.notes.end().number, beside.first),
            None => (self.notes.take(), self.notes.end().number, self.operations),
        };
        if beside.is_none() {
            self.operations = end;
        }
        let crash_points = self.cuts(phone, rules, &what, noted.moments)?;
        let operations = end.saturating_sub(first);
        self.explorer.totals.operations += operations;
        self.explorer.totals.changes += noted.changes;
        self.timeline.push(Scene {
            number: rules.scene,
            what,
            runs: ran.to_string(),
            operations,
            changes: noted.changes,
            crash_points,
        });
        Ok(())
    }

    fn cuts(
        &mut self,
        phone: &Phone<'_, F>,
        rules: &Rules,
        scene: &str,
        moments: Vec<Moment>,
    ) -> Result<u64, Stop> {
        let crash_points = moments.len();
        for (done, moment) in moments.iter().enumerate() {
            (self.progress)(Step {
                scene,
                done,
                crash_points,
            });
            let point = self.explorer.cut(phone, rules, moment)?;
            self.points.push(point);
        }
        Ok(u64::try_from(crash_points).unwrap_or(u64::MAX))
    }

    /// What came of it.
    pub(crate) fn rehearsed(self) -> Rehearsed {
        let Explorer {
            totals, findings, ..
        } = self.explorer;
        let mut rehearsed = Rehearsed {
            timeline: self.timeline,
            points: self.points,
            totals,
            findings,
        };
        if rehearsed.findings.is_empty() {
            let extent = Finding::new(Rule::RehearsalExtent, rehearsed.extent());
            rehearsed.findings.push(extent);
        }
        rehearsed
    }
}

/// The notes of a phone beside the story's, and the operations before.
struct Beside<'n> {
    notes: &'n Notes,
    first: u64,
}

const FIRST_PROCESS: u32 = 1000;
const CRASHES: u32 = 5000;
const MINUTE_MS: u64 = 60_000;
