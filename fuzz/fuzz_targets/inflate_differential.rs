//! Fuzzes the oracle `inflate_differential` of testkit.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| patchproof_testkit::fuzz::run(
    "inflate_differential",
    data
));
