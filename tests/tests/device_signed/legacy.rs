//! Shorebird's signatures, with a key that openssl made.

use patchproof_device::{AtFault, Trust};
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk};
use patchproof_testkit::phone::{Checks, Library, Phone};
use patchproof_tests::shorebird_key;

/// A phone whose `shorebird.yaml` says this besides.
fn phone(more: &str) -> Phone {
    let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
    phone.more_settings = more.to_owned();
    phone.trust = Trust::Shorebird;
    phone
}

const KEY: &str = include_str!("../../../crates/trust/vectors/shorebird.public_key");

#[test]
fn a_patch_without_a_signature_is_refused_where_there_is_a_key() {
    let mut phone = phone(&format!("patch_public_key: {}\n", KEY.trim_end()));
    let library = patchproof_testkit::phone::Library::patched(0, 1);
    phone.server.offer(1, &library);
    let refused = phone.start(&[]).update().unwrap_err();
    assert_eq!(refused.at_fault(), AtFault::Server);
    let words = refused.to_string();
    assert!(words.contains("carries no signature"), "{words}");
    assert_eq!(phone.start(&[]).number(), 0);
}

#[test]
fn what_a_profile_leaves_open_is_said() {
    let signed = phone(&format!("patch_public_key: {}\n", KEY.trim_end()));
    let lost = signed.configure(signed.disk.process()).lost_guarantees();
    assert!(
        lost.iter().any(|line| line.starts_with("downgrade")),
        "{lost:?}"
    );
    let unsigned = phone("");
    let lost = unsigned
        .configure(unsigned.disk.process())
        .lost_guarantees();
    assert!(lost[0].starts_with("no signature at all"), "{lost:?}");
}

/// A phone with the public half, and a server that offers a signed patch.
fn signed(verification: &str) -> Phone {
    let public = shorebird_key::public();
    let phone = phone(&format!(
        "patch_public_key: {public}\npatch_verification: {verification}\n"
    ));
    let library = Library::patched(0, 1);
    phone.server.offer(1, &library);
    let hash = hex::encode(library.sha256);
    let patch = serde_json::json!({
        "number": 1,
        "hash": hash,
        "download_url": format!("https://cdn.example/{hash}"),
        "hash_signature": shorebird_key::signature(&hash),
    });
    let answer = serde_json::json!({ "patch_available": true, "patch": patch });
    let answer = answer.to_string().into_bytes();
    phone.server.answer_checks(Checks::Fixed(answer.into()));
    phone
}

#[test]
fn a_patch_with_shorebirds_signature_is_installed_and_boots() {
    let mut phone = signed("strict");
    phone.start(&[]).update().unwrap();
    assert_eq!(phone.start(&[]).number(), 1);
}

#[test]
fn another_key_stops_a_boot_where_verification_is_strict() {
    let mut phone = signed("strict");
    phone.start(&[]).update().unwrap();
    phone.more_settings = format!("patch_public_key: {}\n", KEY.trim_end());
    let app = phone.start(&[]);
    assert_eq!((app.number(), app.notices()[0]), (0, "not_vouched"));
}

#[test]
fn another_key_stops_no_boot_where_it_is_looked_at_in_installs_only() {
    let mut phone = signed("install_only");
    phone.start(&[]).update().unwrap();
    let key = KEY.trim_end();
    phone.more_settings = format!("patch_public_key: {key}\npatch_verification: install_only\n");
    assert_eq!(phone.start(&[]).number(), 1);
}

#[test]
fn the_signature_of_another_library_is_refused_before_the_download() {
    let mut phone = signed("strict");
    phone.more_settings = format!("patch_public_key: {}\n", KEY.trim_end());
    let refused = phone.start(&[]).update().unwrap_err().to_string();
    assert!(refused.contains("patch 1 is not believed"), "{refused}");
    let asked = phone.server.asked();
    assert!(!asked.iter().any(|url| url.contains("cdn")), "{asked:?}");
}
