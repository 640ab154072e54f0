//! Attacks on patches: forged, downgraded, mixed, for another device, revoked, withdrawn.

use patchproof_trust::{
    Field, Kind, PatchStatement, Refusal, Remembered, RolledBack, Text, Verifier,
};

use crate::world::*;

/// A channel offers this patch, and these keys signed it.
fn offered(
    remembered: &Remembered,
    patch: &PatchStatement,
    names: &[&str],
) -> Result<u64, Refusal> {
    let envelope = signed(patch, names);
    ask_patch(remembered, &channel(1, &[patch]), &envelope).map(|taken| taken.statement.number)
}

#[test]
fn an_honest_patch_is_taken() {
    assert_eq!(offered(&remembered(), &patch(3), &["p", "r"]), Ok(3));
}

#[test]
fn a_server_with_the_channel_key_cannot_make_a_patch() {
    let refused = offered(&remembered(), &patch(3), &["channel"]);
    let expected = Refusal::UnknownKey {
        kind: Kind::Patch,
        key: id("channel"),
    };
    assert_eq!(refused, Err(expected));
}

#[test]
fn one_stolen_patch_key_makes_no_patch() {
    let refused = offered(&remembered(), &patch(3), &["p"]);
    assert_eq!(refused, Err(too_few(Kind::Patch, 1, 1)));
}

#[test]
fn root_keys_sign_no_patch() {
    let refused = offered(&remembered(), &patch(3), &["a", "b"]);
    assert!(matches!(
        refused,
        Err(Refusal::UnknownKey {
            kind: Kind::Patch,
            ..
        })
    ));
}

#[test]
fn a_patch_that_the_channel_does_not_name_is_refused() {
    let other = patch(4);
    let envelope = signed(&other, &["p", "q"]);
    let refused = ask_patch(&remembered(), &channel(1, &[&patch(3)]), &envelope);
    let expected = Refusal::NotSelected {
        patch: name_of(&other),
    };
    assert_eq!(refused.unwrap_err(), expected);
}

#[test]
fn a_patch_that_the_channel_withdraws_is_refused_by_that_name() {
    let envelope = signed(&patch(3), &["p", "q"]);
    let mut statement = channel(1, &[]);
    statement.rolled_back = vec![RolledBack {
        number: 3,
        patch: name_of(&patch(3)),
    }];
    let refused = ask_patch(&remembered(), &statement, &envelope).unwrap_err();
    assert_eq!(
        refused,
        Refusal::RolledBack {
            patch: name_of(&patch(3))
        }
    );
}

#[test]
fn an_old_patch_cannot_be_offered_under_a_new_number() {
    let envelope = signed(&patch(3), &["p", "q"]);
    let mut statement = channel(1, &[&patch(3)]);
    statement.selected[0].number = 9;
    let refused = ask_patch(&remembered(), &statement, &envelope).unwrap_err();
    assert_eq!(
        refused,
        Refusal::WrongNumber {
            selected: 9,
            found: 3
        }
    );
}

#[test]
fn a_patch_below_the_roots_floor_is_a_downgrade() {
    let mut floor = root();
    floor.releases = rules(4, &[]);
    let refused = offered(&starting_with(&floor), &patch(3), &["p", "q"]);
    assert_eq!(
        refused,
        Err(Refusal::BelowFloor {
            number: 3,
            minimum_number: 4
        })
    );
    assert_eq!(
        offered(&starting_with(&floor), &patch(4), &["p", "q"]),
        Ok(4)
    );
}

fn with_floor(number: u64) -> PatchStatement {
    PatchStatement {
        minimum_number: number,
        ..patch(number)
    }
}

/// What a device remembers once it took a patch that sets a floor.
fn after_floor(number: u64) -> Remembered {
    let patch = with_floor(number);
    let envelope = signed(&patch, &["p", "q"]);
    ask_patch(&remembered(), &channel(1, &[&patch]), &envelope)
        .unwrap()
        .remembered
}

#[test]
fn a_patch_below_a_newer_patchs_floor_is_a_downgrade() {
    let envelope = signed(&patch(4), &["p", "q"]);
    let refused = ask_patch(&after_floor(5), &channel(2, &[&patch(4)]), &envelope).unwrap_err();
    assert_eq!(
        refused,
        Refusal::BelowFloor {
            number: 4,
            minimum_number: 5
        }
    );
}

#[test]
fn a_downgrade_is_refused_at_boot_too() {
    let refused = ask_standing(&after_floor(5), &signed(&patch(4), &["p", "q"]));
    assert_eq!(
        refused,
        Err(Refusal::BelowFloor {
            number: 4,
            minimum_number: 5
        })
    );
}

#[test]
fn a_floor_outlives_the_root_that_set_it() {
    let mut floor = root();
    floor.releases = rules(5, &[]);
    let without = next(&root());
    let known = ask_root(&starting_with(&floor), &signed(&without, &["a", "b"])).unwrap();
    let refused = ask_standing(&known, &signed(&patch(4), &["p", "q"]));
    assert_eq!(
        refused,
        Err(Refusal::BelowFloor {
            number: 4,
            minimum_number: 5
        })
    );
}

