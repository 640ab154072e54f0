//! Fuzzes the oracle `delta_inverse` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("delta_inverse", data));
