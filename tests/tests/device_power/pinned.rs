//! Every scenario: what may be seen of it in between, by hand. How much of it there is stands in
//! `docs/figures.toml`.

use crate::proof::holds;

macro_rules! scenario {
    ($module:ident, $name:literal, stages: $stages:expr) => {
        mod $module {
            use super::holds;

            #[test]
            fn a_cut_on_an_honest_disk_leaves_what_was_before_or_comes_after() {
                let seen = holds($name, "honest").stages;
                assert_eq!(seen, $stages, "what a person sees in between");
            }

            #[test]
            fn a_cut_on_a_lying_disk_leaves_what_is_whole_and_goes_on() {
                let seen = holds($name, "lying").stages;
                assert_eq!(seen, $stages, "what a person sees in between");
            }

            #[test]
            fn a_failing_operation_is_told_and_the_next_start_holds() {
                holds($name, "failures");
            }

            #[test]
            fn a_sync_that_is_left_out_is_missed() {
                holds($name, "syncs");
            }

            #[test]
            fn a_file_that_rots_is_not_booted_and_no_ban_is_forgotten() {
                holds($name, "rot");
            }
        }
    };
}

scenario!(
    fresh_install,
    "fresh install",
    stages: [
        "bundled",
        "patch 1, told patch_download 1",
        "patch 1, told patch_download 1, told patch_install 1",
    ]
);
scenario!(
    update_over_update,
    "update over update",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ]
);
scenario!(
    rollback,
    "rollback",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
        "bundled, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ]
);
scenario!(
    failed_boot,
    "failed boot",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ]
);
scenario!(
    unfinished_boots,
    "unfinished boots",
    stages: [
        "patch 2, for 2 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 2, for 1 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 2, for 0 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 1, 1 set aside, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ]
);
scenario!(
    resumed_download,
    "resumed download",
    stages: [
        "bundled",
        "patch 1, told patch_download 1",
    ]
);
scenario!(
    app_upgrade,
    "app upgrade",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1, told \
            patch_install 3",
    ]
);
scenario!(
    disk_full,
    "disk full",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ]
);
scenario!(
    two_processes,
    "two processes",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ]
);
scenario!(
    rotten_state,
    "rotten state",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 1, told patch_download 1, told patch_install 1",
    ]
);
scenario!(
    local_install,
    "local install",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ]
);
scenario!(
    events,
    "events",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ]
);
scenario!(
    clear_bans,
    "clear bans",
    stages: [
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
        "patch 1, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install_failure 2",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install_failure 2",
    ]
);
scenario!(
    signed_words,
    "signed words",
    stages: [
        "patch 1, root 1, counter 1, floor 0, told patch_download 1, told patch_install 1",
        "bundled, root 2, counter 1, floor 2, told patch_download 1, told patch_install 1",
        "bundled, root 2, counter 2, floor 2, told patch_download 1, told patch_install 1",
        "patch 2, root 2, counter 2, floor 2, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 2, root 2, counter 2, floor 2, told patch_download 1, told patch_download 2, told \
            patch_install 1, told patch_install 2",
    ]
);
scenario!(
    patch_over_a_patch,
    "patch over a patch",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "bundled, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ]
);
