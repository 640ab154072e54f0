//! How real libraries differ, and what that is put down to.
//!
//! Some pairs of the corpus are known for what they are: two builds of one source, two versions,
//! two compilers, two targets. Others are made of one real library: a copy cut short, stripped,
//! built in another folder, with another build id. The heap is counted for the whole process, so
//! the trials run one by one.

mod built;
mod changed;
mod edits;
mod memory;

use std::fs;

use libtest_mimic::{Failed, Trial};
use patchproof_report::{Certainty, Difference, Rule};
use patchproof_snapshot::{Explanation, Library, explain};
use patchproof_testkit::corpora;
use patchproof_tests::trials::one_by_one;
use patchproof_tests::trials::same;

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    let trials = built::trials().into_iter().chain(changed::trials());
    let trials = trials.chain(memory::trials()).collect();
    one_by_one(trials)
}

pub(crate) type Answer = Result<(), Failed>;

/// A trial over two libraries of the corpus.
pub(crate) fn pair(name: &str, ids: [&str; 2], claim: fn(&Pair) -> Answer) -> Trial {
    corpora::trial(name, &ids, move |paths| {
        let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
        let [expected, found] = <[Vec<u8>; 2]>::try_from(files).map_err(|_| "two paths")?;
        claim(&Pair::of(expected, found))
    })
}

/// Two libraries, explained.
pub(crate) struct Pair {
    pub(crate) sizes: [usize; 2],
    pub(crate) explanation: Explanation,
}

impl Pair {
    pub(crate) fn of(expected: Vec<u8>, found: Vec<u8>) -> Self {
        let explanation = explain(
            &Library::read("the released library", &expected),
            &Library::read("the rebuilt library", &found),
        );
        let sizes = [expected.len(), found.len()];
        Self { sizes, explanation }
    }

    pub(crate) fn difference(&self) -> &Difference {
        &self.explanation.difference
    }

    /// These causes and no other, and every byte of both files in a region.
    pub(crate) fn has(&self, causes: &[(Rule, Certainty)]) -> Answer {
        let found = self.explanation.causes.iter();
        let found: Vec<_> = found.map(|cause| (cause.rule, cause.certainty)).collect();
        let expected = causes.iter().map(|(rule, sure)| (*rule, Some(*sure)));
        same(found, expected.collect::<Vec<_>>())?;
        self.is_whole()
    }

    /// The names of the regions that differ.
    pub(crate) fn differs_in(&self, names: &[&str]) -> Answer {
        let differing: Vec<&str> = self.difference().differing().map(|it| &*it.name).collect();
        same(&*differing, names)
    }

    pub(crate) fn is_whole(&self) -> Answer {
        let regions = &self.difference().regions;
        let sizes = |sides: Vec<_>| {
            let sizes = sides.into_iter().flatten();
            sizes
                .map(|it: patchproof_report::Extent| it.size_bytes)
                .sum::<u64>()
        };
        let expected = sizes(regions.iter().map(|it| it.expected).collect());
        let found = sizes(regions.iter().map(|it| it.found).collect());
        let wide = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        same([expected, found], self.sizes.map(wide))
    }
}
