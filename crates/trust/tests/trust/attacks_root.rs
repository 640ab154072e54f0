//! Attacks on the root: forged, rolled back, skipped, forked, held back; and honest rotation.

use patchproof_trust::{Kind, Refusal, Remembered, Root};

use crate::world::*;

#[test]
fn a_root_that_follows_by_the_rules_is_taken() {
    let next = next(&root());
    let taken = ask_root(&remembered(), &signed(&next, &["a", "c"])).unwrap();
    assert_eq!(taken.root().version, 2);
}

#[test]
fn a_root_signed_below_the_old_threshold_is_refused() {
    let refused = ask_root(&remembered(), &signed(&next(&root()), &["a"]));
    assert_eq!(refused, Err(too_few(Kind::Root, 1, 1)));
}

/// A thief of one root key installs roots of his own keys.
fn of_the_thief() -> Root {
    let mut theirs = next(&root());
    theirs.keys = keys(&["thief", "thief2", "p", "q", "channel"]);
    theirs.roles.root = role(&["thief", "thief2"], 2);
    theirs.roles.patch = role(&["p", "q"], 2);
    theirs
}

#[test]
fn a_root_of_new_keys_alone_is_refused_whatever_it_says_of_itself() {
    let refused = ask_root(
        &remembered(),
        &signed(&of_the_thief(), &["thief", "thief2"]),
    );
    assert_eq!(refused, Err(too_few(Kind::Root, 1, 0)));
}

#[test]
fn one_stolen_root_key_and_any_number_of_new_ones_make_no_root() {
    let served = signed(&of_the_thief(), &["a", "thief", "thief2"]);
    assert_eq!(
        ask_root(&remembered(), &served),
        Err(too_few(Kind::Root, 1, 1))
    );
}

#[test]
fn a_root_that_its_own_keys_did_not_sign_is_refused_or_the_next_could_never_come() {
    let served = signed(&of_the_thief(), &["a", "b"]);
    assert_eq!(
        ask_root(&remembered(), &served),
        Err(too_few(Kind::Root, 2, 0))
    );
}

#[test]
fn patch_keys_sign_no_root() {
    let refused = ask_root(&remembered(), &signed(&next(&root()), &["p", "q"]));
    assert!(matches!(
        refused,
        Err(Refusal::UnknownKey {
            kind: Kind::Root,
            ..
        })
    ));
}

#[test]
fn a_root_that_is_older_than_the_known_one_is_a_rollback() {
    let second = next(&root());
    let known = ask_root(&remembered(), &signed(&second, &["a", "b"])).unwrap();
    let refused = ask_root(&known, &signed(&root(), &["a", "b"]));
    assert_eq!(
        refused,
        Err(Refusal::RootRollback {
            remembered: 2,
            found: 1
        })
    );
}

#[test]
fn the_known_root_served_again_is_no_news() {
    let refused = ask_root(&remembered(), &signed(&root(), &["a", "b"]));
    assert_eq!(
        refused,
        Err(Refusal::RootRollback {
            remembered: 1,
            found: 1
        })
    );
}

#[test]
fn no_root_is_skipped_though_it_is_signed() {
    let third = next(&next(&root()));
    let refused = ask_root(&remembered(), &signed(&third, &["a", "b"]));
    assert_eq!(
        refused,
        Err(Refusal::RootSkipped {
            expected: 2,
            found: 3
        })
    );
}

#[test]
fn a_root_of_another_app_is_refused() {
    let other = Root {
        app: word("com.example.other"),
        ..next(&root())
    };
    let refused = ask_root(&remembered(), &signed(&other, &["a", "b"]));
    assert!(
        matches!(refused, Err(Refusal::WrongTarget { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_stranger_beside_enough_signatures_refuses_the_root() {
    let served = signed(&next(&root()), &["a", "b", "stranger"]);
    let expected = Refusal::UnknownKey {
        kind: Kind::Root,
        key: id("stranger"),
    };
    assert_eq!(ask_root(&remembered(), &served), Err(expected));
}

#[test]
fn an_expired_root_stops_installs() {
    let start = starting_with(&Root {
        expires_s: Some(NOW_S),
        ..root()
    });
    let refused = ask_channel(&start, &signed(&channel(1, &[]), &["channel"]));
    let expected = Refusal::RootExpired {
        version: 1,
        expires_s: NOW_S,
        now_s: NOW_S,
    };
    assert_eq!(refused, Err(expected));
}

#[test]
fn an_expired_root_stops_no_boot() {
    let start = starting_with(&Root {
        expires_s: Some(1),
        ..root()
    });
    assert!(ask_standing(&start, &signed(&patch(1), &["p", "q"])).is_ok());
}

#[test]
fn an_expired_root_still_leads_to_the_next_one() {
    let start = starting_with(&Root {
        expires_s: Some(1),
        ..root()
    });
    assert!(ask_root(&start, &signed(&next(&root()), &["a", "b"])).is_ok());
}

#[test]
fn a_root_that_is_held_back_is_noticed_by_the_first_statement_made_under_it() {
    let mut statement = channel(1, &[]);
    statement.root_version = 2;
    let refused = ask_channel(&remembered(), &signed(&statement, &["channel"]));
    assert_eq!(
        refused,
        Err(Refusal::RootBehind {
            known: 1,
            needed: 2
        })
    );
}

#[test]
fn an_embedded_root_with_a_threshold_that_it_does_not_meet_itself_is_refused() {
    let refused = Remembered::from_embedded(&signed(&root(), &["a"]));
    assert_eq!(refused, Err(too_few(Kind::Root, 1, 1)));
}

#[test]
fn two_roots_of_one_version_are_a_fork() {
    let other = Root {
        expires_s: Some(NOW_S + DAY_S),
        ..root()
    };
    let refused = remembered().with_embedded(&starting_with(&other), &release());
    assert_eq!(refused, Err(Refusal::RootForked { version: 1 }));
}
