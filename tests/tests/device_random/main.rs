//! Random lives of a phone: starts, updates, crashes, power cuts and failing disks in any order,
//! two processes at a time, on the real device library over the simulated disk. What a person sees
//! is held against the reference, which knows the invariants and not the code.

#[cfg(test)]
mod life;
#[cfg(test)]
mod machine;

#[cfg(test)]
mod tests {
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

    use crate::life::Lives;
    use crate::machine::{Honest, Lying, Phones, Planted};

    /// So many lives of each kind, the same in every run; as many as `PROPTEST_CASES` says, and
    /// others each time.
    fn lives(seed: u64) -> Config {
        let asked = std::env::var("PROPTEST_CASES").ok();
        let asked = asked.and_then(|cases| cases.parse().ok());
        let rng_seed = match asked {
            Some(_) => RngSeed::Random,
            None => RngSeed::Fixed(seed),
        };
        let all: u32 = asked.unwrap_or(LIVES);
        Config {
            cases: all.div_ceil(3),
            failure_persistence: None,
            rng_seed,
            ..Config::default()
        }
    }

    fn live<D: crate::life::Disk>(seed: u64) {
        let config = lives(seed);
        let mut runner = TestRunner::new(config.clone());
        let strategy = Lives::sequential_strategy(5..40);
        let outcome = runner.run(&strategy, |(start, steps, seen)| {
            Phones::<D>::test_sequential(config.clone(), start, steps, seen);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    }

    #[test]
    #[should_panic(expected = "to run, found")]
    fn a_disk_that_forgets_what_it_synced_is_found_out() {
        live::<Planted>(1);
    }

    #[test]
    fn no_life_on_an_honest_disk_shows_what_the_invariants_forbid() {
        live::<Honest>(2);
    }

    #[test]
    fn no_other_life_on_an_honest_disk_shows_what_the_invariants_forbid() {
        live::<Honest>(3);
    }

    #[test]
    fn nor_does_a_third_lot_of_them() {
        live::<Honest>(4);
    }

    #[test]
    fn no_life_on_a_lying_disk_boots_what_was_never_whole_or_is_of_another_release() {
        live::<Lying>(5);
    }

    /// On an honest disk, each of them five to forty acts long.
    const LIVES: u32 = 10_000;
}
