//! flutter_patcher 0.1.3: the items of its list that concern what boots.

use patchproof_testkit::explorer::old::flutter_patcher::failures;

use super::found;

#[test]
fn number_3_6_a_kill_during_the_clean_up_bans_the_patch_that_ran() {
    insta::assert_snapshot!(found(failures(), "3.6"));
}

#[test]
fn number_row_6_a_kill_during_the_clean_up_mixes_code_and_assets_of_two_patches() {
    insta::assert_snapshot!(found(failures(), "row 6"));
}

#[test]
fn number_row_7_a_power_cut_boots_half_an_archive() {
    insta::assert_snapshot!(found(failures(), "row 7"));
}

#[test]
fn number_row_8_a_patch_without_a_hash_crashes_and_comes_back_for_ever() {
    insta::assert_snapshot!(found(failures(), "row 8"));
}

#[test]
fn number_row_9_one_crash_hours_later_bans_a_patch_that_is_well() {
    insta::assert_snapshot!(found(failures(), "row 9"));
}

#[test]
fn number_row_10_a_white_screen_that_the_user_ends_never_counts() {
    insta::assert_snapshot!(found(failures(), "row 10"));
}

#[test]
fn number_row_11_a_power_cut_before_the_first_frame_bans() {
    insta::assert_snapshot!(found(failures(), "row 11"));
}

#[test]
fn number_row_12_an_error_of_the_bundled_release_bans_what_was_just_installed() {
    insta::assert_snapshot!(found(failures(), "row 12"));
}

#[test]
fn number_row_13_a_crash_of_the_bundled_release_bans_what_was_just_installed() {
    insta::assert_snapshot!(found(failures(), "row 13"));
}

#[test]
fn number_row_18_a_roll_back_during_an_install_makes_its_success_hollow() {
    insta::assert_snapshot!(found(failures(), "row 18"));
}

#[test]
fn number_row_19_a_second_process_bans_what_the_first_one_boots() {
    insta::assert_snapshot!(found(failures(), "row 19"));
}

#[test]
fn number_row_23_a_roll_back_by_hand_does_not_last() {
    insta::assert_snapshot!(found(failures(), "row 23"));
}

#[test]
fn every_known_failure_has_its_test() {
    let mut numbers: Vec<_> = failures().iter().map(|failure| failure.number).collect();
    numbers.dedup();
    assert_eq!(
        numbers,
        [
            "3.6", "row 6", "row 7", "row 8", "row 9", "row 10", "row 11", "row 12", "row 13",
            "row 18", "row 19", "row 23"
        ]
    );
}
