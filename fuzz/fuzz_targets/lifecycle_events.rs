//! Fuzzes the oracle `lifecycle_events` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::LIFECYCLE_EVENTS, data));
