//! Fuzzes the oracle `http_answers` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("http_answers", data));
