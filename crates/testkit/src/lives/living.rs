//! The phone that lives, and the reference beside it.

use std::collections::BTreeMap;

use patchproof_device::{Booted, Outcome};
use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{BlockSize, Honesty, Ordered, SimDisk, SimProcess};
use patchproof_storage::{Whole, read_whole};

use super::{Act, Happens};
use crate::phone::{App, Library, Phone, Seen};
use crate::reference::{self, Patch, Reference};

/// A phone under test.
#[derive(Debug)]
pub struct Living {
    pub(super) phone: Phone,
    pub(super) apps: BTreeMap<u8, App<SimProcess>>,
    pub(super) reference: Reference,
    /// How processes ended that no start has been told of yet for good.
    pub(super) ended: BTreeMap<u32, Exit>,
    /// A failure that was ordered of the disk, for the act under way.
    ordered: Option<Ordered>,
    /// Whether downloads are cut short: then an update may fail.
    cuts_downloads: bool,
    /// Whether what is seen is held against the reference to the letter.
    is_strict: bool,
    pub(super) lived: Lived,
}

/// How much happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lived {
    /// Patches that were installed.
    pub installs: u64,
    /// Acts during which the power went.
    pub cuts: u64,
    /// Acts during which the disk failed.
    pub failures: u64,
    /// Starts that booted a patch.
    pub patched_starts: u64,
}

/// What the bundled release says of itself is not said of a patch, whatever guard the disk holds.
pub(super) fn of_a_patch(app: &App<SimProcess>, act: reference::Act) -> Vec<reference::Act> {
    match app.seen() {
        Seen::Bundled => Vec::new(),
        Seen::Patch(_) => vec![act],
    }
}

impl Living {
    /// A new phone. With `is_strict` what is seen is held against the reference to the letter, as
    /// only an honest disk allows.
    #[must_use]
    pub fn new(block: BlockSize, honesty: Honesty, is_strict: bool) -> Self {
        Self {
            phone: Phone::new(SimDisk::new(block, honesty)),
            apps: BTreeMap::new(),
            reference: Reference::default(),
            ended: BTreeMap::new(),
            ordered: None,
            cuts_downloads: false,
            is_strict,
            lived: Lived::default(),
        }
    }

    /// How much happened so far.
    #[must_use]
    pub const fn lived(&self) -> Lived {
        self.lived
    }

    /// Lets it happen. What cannot happen now, as [`Life`](super::Life) says, does not.
    ///
    /// # Panics
    /// Where the device shows what no history allows.
    pub fn happens(&mut self, happens: &Happens) {
        match happens {
            Happens::Act(act) => self.act(*act),
            Happens::CutDuring(act, at, image) => self.cut_during(*act, *at, *image),
            Happens::FailsDuring(act, plan) => {
                self.ordered = Some(self.phone.disk.fail(*plan));
                self.act(*act);
                self.take_back();
            }
            Happens::Ends(process, exit) => {
                if let Some(app) = self.apps.remove(process) {
                    self.ended.insert(app.process, *exit);
                }
            }
            Happens::Offers(None) => self.phone.server.offer_nothing(self.phone.release),
            Happens::Offers(Some((number, content))) => {
                let library = Library::patched(self.phone.release, *content);
                self.phone.server.offer(*number, &library);
            }
            Happens::Withdraws(numbers) => {
                let numbers = numbers.iter().copied();
                self.phone.server.withdraw(self.phone.release, numbers);
            }
            Happens::Deltas(deltas) => self.phone.server.deltas(*deltas),
            Happens::CutsDownloads(bytes) => {
                self.cuts_downloads = bytes.is_some();
                self.phone.server.cut_after(*bytes);
            }
            Happens::Passes(ms) => self.phone.machine.pass(*ms),
            Happens::OtherRelease => self.phone.release = u8::from(self.phone.release == 0),
        }
    }

