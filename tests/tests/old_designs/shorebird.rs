//! Shorebird's updater of April 2026: the items of its list that concern what boots.

use patchproof_testkit::explorer::old::shorebird::failures;

use super::found;

#[test]
fn number_6_1_a_complete_download_blocks_its_own_patch() {
    insta::assert_snapshot!(found(failures(), "6.1"));
}

#[test]
fn number_6_2_a_kill_during_an_upgrade_boots_the_old_releases_patch() {
    insta::assert_snapshot!(found(failures(), "6.2"));
}

#[test]
fn number_6_3_two_processes_that_install_one_patch_delete_its_file() {
    insta::assert_snapshot!(found(failures(), "6.3"));
}

#[test]
fn number_6_4_a_patch_without_a_signature_is_downloaded_at_every_start() {
    insta::assert_snapshot!(found(failures(), "6.4"));
}

#[test]
fn number_6_17_a_power_cut_boots_zeros_and_forgets_what_is_bad() {
    insta::assert_snapshot!(found(failures(), "6.17"));
}

#[test]
fn number_6_20_what_is_offered_and_withdrawn_at_once_comes_and_goes() {
    insta::assert_snapshot!(found(failures(), "6.20"));
}

#[test]
fn number_6_21_a_lower_number_takes_the_place_of_a_higher_one_whose_file_stays() {
    insta::assert_snapshot!(found(failures(), "6.21"));
}

#[test]
fn number_6_22_a_fix_under_the_same_number_never_lands() {
    insta::assert_snapshot!(found(failures(), "6.22"));
}

#[test]
fn number_6_23_an_update_during_a_boot_leaves_only_the_untested_patch() {
    insta::assert_snapshot!(found(failures(), "6.23"));
}

#[test]
fn number_6_24_one_kill_bans_a_patch_that_had_booted_well() {
    insta::assert_snapshot!(found(failures(), "6.24"));
}

#[test]
fn number_6_25_a_crash_loop_before_the_first_frame_counts_as_success() {
    insta::assert_snapshot!(found(failures(), "6.25"));
}

#[test]
fn number_6_26_a_roll_back_deletes_the_file_that_runs() {
    insta::assert_snapshot!(found(failures(), "6.26"));
}

#[test]
fn number_6_27_a_patch_that_never_ran_is_banned() {
    insta::assert_snapshot!(found(failures(), "6.27"));
}

#[test]
fn number_6_31_a_roll_back_leaves_a_pointer_to_nothing() {
    insta::assert_snapshot!(found(failures(), "6.31"));
}

#[test]
fn every_known_failure_has_its_test() {
    let mut numbers: Vec<_> = failures().iter().map(|failure| failure.number).collect();
    numbers.dedup();
    assert_eq!(
        numbers,
        [
            "6.1", "6.2", "6.3", "6.4", "6.17", "6.20", "6.21", "6.22", "6.23", "6.24", "6.25",
            "6.26", "6.27", "6.31"
        ]
    );
}
