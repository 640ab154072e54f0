//! Honest rotation: keys that are replaced, devices that sleep, apps that bring a newer root.

use patchproof_trust::{
    Field, Kind, Refusal, Remembered, Roles, Root, Verifier, without_strangers,
};

use crate::world::*;

/// Root n of a publisher who replaces both root keys at each step.
fn rotated(version: u64) -> Root {
    let name = |letter: &str, n: u64| format!("{letter}{n}");
    let (one, two) = (name("x", version), name("y", version));
    let root_keys = [one.as_str(), two.as_str()];
    let mut all = root_keys.to_vec();
    all.extend(["p", "q", "channel"]);
    Root {
        keys: keys(&all),
        roles: Roles {
            root: role(&root_keys, 2),
            patch: role(&["p", "q"], 2),
            channel: role(&["channel"], 1),
        },
        version,
        ..root()
    }
}

/// One root after the other, as far as they hold: the memory then, and why it stopped.
fn walk(start: &Remembered, chain: &[Vec<u8>]) -> (Remembered, Option<Refusal>) {
    let mut known = start.clone();
    let stopped = chain.iter().try_for_each(|envelope| {
        known = ask_root(&known, envelope)?;
        Ok(())
    });
    (known, stopped.err())
}

fn rotated_envelope(version: u64) -> Vec<u8> {
    let of = |version: u64| [format!("x{version}"), format!("y{version}")];
    let mut names = of(version).to_vec();
    if version > 1 {
        names.extend(of(version - 1));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    signed(&rotated(version), &names)
}

#[test]
fn a_device_that_slept_through_ten_roots_walks_all_of_them() {
    let start = Remembered::from_embedded(&rotated_envelope(1)).unwrap();
    let chain: Vec<_> = (2..=11).map(rotated_envelope).collect();
    let (known, stopped) = walk(&start, &chain);
    assert_eq!((known.root().version, stopped), (11, None));
}

#[test]
fn a_device_cannot_jump_to_the_eleventh_root_though_all_are_honest() {
    let start = Remembered::from_embedded(&rotated_envelope(1)).unwrap();
    let refused = ask_root(&start, &rotated_envelope(11));
    assert_eq!(
        refused,
        Err(Refusal::RootSkipped {
            expected: 2,
            found: 11
        })
    );
}

#[test]
fn a_forged_root_in_the_middle_stops_the_walk_and_keeps_what_was_reached() {
    let start = Remembered::from_embedded(&rotated_envelope(1)).unwrap();
    let forged = signed(&rotated(4), &["x4", "y4", "x3"]);
    let chain = [
        rotated_envelope(2),
        rotated_envelope(3),
        forged,
        rotated_envelope(5),
    ];
    let (known, stopped) = walk(&start, &chain);
    assert_eq!(known.root().version, 3);
    assert_eq!(stopped, Some(too_few(Kind::Root, 3, 1)));
}

#[test]
fn a_rotated_root_can_be_embedded_with_the_signatures_of_the_one_before() {
    assert!(Remembered::from_embedded(&rotated_envelope(2)).is_ok());
    let own = without_strangers::<Root>(&rotated_envelope(2), &rotated(2).roles.root.keys).unwrap();
    let both = [rotated_envelope(2), own];
    let [one, other] = both.map(|bytes| Remembered::from_embedded(&bytes).unwrap().encode());
    assert_eq!(one, other);
}

#[test]
fn an_app_with_an_older_embedded_root_does_not_roll_the_known_one_back() {
    let known = ask_root(&remembered(), &signed(&next(&root()), &["a", "b"])).unwrap();
    let kept = known.with_embedded(&remembered(), &release()).unwrap();
    assert_eq!(kept.root().version, 2);
}

#[test]
fn an_app_with_a_newer_embedded_root_brings_a_device_past_lost_keys() {
    let embedded = Remembered::from_embedded(&rotated_envelope(5)).unwrap();
    let kept = remembered().with_embedded(&embedded, &release()).unwrap();
    assert_eq!(kept.root().version, 5);
}

/// The first root of an app that is not ours.
fn of_another_app() -> Vec<u8> {
    let other = Root {
        app: word("com.example.other"),
        version: 9,
        ..root()
    };
    signed(&other, &["a", "b"])
}

#[test]
fn an_embedded_root_of_another_app_replaces_nothing() {
    let embedded = Remembered::from_embedded(&of_another_app()).unwrap();
    let refused = remembered().with_embedded(&embedded, &release());
    assert!(
        matches!(
            refused,
            Err(Refusal::WrongTarget {
                field: Field::App,
                ..
            })
        ),
        "{refused:?}"
    );
}

#[test]
fn the_memory_of_another_app_verifies_nothing_here() {
    let (device, other) = (
        device(),
        Remembered::from_embedded(&of_another_app()).unwrap(),
    );
    let refused = Verifier::new(&device, &other).map(drop);
    assert!(
        matches!(
            refused,
            Err(Refusal::WrongTarget {
                field: Field::App,
                ..
            })
        ),
        "{refused:?}"
    );
}
