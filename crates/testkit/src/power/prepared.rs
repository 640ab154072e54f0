//! The phone before the acts: everything on its disk lasts.

use std::collections::BTreeSet;

use patchproof_rehearsal::{BlockSize, Bounds, Honesty, SimDisk};
use patchproof_storage::{Access, File as _, Storage, StoragePath};

use super::scenarios::Scenario;
use crate::phone::Phone;

/// A phone on which a scenario's acts may begin.
pub(super) fn prepared(scenario: &Scenario, block: BlockSize, honesty: Honesty) -> Phone {
    let mut phone = Phone::new(SimDisk::new(block, honesty));
    (scenario.prepare)(&mut phone);
    settle(&phone.disk);
    // What was written before the power came is not in doubt, on a lying disk either.
    let mut bounds = Bounds::normal();
    bounds.undone_syncs_max = 0;
    let image = phone
        .disk
        .images(bounds)
        .next()
        .expect("a disk has an image");
    let mut prepared = phone.after_a_cut(image);
    prepared.next_process = phone.next_process;
    prepared
}

/// Makes everything last.
pub(super) fn settle(disk: &SimDisk) {
    let process = disk.process();
    let path = |text: &str| StoragePath::new(text).unwrap_or_else(|_| StoragePath::root());
    let mut folders: BTreeSet<StoragePath> = FOLDERS.into_iter().map(path).collect();
    for file in disk.files() {
        let file = path(&file);
        if let Ok(mut open) = process.open(&file, Access::Append) {
            open.sync().expect("nothing fails here");
        }
        folders.extend(std::iter::successors(file.folder(), StoragePath::folder));
    }
    for folder in folders {
        // Some of them are not there.
        drop(process.sync_folder(&folder));
    }
}

const FOLDERS: [&str; 5] = ["", "processes", "generations", "staging", "downloads"];
