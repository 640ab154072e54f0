//! The models do what the old designs were seen to do.

use std::collections::BTreeMap;

use patchproof_testkit::explorer::old::flutter_patcher::{
    Ending, Patch, crash_points, failures, world,
};
use patchproof_testkit::explorer::old::shorebird;
use patchproof_testkit::explorer::{Bounds, explore};

fn endings(installed: Option<Patch>, offer: Patch) -> BTreeMap<Ending, usize> {
    let mut endings = BTreeMap::new();
    for point in crash_points(installed, offer) {
        *endings.entry(point.ending).or_default() += 1;
    }
    endings
}

fn right(endings: &BTreeMap<Ending, usize>) -> usize {
    [Ending::Old, Ending::New]
        .iter()
        .filter_map(|ending| endings.get(ending))
        .sum()
}

#[test]
fn assets_over_assets_have_twenty_crash_points_of_which_sixteen_end_well() {
    let endings = endings(Some(Patch::with_assets('x')), Patch::with_assets('y'));
    assert_eq!(endings.values().sum::<usize>(), 20);
    assert_eq!(right(&endings), 16);
    assert_eq!(endings.get(&Ending::OldIsBanned), Some(&1));
    assert_eq!(endings.get(&Ending::Mixed), Some(&3));
}

#[test]
fn every_other_update_has_exactly_one_bad_crash_point_which_bans_the_old_patch() {
    let code = Patch::code;
    let assets = Patch::with_assets;
    for (old, new) in [
        (code('x'), code('y')),
        (assets('x'), code('y')),
        (code('x'), assets('y')),
    ] {
        let endings = endings(Some(old), new);
        let bad = endings.values().sum::<usize>() - right(&endings);
        assert_eq!(
            (bad, endings.get(&Ending::OldIsBanned)),
            (1, Some(&1)),
            "{old:?}, {new:?}"
        );
    }
}

#[test]
fn a_first_install_has_no_bad_crash_point() {
    for new in [Patch::code('y'), Patch::with_assets('y')] {
        let endings = endings(None, new);
        assert_eq!(endings.values().sum::<usize>(), right(&endings), "{new:?}");
    }
}

#[test]
fn a_second_kill_during_the_recovery_adds_no_new_kind_of_failure() {
    let kinds = |kills| {
        let mut world = world(Some(Patch::with_assets('x')), Patch::with_assets('y'));
        (world.budget.starts, world.budget.kills) = (kills, kills);
        let explored = explore(&world, Bounds::states(1 << 20));
        assert!(explored.complete);
        explored.violations.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(kinds(2), kinds(1));
    assert!(!kinds(1).is_empty());
}

#[test]
fn without_a_fault_both_old_designs_hold_every_property() {
    let calm = world(Some(Patch::with_assets('x')), Patch::with_assets('y'));
    let explored = explore(&calm, Bounds::states(1 << 20));
    assert!(
        explored.complete && explored.violations.is_empty(),
        "{explored:?}"
    );
    let mut calm = shorebird::failures().remove(1).design;
    calm.budget = shorebird::world(Vec::new()).budget;
    (calm.budget.starts, calm.budget.answers) = (4, 4);
    let explored = explore(&calm, Bounds::states(1 << 20));
    assert!(
        explored.complete && explored.violations.is_empty(),
        "{explored:?}"
    );
}

/// Both installs of one number end well, and the second deletes the file that it has just renamed.
#[test]
fn the_second_of_two_installs_of_one_number_deletes_the_file_it_just_renamed() {
    let steps = story_of_shorebird("6.3");
    let mut tail = steps.iter().rev().map(String::as_str);
    assert_eq!(tail.next(), Some("process 2: deletes the download"));
    assert_eq!(
        tail.next(),
        Some("process 2: writes `patches_state.json` as it was")
    );
    assert_eq!(tail.next(), Some("process 2: deletes `patches/1`"));
    assert_eq!(
        tail.next(),
        Some("process 2: renames the inflated file to `patches/1`")
    );
}

/// The booting patch's file goes when the next one is installed, the older good one's with the
/// success.
#[test]
fn the_untested_patch_is_left_when_first_the_booting_one_and_then_the_older_one_is_deleted() {
    let steps = story_of_shorebird("6.23");
    let deleted: Vec<_> = steps
        .iter()
        .filter(|step| step.contains("deletes `patches/"))
        .collect();
    assert_eq!(
        deleted,
        [
            "the app: deletes `patches/2`",
            "the app: deletes `patches/1`"
        ]
    );
}

#[test]
fn what_is_offered_and_withdrawn_at_once_is_downloaded_at_each_of_three_checks() {
    let steps = story_of_shorebird("6.20");
    let count = |part: &str| steps.iter().filter(|step| step.contains(part)).count();
    assert_eq!(
        (count("asks, and the server"), count("downloads patch")),
        (3, 3)
    );
}

#[test]
fn a_patch_that_never_verifies_is_downloaded_in_each_session() {
    let steps = story_of_shorebird("6.4");
    let count = |part: &str| steps.iter().filter(|step| step.contains(part)).count();
    assert_eq!((count("the app starts"), count("downloads patch")), (2, 3));
}

fn story_of_shorebird(number: &str) -> Vec<String> {
    let failures = shorebird::failures();
    let failure = failures.iter().find(|failure| failure.number == number);
    failure
        .and_then(patchproof_testkit::explorer::old::Failure::story)
        .expect("it fails")
        .steps
}

#[test]
fn each_world_is_small_enough_to_be_seen_whole() {
    assert!(failures().iter().all(|failure| failure.explore().complete));
    assert!(
        shorebird::failures()
            .iter()
            .all(|failure| failure.explore().complete)
    );
}
