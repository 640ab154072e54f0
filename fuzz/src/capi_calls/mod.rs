//! The C library in any order with hostile arguments: NULL, misaligned, no UTF-8, wrong sizes,
//! handles that were closed or never given out, functions that answer nonsense.
//!
//! Each call answers with a number that the header knows, and where it is refused, with words.
//!
//! The native face begins anew with each input. The compat face is one for each process: before
//! `shorebird_init` succeeds all its calls have one answer, and afterwards it cannot begin anew. So
//! a process hands it hostile arguments alone at first, and opens it for good after many inputs;
//! what it answers from then on depends on inputs before, and is held to less.

mod answers;
mod callbacks;
mod chances;
mod compat;
mod hostile;
mod native;
mod opening;
mod server;
mod telling;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use patchproof_testkit::fuzz::Reached;

use chances::Chances;
use native::Native;
use world::World;

/// The oracle of `capi_calls`.
///
/// # Panics
/// Where a call answers what the header does not allow.
pub fn run(data: &[u8]) -> Reached {
    static INPUTS: AtomicU64 = AtomicU64::new(0);
    let input = INPUTS.fetch_add(1, Ordering::Relaxed);
    let mut chances = Chances::new(data);
    let world = World::of_process();
    let mut native = Native::new(world, input, &mut chances);
    for _ in 0..CALLS_MAX {
        if chances.is_empty() {
            break;
        }
        match chances.below(5) {
            4 => compat::call(world, input >= LIVE_AFTER, &mut chances),
            _ => native.call(&mut chances),
        }
    }
    match native.done() {
        (1.., 1..) => Reached::Depth,
        _ => Reached::Surface,
    }
}

const CALLS_MAX: usize = 32;
/// So many inputs of a process meet a compat face that is not open.
const LIVE_AFTER: u64 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn seeds() -> Vec<(String, Vec<u8>)> {
        let all = patchproof_testkit::fuzz::every();
        let ours = all.into_iter().find(|facts| facts.name == "capi_calls");
        ours.map(|facts| (facts.seeds)()).unwrap_or_default()
    }

    #[test]
    fn most_seeds_reach_the_depth_and_the_compat_face_lives_on_afterwards() {
        let all = seeds();
        let deep = all.iter().filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(deep.count() * 2 > all.len());
        for (_, seed) in &all {
            let mut chances = Chances::new(seed);
            while !chances.is_empty() {
                compat::call(World::of_process(), true, &mut chances);
            }
        }
    }

    #[test]
    #[should_panic(expected = "no number of the header")]
    fn an_answer_that_no_header_has_is_found_out() {
        answers::is_known(99);
    }
}
