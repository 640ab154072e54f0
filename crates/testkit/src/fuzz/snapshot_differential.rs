//! What is read of a library is what a second reading finds, where both take it.

use patchproof_snapshot::{Engine, Snapshot};

use super::{Reached, Target, libraries, snapshot_any};
use crate::oracles::{SecondReading, disagreements, second_reading};

/// Legal differences are in `disagreements`; `object` reads whatever our reader takes.
pub static TARGET: Target = Target {
    name: "snapshot_differential",
    about: "where our reader and one over `object` both take a library, they find the same facts",
    depth: "both took it and every fact was compared",
    run,
    seeds: libraries::seeds,
    dictionary: snapshot_any::DICTIONARY,
    bytes_max: 64 << 10,
};

fn run(data: &[u8]) -> Reached {
    let file = libraries::file(data);
    let (first, second) = (Snapshot::read(&file), second_reading(&file));
    assert!(
        first.is_err() || Engine::read(&file).is_err(),
        "it is a snapshot and an engine"
    );
    match (first, second) {
        (Ok(first), Some(second)) => {
            compare(&first, &second);
            Reached::Depth
        }
        (Ok(first), None) => unreachable!("only our reader takes it: {first:?}"),
        (Err(_), _) => Reached::Surface,
    }
}

fn compare(first: &Snapshot, second: &SecondReading) {
    let found = disagreements(first, second);
    assert!(
        found.is_empty(),
        "the two readings disagree:\n{}",
        found.join("\n")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = libraries::seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 20);
    }

    #[test]
    #[should_panic(expected = "the two readings disagree")]
    fn another_fact_in_the_second_reading_would_be_found() {
        let file = libraries::file(&[0]);
        let mut second = second_reading(&file).unwrap();
        second.load_alignment += 1;
        compare(&Snapshot::read(&file).unwrap(), &second);
    }
}
