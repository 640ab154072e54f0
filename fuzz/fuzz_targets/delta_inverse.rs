//! Fuzzes the oracle `delta_inverse` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::DELTA_INVERSE, data));
