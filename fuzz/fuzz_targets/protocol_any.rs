//! Fuzzes the oracle `protocol_any` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("protocol_any", data));
