//! Fuzzes the oracle `inflate_differential` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::INFLATE_DIFFERENTIAL, data));
