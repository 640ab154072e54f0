//! The known failures of the old designs: the explorer finds each in a small model, and ours takes
//! the same way to a right end.
//!
//! `docs/old-designs.md` has the table. A counterexample is the shortest there is, and pinned with
//! the numbers of states and steps that its world has.

#[cfg(test)]
mod device;
#[cfg(test)]
mod faithful;
#[cfg(test)]
mod flutter_patcher;
#[cfg(test)]
mod ours;
#[cfg(test)]
mod ours_of_flutter_patcher;
#[cfg(test)]
mod page;
#[cfg(test)]
mod shorebird;

#[cfg(test)]
use patchproof_testkit::explorer::{Design, old::Failure};

/// What the explorer finds for one number, as it is pinned.
#[cfg(test)]
fn found<D: Design>(failures: Vec<Failure<D>>, number: &str) -> String {
    let failures = failures
        .into_iter()
        .filter(|failure| failure.number == number);
    let told: Vec<_> = failures.map(|failure| tell(&failure)).collect();
    assert!(!told.is_empty(), "no world for {number}");
    told.join("\n\n")
}

#[cfg(test)]
fn tell<D: Design>(failure: &Failure<D>) -> String {
    let explored = failure.explore();
    let story = failure.story().expect("the old design fails");
    format!(
        "{} states, {} steps between them\n{story}",
        explored.states, explored.transitions
    )
}
