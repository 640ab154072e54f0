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
    honest: "146 cuts, 84209 images; \
        2474 second cuts, 7142 images; \
        180 starts, 1804 continuations, newest within 2 starts",
    lying: "146 cuts, 241474 images (14 moments swept); \
        6020 second cuts, 22512 images; \
        1026 starts, 5792 continuations, newest within 2 starts",
    failures: "1160 failures, 1027 told, 133 of no account; 88569 disks",
    syncs: "9 of 13 syncs",
    rot: "7 files, 23 disks",
);
scenario!(
    update_over_update, "update over update",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ],
    honest: "176 cuts, 14375 images; \
        1538 second cuts, 2084 images; \
        114 starts, 662 continuations, newest within 2 starts",
    lying: "176 cuts, 42213 images; \
        4019 second cuts, 7390 images; \
        693 starts, 1643 continuations, newest within 2 starts",
    failures: "1400 failures, 1182 told, 218 of no account; 34652 disks",
    syncs: "8 of 13 syncs",
    rot: "14 files, 46 disks",
);
scenario!(
    rollback, "rollback",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
        "bundled, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ],
    honest: "105 cuts, 138 images; \
        898 second cuts, 1250 images; \
        36 starts, 7 continuations, newest within 0 starts",
    lying: "105 cuts, 350 images; \
        2639 second cuts, 4968 images; \
        411 starts, 36 continuations, newest within 0 starts",
    failures: "832 failures, 678 told, 154 of no account; 1758 disks",
    syncs: "2 of 6 syncs",
    rot: "14 files, 46 disks",
);
scenario!(
    failed_boot, "failed boot",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ],
    honest: "125 cuts, 450 images, 106 rotten; \
        3769 second cuts, 5128 images; \
        364 starts, 59 continuations, newest within 1 starts",
    lying: "125 cuts, 1560 images; \
        13889 second cuts, 25618 images; \
        2126 starts, 72 continuations, newest within 1 starts",
    failures: "992 failures, 718 told, 274 of no account; 4282 disks",
    syncs: "4 of 9 syncs",
    rot: "16 files, 56 disks",
);
scenario!(
    unfinished_boots, "unfinished boots",
    stages: [
        "patch 2, for 2 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 2, for 1 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 2, for 0 more starts, told patch_download 1, told patch_download 2, told \
            patch_install 1",
        "patch 1, 1 set aside, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ],
    honest: "143 cuts, 187 images; \
        1343 second cuts, 1828 images; \
        71 starts, 22 continuations, newest within 1 starts",
    lying: "143 cuts, 505 images; \
        3947 second cuts, 7250 images; \
        621 starts, 66 continuations, newest within 1 starts",
    failures: "1136 failures, 926 told, 210 of no account; 2320 disks",
    syncs: "6 of 8 syncs",
    rot: "18 files, 66 disks",
);
scenario!(
    resumed_download, "resumed download",
    stages: [
        "bundled",
        "patch 1, told patch_download 1",
    ],
    honest: "140 cuts, 80269 images; \
        1418 second cuts, 4910 images; \
        128 starts, 2412 continuations, newest within 2 starts",
    lying: "140 cuts, 300019 images; \
        4260 second cuts, 24671 images; \
        1118 starts, 6342 continuations, newest within 2 starts",
    failures: "1112 failures, 935 told, 177 of no account; 103626 disks",
    syncs: "7 of 11 syncs",
    rot: "7 files, 23 disks",
);
scenario!(
    app_upgrade, "app upgrade",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1",
        "patch 3, told patch_download 1, told patch_download 3, told patch_install 1, told \
            patch_install 3",
    ],
    honest: "164 cuts, 40044 images; \
        1193 second cuts, 1558 images; \
        67 starts, 1351 continuations, newest within 2 starts",
    lying: "164 cuts, 119244 images; \
        3156 second cuts, 5304 images; \
        431 starts, 3591 continuations, newest within 2 starts",
    failures: "1304 failures, 1116 told, 188 of no account; 55351 disks",
    syncs: "8 of 13 syncs",
    rot: "14 files, 46 disks",
);
scenario!(
    disk_full, "disk full",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ],
    honest: "160 cuts, 18655 images (8 moments swept); \
        730 second cuts, 991 images; \
        45 starts, 201 continuations, newest within 2 starts",
    lying: "160 cuts, 46752 images (35 moments swept); \
        1309 second cuts, 2394 images; \
        205 starts, 369 continuations, newest within 2 starts",
    failures: "1272 failures, 516 told, 756 of no account; 15727 disks",
    syncs: "6 of 9 syncs",
    rot: "16 files, 56 disks",
);
scenario!(
    two_processes, "two processes",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install 2",
    ],
    honest: "342 cuts, 48795 images; \
        6482 second cuts, 11508 images; \
        334 starts, 618 continuations, newest within 2 starts",
    lying: "342 cuts, 148769 images; \
        20415 second cuts, 49137 images; \
        3270 starts, 1464 continuations, newest within 2 starts",
    failures: "2728 failures, 2111 told, 617 of no account; 80929 disks",
    syncs: "8 of 25 syncs",
    rot: "17 files, 57 disks",
);
scenario!(
    rotten_state, "rotten state",
    stages: [
        "bundled, told patch_download 1, told patch_install 1",
        "patch 1, told patch_download 1, told patch_install 1",
    ],
    honest: "184 cuts, 65026 images; \
        1241 second cuts, 1611 images; \
        74 starts, 1041 continuations, newest within 2 starts",
    lying: "184 cuts, 193558 images; \
        3354 second cuts, 5734 images; \
        495 starts, 2979 continuations, newest within 2 starts",
    failures: "1464 failures, 1277 told, 187 of no account; 72030 disks",
    syncs: "6 of 15 syncs",
    rot: "14 files, 46 disks",
);
scenario!(
    local_install, "local install",
    stages: [
        "patch 1, told patch_download 1, told patch_install 1",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
    ],
    honest: "117 cuts, 219 images; \
        1056 second cuts, 1437 images; \
        63 starts, 17 continuations, newest within 2 starts",
    lying: "117 cuts, 556 images; \
        2426 second cuts, 4454 images; \
        389 starts, 41 continuations, newest within 2 starts",
    failures: "928 failures, 828 told, 100 of no account; 2486 disks",
    syncs: "6 of 11 syncs",
    rot: "16 files, 56 disks",
);
scenario!(
    events, "events",
    stages: [
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1",
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
    ],
    honest: "129 cuts, 214 images, 34 rotten; \
        2309 second cuts, 3136 images; \
        196 starts, 36 continuations, newest within 1 starts",
    lying: "129 cuts, 838 images; \
        8909 second cuts, 16408 images; \
        1259 starts, 52 continuations, newest within 1 starts",
    failures: "1024 failures, 934 told, 90 of no account; 2341 disks",
    syncs: "5 of 9 syncs",
    rot: "18 files, 66 disks",
);
scenario!(
    clear_bans, "clear bans",
    stages: [
        "patch 1, 1 known bad, told patch_download 1, told patch_download 2, told patch_install \
            1, told patch_install_failure 2",
        "patch 1, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install_failure 2",
        "patch 2, told patch_download 1, told patch_download 2, told patch_install 1, told \
            patch_install_failure 2",
    ],
    honest: "179 cuts, 37826 images, 32 rotten; \
        2424 second cuts, 3282 images; \
        232 starts, 558 continuations, newest within 2 starts",
    lying: "179 cuts, 208636 images; \
        9705 second cuts, 17884 images; \
        1432 starts, 1997 continuations, newest within 2 starts",
    failures: "1424 failures, 1230 told, 194 of no account; 53200 disks",
    syncs: "8 of 14 syncs",
    rot: "18 files, 66 disks",
);
