//! A phone that runs patch 1, and what it asked its server for.

use patchproof_device::{Outcome, Updated};
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk, SimProcess};
use patchproof_storage::{Access, File as _, Storage as _, StoragePath};
use patchproof_testkit::phone::{App, Deltas, Library, Phone};

/// A phone on which patch 1, content 1, was installed and ran well; patch 2, content 2, is offered.
pub(crate) fn phone(deltas: Deltas) -> Phone {
    let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
    phone.server.offer(1, &Library::patched(0, 1));
    phone.start(&[]).update().unwrap();
    phone.start(&[]).healthy().unwrap();
    phone.server.offer(2, &Library::patched(0, 2));
    phone.server.deltas(deltas);
    phone.server.forget();
    phone
}

/// The number that an update installed.
pub(crate) fn installed(updated: &Updated) -> u64 {
    match updated.outcome {
        Outcome::Installed { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

/// What was downloaded since the server forgot, in words: `release` or `delta`.
pub(crate) fn downloads(phone: &Phone) -> Vec<&'static str> {
    let asked = phone.server.asked();
    let downloads = asked.iter().filter(|url| url.contains("cdn.example"));
    let kinds = downloads.map(|url| match url.contains("-over-") {
        true => "delta",
        false => "release",
    });
    kinds.collect()
}

/// The words of an update's notices that never change.
pub(crate) fn notices(updated: &Updated) -> Vec<&'static str> {
    let all = updated.notices.iter();
    all.map(patchproof_device::Notice::id).collect()
}

/// Nothing is held against any content.
pub(crate) fn nothing_is_banned(app: &App<SimProcess>) {
    assert_eq!(app.updater.bans().unwrap(), []);
}

/// The library of patch 1, on the disk.
pub(crate) fn running_library() -> StoragePath {
    let id = Library::patched(0, 1).id;
    StoragePath::new(&format!("generations/{id}/libapp.so")).unwrap()
}

/// Somebody writes over the library of patch 1, or deletes it.
pub(crate) fn spoil(phone: &Phone, with: Option<&[u8]>) {
    let process = phone.disk.process();
    process.remove(&running_library()).unwrap();
    if let Some(bytes) = with {
        let mut file = process.open(&running_library(), Access::CreateNew).unwrap();
        file.write(bytes).unwrap();
    }
}
