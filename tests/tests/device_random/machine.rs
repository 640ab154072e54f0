//! The phone that lives, and the reference beside it.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use patchproof_device::{Booted, Outcome};
use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{BlockSize, FaultPlan, Honesty, Ordered, SimDisk, SimProcess, Which};
use patchproof_storage::{Whole, read_whole};
use patchproof_testkit::phone::{App, Library, Phone, Seen};
use patchproof_testkit::reference::{self, Patch, Reference};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::life::{Act, Disk, Happens, Life};

#[derive(Debug)]
pub(crate) struct Honest;

#[derive(Debug)]
pub(crate) struct Lying;

impl Disk for Honest {
    const HONESTY: Honesty = Honesty::Honest;
    const STRICT: bool = true;
}

impl Disk for Lying {
    const HONESTY: Honesty = Honesty::Lying;
    const STRICT: bool = false;
}

/// A lying disk held to what an honest one promises: a fault that must be found.
#[derive(Debug)]
pub(crate) struct Planted;

impl Disk for Planted {
    const HONESTY: Honesty = Honesty::Lying;
    const STRICT: bool = true;
}

/// A phone under test.
#[derive(Debug)]
pub(crate) struct Phones<D> {
    pub(crate) phone: Phone,
    pub(crate) apps: BTreeMap<u8, App<SimProcess>>,
    pub(crate) reference: Reference,
    /// How processes ended that no start has been told of yet for good.
    pub(crate) ended: BTreeMap<u32, Exit>,
    /// A failure that was ordered of the disk, for the act under way.
    ordered: Option<Ordered>,
    _disk: PhantomData<D>,
}

impl<D: Disk> StateMachineTest for Phones<D> {
    type SystemUnderTest = Self;
    type Reference = Life;

    fn init_test(_: &Life) -> Self {
        Self {
            phone: Phone::new(SimDisk::new(BlockSize::Bytes4096, D::HONESTY)),
            apps: BTreeMap::new(),
            reference: Reference::default(),
            ended: BTreeMap::new(),
            ordered: None,
            _disk: PhantomData,
        }
    }

    fn apply(mut this: Self, _: &Life, happens: Happens) -> Self {
        this.happens(happens);
        this
    }

    fn check_invariants(this: &Self, _: &<Life as ReferenceStateMachine>::State) {
        let files = this.phone.disk.files().len();
        assert!(
            files <= FILES_MAX,
            "{files} files: {:?}",
            this.phone.disk.files()
        );
    }
}

impl<D: Disk> Phones<D> {
    fn happens(&mut self, happens: Happens) {
        match happens {
            Happens::Act(act) => self.act(act),
            Happens::CutDuring(act, at, image) => self.cut_during(act, at, image),
            Happens::FailsDuring(act, at, failure) => {
                let plan = FaultPlan::once(Which::Any, at, failure);
                self.ordered = Some(self.phone.disk.fail(plan));
                self.act(act);
                self.take_back();
            }
            Happens::Ends(process, exit) => {
                if let Some(app) = self.apps.remove(&process) {
                    self.ended.insert(app.process, exit);
                }
            }
            Happens::Offers(None) => self.phone.server.offer_nothing(self.phone.release),
            Happens::Offers(Some((number, content))) => {
                let library = Library::patched(self.phone.release, content);
                self.phone.server.offer(number, &library);
            }
            Happens::Withdraws(numbers) => {
                self.phone.server.withdraw(self.phone.release, numbers);
            }
            Happens::Deltas(deltas) => self.phone.server.deltas(deltas),
            Happens::OtherRelease => self.phone.release = 1 - self.phone.release,
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Start(process) => self.start(process),
            Act::Update(process) => self.update(process),
            Act::Healthy(process) => {
                let Some(app) = self.apps.get(&process) else {
                    return;
                };
                let done = app.healthy().is_ok();
                self.came_to(done, &[reference::Act::Healthy(app.process)]);
            }
            Act::Failed(process) => {
                let Some(app) = self.apps.get(&process) else {
                    return;
                };
                let done = app.failed().is_ok() || !app.boot.guarded;
                self.came_to(done, &[reference::Act::Failed(app.process)]);
            }
        }
    }

    /// Takes back what was ordered of the disk, and says whether it had come.
    fn take_back(&mut self) -> bool {
        let ordered = self.ordered.take();
        ordered.is_some_and(|ordered| self.phone.disk.take_back(ordered))
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
        let amid_faults = self.take_back();
        self.is_whole(&app);
        let allowed = if amid_faults {
            self.reference
                .started_amid_faults(&start, seen, app.boot.guarded)
        } else {
            self.reference.started(&start, seen)
        };
        if D::STRICT {
            allowed.unwrap_or_else(|why| panic!("{why}; notices {:?}", app.boot.notices));
        }
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
        let all = (1..=3).map(|content| Library::patched(self.phone.release, content));
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

    pub(crate) fn start_of(&self, process: u32) -> reference::Act {
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
                self.take_back(),
                "an update failed on a disk without faults: {result:?}"
            );
            self.reference.cut_short(&acts);
            return;
        };
        self.reference.acknowledged(&acts[..1]);
        let installed = matches!(updated.outcome, Outcome::Installed { .. });
        if D::STRICT {
            let wanted = patch.map(|patch| self.reference.wants(release, &patch));
            let (may, must) = wanted.unwrap_or_default();
            assert!(
                may || !installed,
                "installed {patch:?}, which must not be: {updated:?}"
            );
            assert!(!must || installed, "did not install {patch:?}: {updated:?}");
        }
        if installed {
            self.reference.acknowledged(&acts[1..]);
        }
    }

    pub(crate) fn answer(&self) -> (reference::Act, Option<Patch>) {
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
        (
            reference::Act::Answer {
                release,
                offer,
                rolled_back,
            },
            patch,
        )
    }
}

/// Two slots and what is left of them, locks, three generations, a download and what is staged.
const FILES_MAX: usize = 40;
