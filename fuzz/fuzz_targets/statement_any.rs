//! Fuzzes the oracle `statement_any` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::STATEMENT_ANY, data));