#[test]
fn looking_at_a_statement_raises_no_floor() {
    let known = remembered();
    let before = known.encode();
    assert!(ask_standing(&known, &signed(&with_floor(5), &["p", "q"])).is_ok());
    assert_eq!(known.encode(), before);
    assert_eq!(known.minimum_number(&release()), 0);
}

#[test]
fn a_revoked_patch_is_refused_when_it_is_offered_and_when_it_is_installed() {
    let mut revoking = root();
    revoking.releases = rules(0, &[name_of(&patch(3))]);
    let known = starting_with(&revoking);
    let expected = Refusal::Revoked {
        patch: name_of(&patch(3)),
    };
    assert_eq!(
        offered(&known, &patch(3), &["p", "q"]),
        Err(expected.clone())
    );
    assert_eq!(
        ask_standing(&known, &signed(&patch(3), &["p", "q"])),
        Err(expected)
    );
}

#[test]
fn a_revocation_of_one_patch_is_none_of_another() {
    let mut revoking = root();
    revoking.releases = rules(0, &[name_of(&patch(3))]);
    assert_eq!(
        offered(&starting_with(&revoking), &patch(4), &["p", "q"]),
        Ok(4)
    );
}

#[test]
fn a_replaced_patch_key_no_longer_counts() {
    let mut mended = next(&root());
    mended.keys = keys(&["a", "b", "c", "q", "r", "s", "channel"]);
    mended.roles.patch = role(&["q", "r", "s"], 2);
    let known = ask_root(&remembered(), &signed(&mended, &["a", "b"])).unwrap();
    let old = signed(&patch(3), &["p", "q"]);
    let expected = Refusal::UnknownKey {
        kind: Kind::Patch,
        key: id("p"),
    };
    assert_eq!(ask_standing(&known, &old), Err(expected));
    let left =
        patchproof_trust::without_strangers::<PatchStatement>(&old, &mended.roles.patch.keys);
    let refused = ask_standing(&known, &left.unwrap());
    assert_eq!(refused, Err(too_few(Kind::Patch, 2, 1)));
}

#[test]
fn what_a_replaced_key_signed_is_signed_anew_under_the_same_name() {
    let mut mended = next(&root());
    mended.keys = keys(&["a", "b", "c", "q", "r", "s", "channel"]);
    mended.roles.patch = role(&["q", "r", "s"], 2);
    let known = ask_root(&remembered(), &signed(&mended, &["a", "b"])).unwrap();
    let left = patchproof_trust::without_strangers::<PatchStatement>(
        &signed(&patch(3), &["p", "q"]),
        &mended.roles.patch.keys,
    );
    let anew = patchproof_trust::countersign::<PatchStatement>(&left.unwrap(), &key("s")).unwrap();
    let taken = ask_standing(&known, &anew).unwrap();
    assert_eq!(taken.sha256(), name_of(&patch(3)));
}

#[test]
fn a_patch_for_anything_else_is_refused_and_says_what() {
    let refused = |change: &dyn Fn(&mut PatchStatement)| {
        let mut patch = patch(3);
        change(&mut patch);
        match offered(&remembered(), &patch, &["p", "q"]) {
            Err(Refusal::WrongTarget { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&|it| it.app = word("other")), Field::App);
    assert_eq!(
        refused(&|it| it.release.platform = word("ios")),
        Field::Platform
    );
    assert_eq!(refused(&|it| it.release.abi = word("x86_64")), Field::Abi);
    assert_eq!(
        refused(&|it| it.release.version = word("1.2.4+46")),
        Field::Version
    );
    assert_eq!(
        refused(&|it| it.release.base_sha256 = digest("other")),
        Field::Base
    );
    assert_eq!(refused(&|it| it.base_size_bytes += 1), Field::BaseSize);
    assert_eq!(
        refused(&|it| it.snapshot.version = word("0")),
        Field::SnapshotVersion
    );
    assert_eq!(
        refused(&|it| it.snapshot.features.reverse()),
        Field::SnapshotFeatures
    );
}

#[test]
fn one_feature_with_a_blank_is_not_two_features() {
    let mut patch = patch(3);
    let features = &mut patch.snapshot.features;
    let joined = format!("{} {}", features[0], features[1]);
    features.splice(..2, [Text::new(joined).unwrap()]);
    let refused = offered(&remembered(), &patch, &["p", "q"]);
    assert!(matches!(
        refused,
        Err(Refusal::WrongTarget {
            field: Field::SnapshotFeatures,
            ..
        })
    ));
}

#[test]
fn a_channel_statement_of_the_root_before_offers_nothing() {
    let patch = patch(3);
    let old = ask_channel(&remembered(), &signed(&channel(1, &[&patch]), &["channel"])).unwrap();
    let known = ask_root(&old.remembered, &signed(&next(&root()), &["a", "b"])).unwrap();
    let device = device();
    let verifier = Verifier::new(&device, &known).unwrap();
    let refused = verifier.patch(&signed(&patch, &["p", "q"]), &old.statement);
    assert_eq!(refused.unwrap_err(), Refusal::OtherRoot);
}
