//! Fuzzes the oracle `patch_round_trip` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::PATCH_ROUND_TRIP, data));
