//! Acts that a power cut ends.

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{Bounds, SimDisk};
use patchproof_testkit::reference;

use crate::life::{Act, Disk};
use crate::machine::Phones;

impl<D: Disk> Phones<D> {
    pub(crate) fn cut_during(&mut self, act: Act, at: u64, image: usize) {
        self.phone
            .disk
            .cut_power_before(self.phone.disk.operations() + at);
        let next = self.phone.next_process;
        match act {
            Act::Start(_) => {
                let exits: Vec<(u32, Exit)> = self.ended.clone().into_iter().collect();
                let app = self.phone.start(&exits);
                drop(app);
                let start = self.start_of(next);
                self.reference.start_cut_short(&start);
                self.ended.insert(next, Exit::Unknown);
            }
            other => self.cut_acting(other),
        }
        self.phone.disk.cut_power();
        let running = std::mem::take(&mut self.apps);
        self.ended
            .extend(running.values().map(|app| (app.process, Exit::Unknown)));
        let images: Vec<SimDisk> = self
            .phone
            .disk
            .images(Bounds::normal())
            .take(IMAGES)
            .collect();
        let image = images[image % images.len()].fork();
        drop(running);
        self.phone = self.phone.after_a_cut(image);
    }

    /// What was acknowledged before the cut lasts; what was not may or may not.
    fn cut_acting(&mut self, act: Act) {
        let Some(app) = self.apps.get(&act.process()) else {
            return;
        };
        let process = app.process;
        let (acts, done) = match act {
            Act::Healthy(_) => (
                vec![reference::Act::Healthy(process)],
                app.healthy().is_ok(),
            ),
            Act::Failed(_) => (vec![reference::Act::Failed(process)], app.failed().is_ok()),
            _ => {
                let (answer, patch) = self.answer();
                let release = self.phone.release;
                let install = patch.map(|patch| reference::Act::Install { release, patch });
                let updated = app.update();
                let acts: Vec<_> = [answer].into_iter().chain(install).collect();
                (acts, updated.is_ok())
            }
        };
        if done {
            self.reference.acknowledged(&acts);
        } else {
            self.reference.cut_short(&acts);
        }
    }
}

/// Of the disks that a cut may leave.
const IMAGES: usize = 200;
