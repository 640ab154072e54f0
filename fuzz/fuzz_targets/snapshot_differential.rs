//! Fuzzes the oracle `snapshot_differential` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run(
    "snapshot_differential",
    data
));
