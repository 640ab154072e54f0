//! Fuzzes the oracle `capi_calls`, which calls C and so is here.
#![no_main]

use patchproof_fuzz::capi_calls;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    patchproof_testkit::fuzz::run_as("capi_calls", data, capi_calls::run);
});
