//! What still holds of what was installed, and of what the app brings.

use patchproof_device::{Ask, Outcome};
use patchproof_protocol::{download_path, statement_path};
use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::rules;
use patchproof_trust::Digest;

use crate::stand::Stand;

#[test]
fn an_expired_channel_stops_installs_and_never_a_boot() {
    let mut stand = Stand::new(Ask::Files);
    let (one, two) = (stand.put_up(1, 1), stand.put_up(2, 2));
    stand.choose(&[&one]);
    stand.installs().unwrap();
    stand.choose(&[&two]);
    stand.wait_s(25 * 60 * 60);
    stand.refuses("the channel statement expired");
    assert_eq!(stand.boots(), 1);
}

#[test]
fn an_answer_that_expires_while_it_is_followed_installs_nothing() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    stand.choose(&[&patch]);
    let app = stand.start();
    let machine = stand.phone.machine.clone();
    let expired = app
        .updater
        .update(&patchproof_device::Cancel::new(), &mut |progress| {
            if progress == patchproof_device::Progress::Installing {
                machine.pass(25 * 60 * 60 * 1000);
            }
        });
    let expired = expired.unwrap_err().to_string();
    assert!(
        expired.contains("the channel statement expired"),
        "{expired}"
    );
    drop(app);
    assert_eq!(stand.boots(), 0);
}

#[test]
fn a_patch_that_was_revoked_since_does_not_boot() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.installed(1, 1);
    let name = patch.name;
    stand.rotate(
        |root| root.releases = rules(0, &[name]),
        &["root-1", "root-2"],
    );
    stand.choose(&[]);
    stand.update().unwrap();
    let app = stand.start();
    assert_eq!(app.number(), 0);
    assert!(
        app.notices().contains(&"not_vouched"),
        "{:?}",
        app.notices()
    );
}

#[test]
fn a_floor_that_offline_words_set_takes_what_stands_below_it() {
    let mut stand = Stand::new(Ask::Files);
    let one = stand.installed(1, 1);
    let five = stand.put_up_as(5, 2, |statement| statement.minimum_number = 3);
    stand.choose(&[&five]);
    let path = download_path(&Digest::of(&Library::patched(0, 2).patch).to_string());
    stand.phone.server.take_away(&path);
    stand.update().unwrap_err();
    assert_eq!(
        stand.boots(),
        0,
        "patch 1 stands below the floor that patch 5 sets"
    );
    stand.choose(&[&one]);
    stand.refuses("below 3");
}

#[test]
fn files_that_were_changed_on_the_disk_do_not_boot() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let id = Library::patched(0, 1).id;
    stand.overwrite(&format!("generations/{id}/libapp.so"), b"{}");
    let app = stand.start();
    assert_eq!(app.number(), 0, "{:?}", app.notices());
}

/// The statement keeps its name when another key signs it: nothing is fetched but the statement.
#[test]
fn a_statement_that_was_signed_anew_takes_the_place_of_the_one_that_is_kept() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.installed(1, 1);
    stand.start().healthy().unwrap();
    let publisher = stand.publisher;
    stand.rotate(
        |root| {
            root.roles.patch.keys.remove(&publisher.id("patch-1"));
            root.roles.patch.keys.insert(publisher.id("patch-3"));
            publisher.name_keys(root, &["patch-3"]);
        },
        &["root-1", "root-2"],
    );
    let envelope = publisher.sign(&patch.statement, &["patch-2", "patch-3"]);
    let path = statement_path(&patch.name.to_string());
    stand.phone.server.put(&path, &envelope);
    // The channel says what it said before, to the last byte.
    stand.phone.server.forget();
    stand.update().unwrap();
    stand.fetched_nothing();
    assert_eq!(stand.boots(), 1);
}

/// What boots is held against the statement of the number that it stands under.
#[test]
fn a_floor_between_two_numbers_of_one_content_leaves_the_higher_one() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let three = stand.put_up_as(3, 1, |statement| statement.minimum_number = 2);
    stand.choose(&[&three]);
    stand.update().unwrap();
    assert_eq!(stand.boots(), 3);
}

#[test]
fn a_patch_of_the_apps_own_needs_a_voucher_that_agrees() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(3, 1);
    let library = Library::patched(0, 1);
    let app = stand.start();
    let unsigned = app.install(3, &library).unwrap_err().to_string();
    assert!(unsigned.contains("came without a voucher"), "{unsigned}");
    let other = app.install_with(4, &library, &patch.envelope);
    let other = other.unwrap_err().to_string();
    assert!(other.contains("says otherwise"), "{other}");
    let installed = app.install_with(3, &library, &patch.envelope).unwrap();
    assert!(matches!(
        installed.outcome,
        Outcome::Installed { number: 3, .. }
    ));
    drop(app);
    assert_eq!(stand.boots(), 3);
}

#[test]
fn a_hash_that_nobody_signed_is_held_against_no_patch() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    let library = Library::patched(0, 1);
    let garbage = [7_u8; 100];
    let facts = patchproof_device::PatchFacts {
        number: 1,
        library_sha256: library.sha256,
        patch_sha256: Some(*Digest::of(&garbage).bytes()),
        data_epoch: 0,
        reads_data_epoch: 0,
        voucher: Some(patch.envelope.clone()),
    };
    let app = stand.start();
    let cancel = patchproof_device::Cancel::new();
    let refused = app.updater.install_bytes(&facts, &garbage, &cancel);
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("says otherwise"), "{refused}");
    drop(app);
    stand.choose(&[&patch]);
    assert_eq!(stand.installs(), Ok(1));
}

#[test]
fn an_app_that_is_called_otherwise_begins_at_the_root_it_brings() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let mut root = stand.publisher.root();
    root.app = patchproof_trust::Word::new("renamed").unwrap();
    stand.phone.trust = patchproof_device::Trust::Statements {
        root: stand.publisher.signed_root(&root),
        ask: Ask::Files,
    };
    stand.phone.more_settings = "app_id: renamed\n".to_owned();
    let facts = stand.start().updater.statement_facts().unwrap().unwrap();
    assert_eq!((facts.root_version, facts.counter), (1, 0));
}
