//! Fuzzes the oracle `storage_images` of testkit.
#![no_main]

use patchproof_testkit::fuzz;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(&fuzz::STORAGE_IMAGES, data));
