//! Updates: what arrives, what does not, and whose fault it is.

use std::sync::atomic::Ordering;

use patchproof_lifecycle::Refusal;
use sha2::{Digest as _, Sha256};

use super::made::{ARM64, VERSION, X64, library, patch_to, patched};
use super::world::{World, answer, id, number, update};
use crate::{AtFault, BanKind, Cancel, Outcome, PatchFacts, Progress, UpdateError};

pub(super) fn facts(number: u64, library: &[u8]) -> PatchFacts {
    PatchFacts {
        number,
        library_sha256: Sha256::digest(library).into(),
        patch_sha256: None,
        data_epoch: 0,
        reads_data_epoch: 0,
        voucher: None,
    }
}

fn at_fault(world: &World) -> AtFault {
    let (device, _) = world.start(1, &[]);
    update(&device).unwrap_err().at_fault()
}

#[test]
fn an_update_tells_its_progress_and_ends_up_to_date() {
    let world = World::new();
    world.offer(1, &patched("new"));
    let (device, _) = world.start(1, &[]);
    let available = device.check(&Cancel::new()).unwrap().available.unwrap();
    assert_eq!((available.number, available.id), (1, id(&patched("new"))));
    let mut seen = Vec::new();
    device
        .update(&Cancel::new(), &mut |progress| seen.push(progress))
        .unwrap();
    let bytes = u64::try_from(world.server().patch.len()).unwrap();
    let all = Progress::Downloading {
        bytes,
        total_bytes: Some(bytes),
    };
    assert!(
        seen.contains(&all) && seen.last() == Some(&Progress::Installing),
        "{seen:?}"
    );
    assert_eq!(update(&device).unwrap().outcome, Outcome::UpToDate);
    assert_eq!(device.check(&Cancel::new()).unwrap().available, None);
}

#[test]
fn a_download_that_was_cut_goes_on_where_it_stopped() {
    let world = World::new();
    world.offer(1, &patched("new"));
    world.server().cut_after = Some(16);
    assert_eq!(at_fault(&world), AtFault::Transport);
    world.server().cut_after = None;
    let (device, _) = world.start(2, &[]);
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
    assert_eq!(world.server().asked_from, [0, 16]);
}

#[test]
fn a_partial_download_that_rotted_is_fetched_anew_before_the_patch_is_blamed() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    world.server().cut_after = Some(16);
    at_fault(&world);
    let part = world.path(&format!("downloads/{}.part", id(&new)));
    std::fs::write(part, [0; 16]).unwrap();
    world.server().cut_after = None;
    let (device, _) = world.start(2, &[]);
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
    assert_eq!(world.server().asked_from, [0, 16, 0]);
}

#[test]
fn a_patch_that_never_verifies_is_set_aside_and_not_fetched_for_ever() {
    let world = World::new();
    world.offer(1, &patched("new"));
    world.server().patch = patch_to(&patched("another"));
    let (device, _) = world.start(1, &[]);
    for _ in 0..3 {
        assert_eq!(
            update(&device).unwrap_err().at_fault(),
            AtFault::PatchOrTransport
        );
    }
    let outcome = update(&device).unwrap().outcome;
    let refused = matches!(
        outcome,
        Outcome::NotTaken {
            why: Refusal::SetAside(_),
            ..
        }
    );
    assert!(refused, "{outcome:?}");
    assert_eq!(world.server().asked_from.len(), 3);
}

#[test]
fn a_library_that_the_engine_would_refuse_is_banned_at_once() {
    let other_compiler = library(ARM64, &VERSION.replace('0', "f"), b"new");
    let other_machine = library(X64, VERSION, b"new");
    for unfit in [other_compiler, other_machine, b"no library".to_vec()] {
        let world = World::new();
        world.offer(1, &unfit);
        assert_eq!(at_fault(&world), AtFault::Patch);
        let (device, boot) = world.start(2, &[]);
        assert_eq!(number(&boot), 0);
        assert!(matches!(
            device.bans().unwrap()[0].kind,
            BanKind::KnownBad(_)
        ));
        assert!(!world.exists(&world.generation(&unfit)));
    }
}

#[test]
fn a_lifted_ban_lets_the_patch_in_again() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    device.report_failure(&boot.id, "x").unwrap();
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::NotTaken { .. }
    ));
    device.clear_bans(&[id(&patched("new"))].into()).unwrap();
    assert_eq!(device.bans().unwrap(), []);
    drop(device);
    let (device, _) = world.start(3, &[]);
    update(&device).unwrap();
    drop(device);
    assert_eq!(number(&world.start(4, &[]).1), 1);
}

#[test]
fn a_full_disk_is_never_the_patchs_fault_and_leaves_nothing_behind() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    let (device, _) = world.start(1, &[]);
    device.check(&Cancel::new()).unwrap();
    world.disk.full.store(true, Ordering::SeqCst);
    let failed = update(&device).unwrap_err();
    assert_eq!(failed.at_fault(), AtFault::Device, "{failed}");
    world.disk.full.store(false, Ordering::SeqCst);
    assert!(!world.exists(&format!("downloads/{}.part", id(&new))));
    assert_eq!(device.bans().unwrap(), []);
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
}

