//! Fuzzes the oracle `statement_differential` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::STATEMENT_DIFFERENTIAL, data));
