//! Fuzzes the oracle `http_answers` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::HTTP_ANSWERS, data));
