//! What this process was told, and what it says it runs.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchproof_device::{Boot, Booted, StartFacts};

use crate::failure::Failure;
use crate::opening::{Device, library};

/// The updater of this process.
pub(super) struct Process {
    pub(super) device: Device,
    told: Mutex<Told>,
}

struct Told {
    /// What was chosen last.
    boot: Boot,
    stage: Stage,
}

/// How far the engine came with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody asked yet: what is newest when somebody does is what counts.
    Chosen,
    /// Its path was handed out. A patch's holds from then on; NULL, until something says that the
    /// bundled release runs.
    HandedOut,
    /// It runs.
    Launched,
}

impl Process {
    /// Settles how earlier processes ended, and chooses.
    pub(super) fn new(device: Device) -> Self {
        let boot = device.choose_boot(&facts());
        Self {
            device,
            told: Mutex::new(Told {
                boot,
                stage: Stage::Chosen,
            }),
        }
    }

    /// Looks at the files of what would boot, and falls back where they are not whole.
    pub(super) fn validate(&self) {
        let mut told = self.told();
        if !told.holds() {
            told.boot = self.device.choose_boot(&facts());
            told.stage = Stage::Chosen;
        }
    }

    /// What the engine is to load; none is the bundled library.
    pub(super) fn path(&self) -> Option<String> {
        let mut told = self.told();
        if !told.holds() {
            self.choose_newest(&mut told);
            told.stage = Stage::HandedOut;
        }
        library(&self.device, &told.boot).map(|(_, path)| path)
    }

    /// The engine loads what it was told, or what is newest where it did not ask.
    pub(super) fn launch(&self) -> Result<(), Failure> {
        let mut told = self.told();
        match told.stage {
            Stage::Launched => return Ok(()),
            Stage::HandedOut => {}
            Stage::Chosen => {
                self.choose_newest(&mut told);
                if !told.is_patch() {
                    return Ok(());
                }
            }
        }
        told.stage = Stage::Launched;
        Ok(self.device.report_launch(&told.boot.id)?)
    }

    /// The engine is up.
    pub(super) fn success(&self) -> Result<(), Failure> {
        let mut told = self.told();
        match told.stage {
            Stage::Launched if told.is_patch() => {
                self.device.report_healthy(&told.boot.id)?;
            }
            // Whatever was loaded without a path is the bundled release.
            Stage::HandedOut if !told.is_patch() => {
                told.stage = Stage::Launched;
                self.device.report_launch(&told.boot.id)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The engine could not load it. What there is to fall back to may be asked for.
    pub(super) fn failure(&self) -> Result<(), Failure> {
        let mut told = self.told();
        if !(told.stage == Stage::Launched && told.is_patch()) {
            return Err(Failure::argument("no patch is being launched".to_owned()));
        }
        let words = "the engine could not launch it";
        self.device.report_failure(&told.boot.id, words)?;
        let next = self.device.choose_boot(&facts());
        // A failure after the success says nothing against what runs.
        if next.id != told.boot.id {
            told.boot = next;
            told.stage = Stage::Chosen;
        }
        Ok(())
    }

    /// The number of what runs; 0 is the bundled release, or nothing yet.
    pub(super) fn current_number(&self) -> u64 {
        let told = self.told();
        match (told.stage, &told.boot.what) {
            (Stage::Launched, Booted::Generation { number, .. }) => *number,
            _ => 0,
        }
    }

    fn choose_newest(&self, told: &mut Told) {
        if !self.device.is_choice_current() {
            told.boot = self.device.choose_boot(&facts());
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    const fn is_patch(&self) -> bool {
        matches!(self.boot.what, Booted::Generation { .. })
    }

    /// Whether this process goes on with it, whatever is installed.
    fn holds(&self) -> bool {
        match self.stage {
            Stage::Chosen => false,
            Stage::HandedOut => self.is_patch(),
            Stage::Launched => true,
        }
    }
}

static PROCESS: Mutex<Option<Arc<Process>>> = Mutex::new(None);
static STARTING: Mutex<()> = Mutex::new(());

/// The updater; none before `shorebird_init`.
pub(super) fn get() -> Option<Arc<Process>> {
    let process = PROCESS.lock();
    process.unwrap_or_else(PoisonError::into_inner).clone()
}

/// Makes the updater, unless there is one.
pub(super) fn start(open: impl FnOnce() -> Result<Device, Failure>) -> Result<(), Failure> {
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if get().is_some() {
        return Err(Failure::argument(
            "shorebird_init was called before; the first one holds".to_owned(),
        ));
    }
    let process = Process::new(open()?);
    let mut place = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    *place = Some(Arc::new(process));
    Ok(())
}

/// Says on standard error what no answer has a place for.
pub(super) fn log(what: &str, failure: &Failure) {
    say(format_args!("{what}: {}", failure.text));
}

/// Says something on standard error. Where that is closed or full nobody is told, and nothing else
/// happens: it is the host's, and no reason to panic.
pub(super) fn say(text: impl Display) {
    drop(writeln!(io::stderr(), "patchproof: {text}"));
}

/// No platform's words come this way: how earlier processes ended is unknown.
fn facts() -> StartFacts {
    StartFacts {
        process: std::process::id(),
        exits: Vec::new(),
    }
}
