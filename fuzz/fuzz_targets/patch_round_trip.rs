//! Fuzzes the oracle `patch_round_trip` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("patch_round_trip", data));
