//! Every scenario: what may be seen of it in between, by hand, and how much of it there is.

use patchproof_rehearsal::Honesty;

use crate::proof::{cuts_hold, failures_hold, rots_hold, syncs_are_missed};

macro_rules! scenario {
    (
        $module:ident, $name:literal,
        stages: $stages:expr,
        honest: $honest:literal,
        lying: $lying:literal,
        failures: $failures:literal,
        syncs: $syncs:literal,
        rot: $rot:literal,
    ) => {
        mod $module {
            use super::*;

            #[test]
            fn a_cut_on_an_honest_disk_leaves_what_was_before_or_comes_after() {
                cuts_hold($name, Honesty::Honest, &$stages, $honest);
            }

            #[test]
            fn a_cut_on_a_lying_disk_leaves_what_is_whole_and_goes_on() {
                cuts_hold($name, Honesty::Lying, &$stages, $lying);
            }

            #[test]
            fn a_failing_operation_is_told_and_the_next_start_holds() {
                failures_hold($name, $failures);
            }

            #[test]
            fn a_sync_that_is_left_out_is_missed() {
                syncs_are_missed($name, $syncs);
            }

            #[test]
            fn a_file_that_rots_is_not_booted_and_no_ban_is_forgotten() {
                rots_hold($name, $rot);
            }
        }
    };
}

scenario!(
    fresh_install, "fresh install",
    stages: [
        "bundled",
        "patch 1, told patch_download 1",
        "patch 1, told patch_download 1, told patch_install 1",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    update_over_update, "update over update",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    rollback, "rollback",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install 2",
        "bundled, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    failed_boot, "failed boot",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    unfinished_boots, "unfinished boots",
    stages: [
        "patch 2, for 2 more starts, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, for 1 more starts, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, for 0 more starts, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 set aside, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    resumed_download, "resumed download",
    stages: [
        "bundled",
        "patch 1, told patch_download 1",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    app_upgrade, "app upgrade",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1, told patch_install 3",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    disk_full, "disk full",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    two_processes, "two processes",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    rotten_state, "rotten state",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 1, told patch_download 1, told patch_install 1",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    local_install, "local install",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    events, "events",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
scenario!(
    clear_bans, "clear bans",
    stages: [
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
        "patch 1, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told patch_install_failure 2",
    ],
    honest: "HONEST",
    lying: "LYING",
    failures: "FAILURES",
    syncs: "SYNCS",
    rot: "ROT",
);
