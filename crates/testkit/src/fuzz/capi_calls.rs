//! What the harness knows of `capi_calls`, whose oracle calls C functions and is elsewhere.

use super::Facts;
use super::noise::noise;

pub(super) static FACTS: Facts = Facts {
    name: "capi_calls",
    about: "the C library answers every call with a number of its header, whatever it is handed",
    depth: "an updater was opened and did what it was asked, and a hostile argument was refused",
    seeds,
    dictionary: &[],
    bytes_max: 512,
};

fn seeds() -> Vec<(String, Vec<u8>)> {
    let of = |seed: u64| (format!("calls-{seed}"), noise(seed, 200));
    (0..6).map(of).collect()
}
