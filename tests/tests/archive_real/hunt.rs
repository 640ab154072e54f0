//! Changes an archive many times, above all where its records lie: nothing may panic, and what is
//! still read must be what a second reader sees.

use std::ops::Range;

use libtest_mimic::Failed;
use patchproof_testkit::oracles;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::mutation::mutations;

/// The same changes in every run, unless `PROPTEST_CASES` asks for more.
pub(crate) fn hunt(file: &[u8]) -> Result<(), Failed> {
    let records = records(file);
    let found = runner().run(&mutations(), |mutations| {
        let mut bytes = file.to_vec();
        mutations
            .iter()
            .for_each(|mutation| mutation.apply(&mut bytes, &records));
        match oracles::zip_disagreement(&bytes) {
            None => Ok(()),
            Some(words) => Err(TestCaseError::fail(words)),
        }
    });
    found.map_err(|failure| failure.to_string().into())
}

fn runner() -> TestRunner {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: asked.unwrap_or(CASES),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    if asked.is_some() {
        return TestRunner::new(config);
    }
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Where the records of an archive lie: each signature, and some bytes behind it.
fn records(file: &[u8]) -> Vec<Range<usize>> {
    let kinds: [(&[u8], usize); 3] = [
        (b"PK\x03\x04", 60),
        (b"PK\x01\x02", 80),
        (b"PK\x05\x06", 22),
    ];
    let windows = || file.windows(4).enumerate();
    let of_kind = |(signature, length): (&'static [u8], usize)| {
        let starts = windows().filter(move |(_, window)| *window == signature);
        starts.map(move |(start, _)| start..(start + length).min(file.len()))
    };
    kinds.into_iter().flat_map(of_kind).collect()
}

/// Most are refused at once; each that is read costs a whole reading, twice.
const CASES: u32 = 1000;
