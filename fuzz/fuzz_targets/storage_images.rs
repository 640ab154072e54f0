//! Fuzzes the oracle `storage_images` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("storage_images", data));
