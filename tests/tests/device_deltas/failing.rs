//! Patches against the library that runs, and what is done where they do not do.

use patchproof_device::UpdateError;
use patchproof_rehearsal::SimProcess;
use patchproof_testkit::phone::{App, Deltas, Library, Phone};
use proptest::prelude::*;

use crate::stand::{downloads, installed, nothing_is_banned, notices, phone, spoil};

const BAD: [Deltas; 3] = [Deltas::Garbage, Deltas::OfAnother, Deltas::Missing];

#[test]
fn a_delta_that_does_not_do_is_followed_by_the_patch_against_the_release() {
    for bad in BAD {
        let mut phone = phone(bad);
        let app = phone.start(&[]);
        takes_the_other_one(&mut phone, app);
    }
}

/// An update by a process for which the delta does not do.
fn takes_the_other_one(phone: &mut Phone, app: App<SimProcess>) {
    let updated = app.update().unwrap();
    let seen = (installed(&updated), notices(&updated));
    assert_eq!(seen, (2, vec!["delta_failed"]));
    assert_eq!(downloads(phone), ["delta", "release"]);
    nothing_is_banned(&app);
    drop(app);
    assert_eq!(phone.start(&[]).number(), 2);
}

#[test]
fn what_the_answer_withdrew_is_told_though_its_delta_does_not_do() {
    let mut phone = phone(Deltas::Garbage);
    phone.server.withdraw(0, [1]);
    let updated = phone.start(&[]).update().unwrap();
    assert_eq!(installed(&updated), 2);
    assert_eq!(notices(&updated), ["dropped", "delta_failed"]);
}

#[test]
fn a_process_in_which_a_delta_failed_asks_for_no_other() {
    let mut phone = phone(Deltas::Garbage);
    let app = phone.start(&[]);
    app.update().unwrap();
    phone.server.forget();
    phone.server.offer(3, &Library::patched(0, 3));
    assert_eq!(installed(&app.update().unwrap()), 3);
    assert_eq!(downloads(&phone), ["release"]);
}

#[test]
fn the_next_process_asks_for_deltas_again() {
    let mut phone = phone(Deltas::Garbage);
    phone.start(&[]).update().unwrap();
    phone.start(&[]).healthy().unwrap();
    phone.server.offer(3, &Library::patched(0, 3));
    phone.server.deltas(Deltas::Good);
    phone.server.forget();
    assert_eq!(installed(&phone.start(&[]).update().unwrap()), 3);
    assert_eq!(downloads(&phone), ["delta"]);
}

/// The hash of what comes of it tells, before anything is installed.
#[test]
fn a_base_that_rotted_while_it_ran_gives_nothing_that_is_installed() {
    let one = Library::patched(0, 1).bytes;
    let mut flipped = one.to_vec();
    flipped.iter_mut().for_each(|byte| *byte ^= 1);
    let short = one.get(..one.len() / 2).map(<[u8]>::to_vec);
    for rotten in [Some(flipped), short, Some(Vec::new()), None] {
        let mut phone = phone(Deltas::Good);
        let app = phone.start(&[]);
        spoil(&phone, rotten.as_deref());
        takes_the_other_one(&mut phone, app);
    }
}

#[test]
fn a_network_that_fails_is_no_reason_to_give_deltas_up() {
    let mut phone = phone(Deltas::Good);
    let app = phone.start(&[]);
    phone.server.cut_after(Some(64));
    let failed = app.update().unwrap_err();
    assert!(matches!(failed, UpdateError::Download(_)), "{failed}");
    assert_eq!(downloads(&phone), ["delta"]);
    phone.server.cut_after(None);
    app.update().unwrap();
    assert_eq!(downloads(&phone), ["delta", "delta"]);
}

fn any_deltas() -> impl Strategy<Value = Deltas> {
    prop::sample::select(vec![
        Deltas::None,
        Deltas::Good,
        Deltas::Garbage,
        Deltas::OfAnother,
        Deltas::Missing,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever became of earlier ones, an update over a network that works installs what is
    /// offered: with two downloads at most, or three where it goes on with a bad one.
    #[test]
    fn no_past_of_deltas_keeps_a_phone_from_the_newest_patch(
        past in prop::collection::vec((any_deltas(), 0..250_u64, any::<bool>()), 0..4),
        now in any_deltas(),
        rots in any::<bool>(),
    ) {
        let mut phone = phone(Deltas::None);
        let mut app = phone.start(&[]);
        for (deltas, cut_after, ends) in past {
            phone.server.deltas(deltas);
            phone.server.cut_after(Some(cut_after));
            drop(app.update());
            if ends {
                drop(app);
                app = phone.start(&[]);
                app.healthy().unwrap();
            }
        }
        let runs_one = app.number() == 1;
        if rots && runs_one {
            spoil(&phone, Some(b"rot"));
        }
        phone.server.cut_after(None);
        phone.server.deltas(now);
        phone.server.forget();
        app.update().unwrap();
        prop_assert!(downloads(&phone).len() <= 3, "{:?}", downloads(&phone));
        nothing_is_banned(&app);
        phone.server.forget();
        app.update().unwrap();
        prop_assert_eq!(downloads(&phone).len(), 0);
        drop(app);
        prop_assert_eq!(phone.start(&[]).number(), 2);
    }
}