    /// What must hold between any two events: nothing piles up.
    ///
    /// # Panics
    /// Where it does not.
    pub fn is_tidy(&self) {
        let files = self.phone.disk.files();
        let count = files.len();
        assert!(count <= FILES_MAX, "{count} files: {files:?}");
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Start(process) => self.start(process),
            Act::Update(process) => self.update(process),
            Act::Sends(process) => self.sends(process),
            Act::Healthy(process) => {
                let Some(app) = self.apps.get(&process) else {
                    return;
                };
                let done = app.healthy().is_ok();
                let acts = of_a_patch(app, reference::Act::Healthy(app.process));
                self.came_to(done, &acts);
            }
            Act::Failed(process) => {
                let Some(app) = self.apps.get(&process) else {
                    return;
                };
                let done = app.failed().is_ok() || !app.boot.guarded;
                let acts = of_a_patch(app, reference::Act::Failed(app.process));
                self.came_to(done, &acts);
            }
        }
    }

    /// Takes back what was ordered of the disk, and says whether it had come.
    fn take_back(&mut self) -> bool {
        let ordered = self.ordered.take();
        let came = ordered.is_some_and(|ordered| self.phone.disk.take_back(ordered));
        self.lived.failures += u64::from(came);
        came
    }

    fn came_to(&mut self, done: bool, acts: &[reference::Act]) {
        let may_fail = self.take_back();
        assert!(done || may_fail, "{acts:?} failed on a disk without faults");
        if done {
            self.reference.acknowledged(acts);
        } else {
            self.reference.cut_short(acts);
        }
    }

    fn start(&mut self, process: u8) {
        let exits: Vec<(u32, Exit)> = self.ended.clone().into_iter().collect();
        let app = self.phone.start(&exits);
        let start = self.start_of(app.process);
        let seen = match app.seen() {
            Seen::Bundled => None,
            Seen::Patch(id) => Some(*id.bytes()),
        };
        self.lived.patched_starts += u64::from(seen.is_some());
        let amid_faults = self.take_back();
        self.is_whole(&app);
        let allowed = if amid_faults {
            self.reference
                .started_amid_faults(&start, seen, app.boot.guarded)
        } else {
            self.reference.started(&start, seen)
        };
        let why = allowed.err().filter(|_| self.is_strict);
        assert!(
            why.is_none(),
            "{}; notices {:?}",
            why.unwrap_or_default(),
            app.boot.notices
        );
        self.apps.insert(process, app);
    }

    /// What boots is a library of this release, to the last byte, whatever the disk did.
    fn is_whole(&self, app: &App<SimProcess>) {
        let Booted::Generation {
            id, folder, files, ..
        } = &app.boot.what
        else {
            return;
        };
        let all = (1..=CONTENTS).map(|content| Library::patched(self.phone.release, content));
        let library = all.into_iter().find(|library| library.id == *id);
        let library = library.expect("what boots was made for this release");
        for file in files {
            let path = folder
                .join(&file.name)
                .expect("what boots has names of ours");
            let found = read_whole(app.updater.storage(), &path, library.bytes.len());
            let found = found.expect("what boots can be read");
            assert!(
                found == Whole::Bytes(library.bytes.to_vec()),
                "{path} is not whole"
            );
        }
    }

    pub(super) fn start_of(&self, process: u32) -> reference::Act {
        let ended = self
            .ended
            .iter()
            .map(|(process, exit)| (*process, exit.is_known_crash()));
        let release = self.phone.release;
        reference::Act::Start {
            process,
            release,
            ended: ended.collect(),
        }
    }

    fn sends(&mut self, process: u8) {
        let Some(app) = self.apps.get(&process) else {
            return;
        };
        let done = app.send_events().is_ok();
        self.came_to(done, &[]);
    }

    fn update(&mut self, process: u8) {
        let Some(app) = self.apps.get(&process) else {
            return;
        };
        let (answer, patch) = self.answer();
        let result = app.update();
        let mut acts = vec![answer];
        let release = self.phone.release;
        acts.extend(patch.map(|patch| reference::Act::Install { release, patch }));
        let Ok(updated) = result else {
            assert!(
                self.take_back() || self.cuts_downloads,
                "an update failed on a disk without faults: {result:?}"
            );
            self.reference.cut_short(&acts);
            return;
        };
        let (answered, install) = acts.split_at(1);
        self.reference.acknowledged(answered);
        let installed = matches!(updated.outcome, Outcome::Installed { .. });
        if self.is_strict {
            let wanted = patch.map(|patch| self.reference.wants(release, &patch));
            let (may, must) = wanted.unwrap_or_default();
            assert!(
                may || !installed,
                "installed {patch:?}, which must not be: {updated:?}"
            );
            assert!(!must || installed, "did not install {patch:?}: {updated:?}");
        }
        if installed {
            self.lived.installs += 1;
            self.reference.acknowledged(install);
        }
    }

    pub(super) fn answer(&self) -> (reference::Act, Option<Patch>) {
        let release = self.phone.release;
        let offered = self.phone.server.offered(release);
        let rolled_back = self.phone.server.withdrawn(release);
        let offer = offered.map(|(number, library)| Patch {
            number,
            content: *library.id.bytes(),
            epoch: 0,
            reads: 0,
        });
        let patch = offer.filter(|offer| !rolled_back.contains(&offer.number));
        let answer = reference::Act::Answer {
            release,
            offer,
            rolled_back,
        };
        (answer, patch)
    }
}

/// Two slots and what is left of them, locks, three generations, a download and what is staged.
const FILES_MAX: usize = 40;
/// How many contents are ever offered, counted from 1.
const CONTENTS: u8 = 3;
