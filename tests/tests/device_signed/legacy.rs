//! Shorebird's signatures, with a key that openssl made.

use patchproof_device::{AtFault, Trust};
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk};
use patchproof_testkit::phone::Phone;

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
