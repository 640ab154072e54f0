//! Ours, taken the ways on which flutter_patcher fails; `device::Device` asks the fourteen
//! invariants after every step.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Exit, Finding};

use super::device::{Device, MAIN, OTHER, patch};

#[test]
fn ours_3_6_no_cut_during_an_install_bans_anything() {
    let (old, new) = (patch(1, 'x'), patch(2, 'y'));
    for cut_before in 0..=4 {
        let mut device = Device::running(&old);
        assert!(device.answered(Some(&new), &[]).is_some());
        let effects = device.install_cut(&new, cut_before);
        assert!(effects <= 4, "the loop cuts before every effect");
        device.power_cut();
        let booted = device.start(MAIN);
        let either = [Some(old.content.id), Some(new.content.id)];
        assert!(either.contains(&booted), "cut before effect {cut_before}");
        assert!(!device.is_known_bad(&old) && !device.is_known_bad(&new));
    }
}

/// Code and assets are one generation under one hash: there is nothing that could be half of each.
#[test]
fn ours_row_6_what_boots_after_any_cut_is_whole() {
    let (old, new) = (patch(1, 'x'), patch(2, 'y'));
    for cut_before in 0..=4 {
        for finding in [Finding::Whole, Finding::Damaged, Finding::Missing] {
            let mut device = Device::running(&old);
            assert!(device.answered(Some(&new), &[]).is_some());
            device.install_cut(&new, cut_before);
            device.power_cut();
            device
                .files
                .entry(new.content.id)
                .and_modify(|found| *found = finding);
            let booted = device.start(MAIN).expect("the old one is whole");
            assert_eq!(device.files.get(&booted), Some(&Finding::Whole));
        }
    }
}

#[test]
fn ours_row_7_half_an_archive_does_not_boot_and_the_proven_patch_does() {
    let (old, new) = (patch(1, 'x'), patch(2, 'y'));
    let mut device = Device::running(&old);
    device.update(&new);
    device.power_cut();
    device.files.insert(new.content.id, Finding::Damaged);
    assert_eq!(device.start(MAIN), Some(old.content.id));
}

/// The identity is the hash of what was installed; whether the server gave one does not matter.
#[test]
fn ours_row_8_what_crashed_is_not_fetched_again() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
    assert_eq!(device.restart(MAIN, Exit::NativeCrash), None);
    assert_eq!(device.answered(Some(&one), &[]), None);
    assert_eq!(
        device.answered(Some(&patch(7, 'x')), &[]),
        None,
        "under another number neither"
    );
}

#[test]
fn ours_row_9_one_crash_after_the_health_window_bans_nothing_and_three_of_five_do() {
    let one = patch(1, 'x');
    let mut device = Device::running(&one);
    assert_eq!(
        device.restart(MAIN, Exit::Crash),
        Some(one.content.id),
        "settled"
    );
    for _ in 0..2 {
        assert_eq!(device.restart(MAIN, Exit::Crash), Some(one.content.id));
    }
    assert_eq!(device.restart(MAIN, Exit::Crash), None);
    assert!(device.is_known_bad(&one));
}

#[test]
fn ours_row_10_a_white_screen_is_set_aside_after_three_boots() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    for _ in 0..3 {
        assert_eq!(
            device.restart(MAIN, Exit::UserRequest),
            Some(one.content.id)
        );
    }
    assert_eq!(device.restart(MAIN, Exit::UserRequest), None);
    assert_eq!(device.answered(Some(&one), &[]), None);
    assert!(!device.is_known_bad(&one));
}

#[test]
fn ours_row_11_a_power_cut_before_the_first_frame_bans_nothing() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
    device.power_cut();
    assert_eq!(device.start(MAIN), Some(one.content.id));
}

#[test]
fn ours_row_12_an_error_of_the_bundled_release_is_not_held_against_what_was_installed() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    device.report_failure(MAIN);
    assert!(!device.is_known_bad(&one));
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
}

#[test]
fn ours_row_13_a_crash_at_any_step_of_an_install_is_not_held_against_what_is_installed() {
    let one = patch(1, 'x');
    for cut_before in 0..=4 {
        let mut device = Device::new();
        assert!(device.answered(Some(&one), &[]).is_some());
        device.install_cut(&one, cut_before);
        device.restart(MAIN, Exit::Crash);
        assert!(!device.is_known_bad(&one));
        if device.answered(Some(&one), &[]).is_some() {
            device.installed(&one);
        }
        assert_eq!(
            device.restart(MAIN, Exit::UserRequest),
            Some(one.content.id)
        );
    }
}

#[test]
fn ours_row_18_a_roll_back_during_a_download_wins_over_the_install() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    assert!(device.answered(Some(&one), &[]).is_some());
    assert_eq!(device.answered(None, &[1]), None);
    device.installed(&one);
    assert_eq!(device.kept(), BTreeSet::new());
    assert_eq!(device.state.candidate, None);
}

#[test]
fn ours_row_19_a_second_process_boots_beside_the_first_and_blames_nothing() {
    let mut device = Device::new();
    let one = patch(1, 'x');
    device.update(&one);
    assert_eq!(
        device.restart(MAIN, Exit::UserRequest),
        Some(one.content.id)
    );
    assert_eq!(device.start(OTHER), Some(one.content.id));
    assert!(!device.is_known_bad(&one));
    assert_eq!(device.kept(), BTreeSet::from([one.content.id]));
}

#[test]
fn ours_row_23_what_the_server_withdrew_stays_away_while_it_says_so() {
    let one = patch(1, 'x');
    let mut device = Device::running(&one);
    assert_eq!(device.answered(None, &[1]), None);
    assert_eq!(device.restart(MAIN, Exit::UserRequest), None);
    for _ in 0..3 {
        assert_eq!(device.answered(Some(&one), &[1]), None);
    }
    assert_eq!(device.restart(MAIN, Exit::UserRequest), None);
}