#[test]
fn a_download_beyond_the_limit_is_refused_before_it_fills_the_disk() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    let mut config = world.config();
    config.limits.download_bytes_max = 20;
    let device = world.device_with(config);
    device.begin_boot(&crate::StartFacts {
        process: 1,
        exits: vec![],
    });
    assert_eq!(update(&device).unwrap_err().at_fault(), AtFault::Transport);
    assert!(!world.exists(&format!("downloads/{}.part", id(&new))));
}

#[test]
fn a_cancelled_update_says_so_and_the_next_one_goes_on() {
    let world = World::new();
    world.offer(1, &patched("new"));
    let (device, _) = world.start(1, &[]);
    let cancel = Cancel::new();
    world.server().cancels = Some(cancel.clone());
    let cancelled = device.update(&cancel, &mut |_| {});
    assert!(
        matches!(cancelled, Err(UpdateError::Cancelled)),
        "{cancelled:?}"
    );
    world.server().cancels = None;
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
}

#[test]
fn an_answer_that_offers_and_withdraws_a_number_withdraws_it() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    world.server().answer = answer(1, &new, r#","rolled_back_patch_numbers":[1]"#);
    let (device, _) = world.start(1, &[]);
    let outcome = update(&device).unwrap().outcome;
    assert!(matches!(
        outcome,
        Outcome::NotTaken {
            why: Refusal::RolledBack,
            ..
        }
    ));
    assert!(world.server().asked_from.is_empty());
}

#[test]
fn what_cut_updates_left_is_removed_once_there_is_nothing_to_fetch() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    world.server().cut_after = Some(16);
    at_fault(&world);
    let part = format!("downloads/{}.part", id(&new));
    assert!(world.exists(&part));
    std::fs::create_dir_all(world.path("staging/3")).unwrap();
    std::fs::write(world.path("staging/3/libapp.so"), b"half").unwrap();
    world.server().answer = r#"{"patch_available":false}"#.to_owned();
    update(&world.start(2, &[]).0).unwrap();
    assert!(!world.exists(&part) && !world.exists("staging/3"));
}

#[test]
fn two_processes_do_not_fetch_at_once() {
    let world = World::new();
    world.offer(1, &patched("new"));
    let (one, _) = world.start(1, &[]);
    let (two, _) = world.start(2, &[]);
    let lock = one.lock_downloads().unwrap();
    assert!(matches!(update(&two), Err(UpdateError::InProgress)));
    drop(lock);
    assert!(matches!(
        update(&two).unwrap().outcome,
        Outcome::Installed { .. }
    ));
    assert_eq!(update(&one).unwrap().outcome, Outcome::UpToDate);
}

#[test]
fn a_patch_out_of_memory_or_a_file_goes_the_same_way() {
    let world = World::new();
    let (one, two) = (patched("one"), patched("two"));
    let (device, _) = world.start(1, &[]);
    let cancel = Cancel::new();
    let installed = device
        .install_bytes(&facts(1, &one), &patch_to(&one), &cancel)
        .unwrap();
    assert!(matches!(
        installed.outcome,
        Outcome::Installed { number: 1, .. }
    ));
    let file = world.folder.path().join("patch");
    std::fs::write(&file, patch_to(&two)).unwrap();
    let installed = device
        .install_file(&facts(2, &two), &file, &cancel)
        .unwrap();
    assert!(matches!(
        installed.outcome,
        Outcome::Installed { number: 2, .. }
    ));
    drop(device);
    assert_eq!(number(&world.start(2, &[]).1), 2);
}

#[test]
fn bytes_that_are_not_those_that_were_named_are_not_held_against_the_patch() {
    let (world, new) = (World::new(), patched("new"));
    let (device, _) = world.start(1, &[]);
    let named = PatchFacts {
        patch_sha256: Some([7; 32]),
        ..facts(1, &new)
    };
    let refused = device.install_bytes(&named, &patch_to(&new), &Cancel::new());
    assert_eq!(refused.unwrap_err().at_fault(), AtFault::PatchOrTransport);
    assert_eq!(device.bans().unwrap(), []);
}

#[test]
fn named_bytes_that_do_not_give_the_promised_library_are_held_against_it() {
    let (world, new) = (World::new(), patched("new"));
    let (device, _) = world.start(1, &[]);
    let patch = patch_to(&patched("another"));
    let named = PatchFacts {
        patch_sha256: Some(Sha256::digest(&patch).into()),
        ..facts(1, &new)
    };
    let refused = device.install_bytes(&named, &patch, &Cancel::new());
    assert_eq!(refused.unwrap_err().at_fault(), AtFault::Patch);
    assert_eq!(device.bans().unwrap().len(), 1);
}
