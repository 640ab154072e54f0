//! Ours, taken the ways on which Shorebird's updater fails; `device::Device` asks the fourteen
//! invariants after every step.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Exit, Fault, Finding, Note, Refusal, ReleaseKey};

use super::device::{Device, MAIN, OTHER, patch};

#[test]
fn ours_6_1_a_full_disk_is_not_remembered_against_the_patch() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    for _ in 0..5 {
        assert_eq!(device.answered(Some(&one), &[]), Some(one.clone()));
        device.refused(&one, Fault::Device);
    }
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
}

#[test]
fn ours_6_2_no_cut_during_an_upgrade_boots_the_old_releases_patch() {
    for cut_before in 0..4 {
        let mut device = Device::running(&patch(1, 'x'));
        device.end(MAIN, Exit::UserRequest);
        device.release = ReleaseKey::of_bytes([0xb; 32]);
        let _ = device.start_cut(MAIN, cut_before);
        device.power_cut();
        assert_eq!(device.start(MAIN), None, "cut before effect {cut_before}");
    }
}

#[test]
fn ours_6_3_the_second_of_two_installs_of_one_patch_changes_nothing() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    assert_eq!(device.start(OTHER), None);
    assert!(device.answered(Some(&one), &[]).is_some());
    assert!(device.answered(Some(&one), &[]).is_some());
    device.installed(&one);
    device.installed(&one);
    assert_eq!(device.kept(), BTreeSet::from([one.content.id]));
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
}

#[test]
fn ours_6_4_a_patch_that_does_not_verify_is_fetched_once() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    assert!(device.answered(Some(&one), &[]).is_some());
    device.refused(&one, Fault::Patch);
    assert_eq!(device.answered(Some(&one), &[]), None);
    assert_eq!(device.restart(MAIN, Exit::UserRequest), None);
    assert_eq!(device.answered(Some(&one), &[]), None);
    assert!(!device.state.queue.events.is_empty(), "the server is told");
}

#[test]
fn ours_6_17_zeros_never_boot_and_the_patch_is_fetched_anew() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    device.power_cut();
    device.files.insert(one.content.id, Finding::Damaged);
    assert_eq!(device.start(MAIN), None);
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
}

#[test]
fn ours_6_17_a_ban_is_in_both_slots_before_anything_boots() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
    device.end(MAIN, Exit::Crash);
    let before = device.firm_commits;
    assert_eq!(device.start(MAIN), None);
    assert_eq!(device.firm_commits, before + 1);
    device.power_cut();
    assert_eq!(device.start(MAIN), None);
    assert_eq!(device.answered(Some(&one), &[]), None);
}

#[test]
fn ours_6_20_what_is_offered_and_withdrawn_at_once_is_not_fetched() {
    let mut device = Device::new();
    for _ in 0..3 {
        assert_eq!(device.answered(Some(&patch(1, 'x')), &[1]), None);
    }
}

#[test]
fn ours_6_21_a_lower_number_is_taken_only_after_the_higher_one_was_withdrawn() {
    let (one, two) = (patch(1, 'x'), patch(2, 'y'));
    let mut device = Device::running(&two);
    assert_eq!(device.answered(Some(&one), &[]), None);
    let why = Refusal::Older;
    let (id, number) = (one.content.id, 1);
    assert_eq!(
        device.notes.last(),
        Some(&Note::NotTaken { id, number, why })
    );
    assert_eq!(device.answered(Some(&one), &[2]), Some(one.clone()));
    device.installed(&one);
    assert_eq!(device.restart(MAIN, Exit::UserRequest), Some(id));
    device.healthy(MAIN);
    assert_eq!(
        device.kept(),
        BTreeSet::from([id]),
        "the higher one's files are gone"
    );
}

#[test]
fn ours_6_22_a_fix_under_the_same_number_lands() {
    let mut device = Device::running(&patch(1, 'x'));
    let fix = patch(1, 'y');
    device.update(&fix);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(fix.content.id)
    );
}

#[test]
fn ours_6_23_an_update_during_a_boot_leaves_what_boots_and_what_is_proven() {
    let [one, two, three] = [patch(1, 'x'), patch(2, 'y'), patch(3, 'z')];
    let mut device = Device::running(&one);
    device.update(&two);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(two.content.id)
    );
    device.update(&three);
    let all = [&one, &two, &three].map(|offer| offer.content.id);
    assert_eq!(device.kept(), BTreeSet::from(all));
    device.healthy(MAIN);
    assert_eq!(
        device.kept(),
        BTreeSet::from([two.content.id, three.content.id])
    );
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(three.content.id)
    );
    assert_eq!(device.restart(MAIN, Exit::Crash), Some(two.content.id));
}

#[test]
fn ours_6_24_no_number_of_kills_bans_a_patch_that_had_booted_well() {
    let one = patch(1, 'x');
    let mut device = Device::running(&one);
    for exit in [
        Exit::UserRequest,
        Exit::LowMemory,
        Exit::Unknown,
        Exit::UserRequest,
    ] {
        assert_eq!(device.restart(MAIN, exit), Some(one.content.id));
    }
}

#[test]
fn ours_6_25_a_crash_before_the_health_window_has_passed_counts() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
    assert_eq!(device.restart(MAIN, Exit::Crash), None);
    assert!(device.is_known_bad(&one));
}

#[test]
fn ours_6_26_a_roll_back_leaves_the_files_that_run_to_a_later_start() {
    let one = patch(1, 'x');
    let mut device = Device::running(&one);
    assert_eq!(device.answered(None, &[1]), None);
    device.healthy(MAIN);
    assert!(device.kept().contains(&one.content.id));
    assert_eq!(device.live.get(&MAIN), Some(&Some(one.content.id)));
    assert_eq!(device.restart(MAIN, Exit::UserRequest), None);
}

#[test]
fn ours_6_27_blame_names_what_the_process_was_given() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    assert_eq!(device.start(OTHER), None);
    device.update(&one);
    assert_eq!(device.restart(OTHER, Exit::Crash), Some(one.content.id));
    assert!(!device.is_known_bad(&one));
}

#[test]
fn ours_6_31_a_roll_back_leaves_no_pointer_to_what_it_withdraws() {
    let (one, two) = (patch(1, 'x'), patch(2, 'y'));
    let mut device = Device::running(&one);
    device.update(&two);
    assert_eq!(device.answered(None, &[1]), None);
    assert_eq!(
        (device.state.candidate, device.state.proven),
        (Some(two.content.id), None)
    );
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(two.content.id)
    );
    assert_eq!(device.restart(MAIN, Exit::Crash), None);
}
