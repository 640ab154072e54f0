//! Fuzzes the oracle `archive_any` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("archive_any", data));
