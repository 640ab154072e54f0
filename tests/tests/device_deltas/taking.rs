//! Patches against the library that runs, taken.

use patchproof_device::{CheckError, UpdateError};
use patchproof_testkit::phone::{Deltas, Library};

use crate::stand::{downloads, installed, nothing_is_banned, notices, phone};

#[test]
fn a_phone_that_runs_a_patch_takes_the_one_that_is_made_against_it() {
    let mut phone = phone(Deltas::Good);
    let app = phone.start(&[]);
    let updated = app.update().unwrap();
    assert_eq!((installed(&updated), notices(&updated)), (2, vec![]));
    assert_eq!(downloads(&phone), ["delta"]);
    drop(app);
    let app = phone.start(&[]);
    assert_eq!(app.number(), 2);
    app.healthy().unwrap();
}

#[test]
fn what_is_available_says_how_long_its_download_is() {
    let mut phone = phone(Deltas::Good);
    let (one, two) = (Library::patched(0, 1), Library::patched(0, 2));
    let app = phone.start(&[]);
    let cancel = patchproof_device::Cancel::new();
    let available = app.updater.check(&cancel).unwrap().available.unwrap();
    let delta_bytes = u64::try_from(two.delta_from(&one).len()).unwrap();
    assert_eq!(available.download_bytes, Some(delta_bytes));
}

#[test]
fn a_phone_that_runs_its_release_takes_the_patch_against_that() {
    let mut phone = phone(Deltas::Good);
    phone.release = 1;
    phone.server.offer(3, &Library::patched(1, 3));
    assert_eq!(installed(&phone.start(&[]).update().unwrap()), 3);
    assert_eq!(downloads(&phone), ["release"]);
}

#[test]
fn a_server_that_knows_nothing_of_what_runs_is_heard_as_before() {
    let mut phone = phone(Deltas::None);
    assert_eq!(installed(&phone.start(&[]).update().unwrap()), 2);
    assert_eq!(downloads(&phone), ["release"]);
}

/// The process that runs the base keeps its files, and what was withdrawn leaves at the next start.
#[test]
fn the_base_may_be_withdrawn_by_the_answer_that_offers_the_patch_against_it() {
    let mut phone = phone(Deltas::Good);
    phone.server.withdraw(0, [1]);
    let app = phone.start(&[]);
    assert_eq!(app.number(), 1);
    assert_eq!(installed(&app.update().unwrap()), 2);
    assert_eq!(downloads(&phone), ["delta"]);
    drop(app);
    assert_eq!(phone.start(&[]).number(), 2);
}

#[test]
fn a_process_takes_patches_against_what_it_runs_though_another_one_went_on() {
    let mut phone = phone(Deltas::Good);
    let old = phone.start(&[]);
    assert_eq!(installed(&phone.start(&[]).update().unwrap()), 2);
    let new = phone.start(&[]);
    assert_eq!(new.number(), 2);
    new.healthy().unwrap();
    phone.server.offer(3, &Library::patched(0, 3));
    phone.server.forget();
    assert_eq!(installed(&old.update().unwrap()), 3);
    assert_eq!(downloads(&phone), ["delta"]);
    drop((old, new));
    assert_eq!(phone.start(&[]).number(), 3);
}

#[test]
fn a_download_that_was_cut_is_gone_on_with_if_it_is_of_the_same_base_and_not_if_of_another() {
    for (before, after) in [
        (Deltas::Good, Deltas::Good),
        (Deltas::Good, Deltas::None),
        (Deltas::None, Deltas::Good),
    ] {
        let mut phone = phone(before);
        phone.server.cut_after(Some(64));
        phone.start(&[]).update().unwrap_err();
        phone.server.cut_after(None);
        phone.server.deltas(after);
        let mut from = Vec::new();
        let app = phone.start(&[]);
        let cancel = patchproof_device::Cancel::new();
        let updated = app.updater.update(&cancel, &mut |progress| {
            if let patchproof_device::Progress::Downloading { bytes, .. } = progress {
                from.push(bytes);
            }
        });
        assert_eq!(installed(&updated.unwrap()), 2);
        let gone_on_with = if before == after { 64 } else { 0 };
        assert_eq!(from.first(), Some(&gone_on_with), "{before:?} {after:?}");
        nothing_is_banned(&app);
    }
}

#[test]
fn what_is_left_of_a_download_against_a_base_that_went_is_not_gone_on_with() {
    let mut phone = phone(Deltas::Good);
    phone.server.withdraw(0, [1]);
    phone.server.cut_after(Some(64));
    phone.start(&[]).update().unwrap_err();
    phone.server.cut_after(None);
    let app = phone.start(&[]);
    assert_eq!(app.number(), 0);
    assert_eq!(installed(&app.update().unwrap()), 2);
    assert_eq!(downloads(&phone), ["delta", "release"]);
}

#[test]
fn a_patch_against_what_the_phone_does_not_have_is_refused_and_its_answer_carried_out() {
    let mut phone = phone(Deltas::OverAnother);
    phone.server.withdraw(0, [1]);
    let app = phone.start(&[]);
    let refused = app.update().unwrap_err();
    assert!(
        matches!(
            &refused,
            UpdateError::Check(CheckError::OtherOrigin { number: 2, .. })
        ),
        "{refused}"
    );
    assert_eq!(refused.at_fault(), patchproof_device::AtFault::Server);
    assert!(downloads(&phone).is_empty());
    nothing_is_banned(&app);
    drop(app);
    assert_eq!(phone.start(&[]).number(), 0, "patch 1 was withdrawn");
}
