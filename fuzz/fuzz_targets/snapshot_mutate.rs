//! Fuzzes the oracle `snapshot_mutate` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("snapshot_mutate", data));
