//! Documents that no number of signatures makes sense of.

use patchproof_trust::{
    ChannelStatement, FileName, Flaw, Kind, PatchStatement, Payload, RolledBack, Root,
};

use crate::world::*;

fn root_flaw(change: impl FnOnce(&mut Root)) -> Flaw {
    let mut changed = root();
    change(&mut changed);
    changed.check().unwrap_err()
}

#[test]
fn a_threshold_of_nobody_is_refused() {
    let found = root_flaw(|root| root.roles.patch.threshold = 0);
    assert_eq!(
        found,
        Flaw::Threshold {
            role: Kind::Patch,
            threshold: 0,
            keys: 3
        }
    );
}

#[test]
fn a_threshold_that_nobody_can_meet_is_refused() {
    let found = root_flaw(|root| root.roles.root.threshold = 4);
    assert_eq!(
        found,
        Flaw::Threshold {
            role: Kind::Root,
            threshold: 4,
            keys: 3
        }
    );
}

#[test]
fn an_online_key_has_no_offline_role() {
    let found = root_flaw(|root| root.roles.patch.keys = role(&["p", "channel"], 2).keys);
    assert_eq!(found, Flaw::SharedKey { key: id("channel") });
}

#[test]
fn a_key_under_another_keys_name_is_refused() {
    let found = root_flaw(|root| {
        let thief = key("thief");
        let entry = root.keys.get_mut(&id("a")).unwrap();
        entry.public = patchproof_trust::Sign::public_key(&thief);
    });
    assert_eq!(
        found,
        Flaw::WrongKeyId {
            listed: id("a"),
            found: id("thief")
        }
    );
}

#[test]
fn a_role_cannot_name_a_key_that_is_not_there() {
    let found = root_flaw(|root| {
        root.keys.remove(&id("q"));
    });
    assert_eq!(
        found,
        Flaw::MissingKey {
            role: Kind::Patch,
            key: id("q")
        }
    );
}

#[test]
fn a_key_without_a_role_is_refused() {
    let found = root_flaw(|root| root.keys.extend(keys(&["idle"])));
    assert_eq!(found, Flaw::IdleKey { key: id("idle") });
}

fn channel_flaw(change: impl FnOnce(&mut ChannelStatement)) -> Flaw {
    let mut statement = channel(1, &[&patch(1), &patch(2)]);
    change(&mut statement);
    statement.check().unwrap_err()
}

#[test]
fn one_statement_does_not_both_offer_and_roll_back() {
    let found = channel_flaw(|it| {
        let entry = it.selected[0].clone();
        it.rolled_back = vec![RolledBack {
            number: entry.number,
            patch: entry.patch,
        }];
    });
    assert!(matches!(found, Flaw::Twice { .. }));
}

#[test]
fn one_patch_does_not_come_under_two_numbers() {
    let found = channel_flaw(|it| it.selected[1].patch = it.selected[0].patch);
    assert!(matches!(found, Flaw::Twice { .. }));
}

#[test]
fn more_than_all_devices_is_refused() {
    assert!(matches!(
        channel_flaw(|it| it.selected[0].rollout_basis_points = 10_001),
        Flaw::Above { .. }
    ));
}

#[test]
fn number_0_is_neither_offered_nor_rolled_back() {
    assert_eq!(
        channel_flaw(|it| it.selected[0].number = 0),
        Flaw::Zero {
            what: "patch number"
        }
    );
    let patch = digest("any");
    let found = channel_flaw(|it| it.rolled_back = vec![RolledBack { number: 0, patch }]);
    assert_eq!(
        found,
        Flaw::Zero {
            what: "patch number"
        }
    );
}

#[test]
fn entries_have_one_order() {
    assert!(matches!(
        channel_flaw(|it| it.selected.reverse()),
        Flaw::NotAscending { .. }
    ));
}

#[test]
fn a_statement_that_expires_before_it_is_issued_is_refused() {
    assert!(matches!(
        channel_flaw(|it| it.expires_s = it.issued_s - 1),
        Flaw::Above { .. }
    ));
}

#[test]
fn a_statement_that_would_live_for_years_is_refused() {
    let mut statement = channel(1, &[]);
    statement.expires_s = statement.issued_s + 31 * DAY_S;
    assert_eq!(statement.check(), Ok(()));
    statement.expires_s += 1;
    let limit_s = 31 * DAY_S;
    let expected = Flaw::LivesTooLong {
        found_s: limit_s + 1,
        limit_s,
    };
    assert_eq!(statement.check(), Err(expected));
}

fn patch_flaw(change: impl FnOnce(&mut PatchStatement)) -> Flaw {
    let mut patch = patch(3);
    change(&mut patch);
    patch.check().unwrap_err()
}

#[test]
fn number_0_is_refused() {
    assert_eq!(
        patch_flaw(|it| it.number = 0),
        Flaw::Zero { what: "number" }
    );
}

#[test]
fn a_patch_does_not_forbid_itself() {
    assert!(matches!(
        patch_flaw(|it| it.minimum_number = 4),
        Flaw::Above { .. }
    ));
}

#[test]
fn a_patch_reads_the_data_that_it_writes() {
    assert!(matches!(
        patch_flaw(|it| it.data_epoch = 2),
        Flaw::Above { .. }
    ));
}

#[test]
fn a_patch_without_files_or_downloads_is_refused() {
    assert_eq!(
        patch_flaw(|it| it.files.clear()),
        Flaw::None { what: "files" }
    );
    assert_eq!(
        patch_flaw(|it| it.downloads.clear()),
        Flaw::None { what: "downloads" }
    );
}

#[test]
fn a_download_becomes_one_of_the_files() {
    let found = patch_flaw(|it| it.downloads[0].makes = FileName::new("other").unwrap());
    assert_eq!(
        found,
        Flaw::UnknownFile {
            name: "other".into()
        }
    );
}

#[test]
fn files_that_are_one_on_some_file_system_are_refused() {
    for (one, other) in [
        ("A.so", "a.so"),
        ("a", "a/b"),
        ("A/b", "a"),
        ("a/B/c", "a/b"),
    ] {
        let mut names = [one, other].map(|name| FileName::new(name).unwrap());
        names.sort();
        let found = patch_flaw(|it| {
            it.files = names
                .iter()
                .map(|name| {
                    let mut file = it.files[0].clone();
                    file.name = name.clone();
                    file
                })
                .collect();
        });
        assert!(
            matches!(found, Flaw::Collision { .. }),
            "{one} {other}: {found:?}"
        );
    }
}
