//! Fuzzes the oracle `patch_chunked` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("patch_chunked", data));
