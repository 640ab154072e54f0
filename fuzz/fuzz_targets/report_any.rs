//! Fuzzes the oracle `report_any` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run("report_any", data));
