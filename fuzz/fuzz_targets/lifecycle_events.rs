//! Fuzzes the oracle `lifecycle_events` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("lifecycle_events", data));
