//! Acts that a power cut ends.

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{Bounds, SimDisk};

use super::living::of_a_patch;
use super::{Act, Living};
use crate::reference;

impl Living {
    pub(super) fn cut_during(&mut self, act: Act, at: u64, image: usize) {
        let disk = &self.phone.disk;
        disk.cut_power_before(disk.operations().saturating_add(at));
        let next = self.phone.next_process;
        match act {
            Act::Start(_) => {
                let exits: Vec<(u32, Exit)> = self.ended.clone().into_iter().collect();
                drop(self.phone.start(&exits));
                let start = self.start_of(next);
                self.reference.start_cut_short(&start);
                self.ended.insert(next, Exit::Unknown);
            }
            other => self.cut_acting(other),
        }
        self.lived.cuts += u64::from(self.phone.disk.power_cut().is_some());
        self.phone.disk.cut_power();
        let running = std::mem::take(&mut self.apps);
        let ended = running.values().map(|app| (app.process, Exit::Unknown));
        self.ended.extend(ended);
        let image = one_of_the_images(&self.phone.disk, image);
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
                of_a_patch(app, reference::Act::Healthy(process)),
                app.healthy().is_ok(),
            ),
            Act::Failed(_) => (
                of_a_patch(app, reference::Act::Failed(process)),
                app.failed().is_ok(),
            ),
            Act::Sends(_) => (Vec::new(), app.send_events().is_ok()),
            Act::Start(_) | Act::Update(_) => {
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

/// One of the disks that a cut may leave. Most of the time there are few of them, and making one
/// takes a while: no more are made than have to be.
fn one_of_the_images(disk: &SimDisk, number: usize) -> SimDisk {
    let mut images = disk.images(Bounds::normal());
    let wanted = number % IMAGES;
    if let Some(image) = images.nth(wanted) {
        return image;
    }
    let made = usize::try_from(images.coverage().images).unwrap_or(1);
    let again = disk.images(Bounds::normal()).nth(wanted % made.max(1));
    again.expect("a disk has an image")
}

/// Of the disks that a cut may leave.
const IMAGES: usize = 200;
