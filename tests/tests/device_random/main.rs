//! Random lives of a phone: starts, updates, crashes, power cuts and failing disks in any order,
//! two processes at a time, on the real device library over the simulated disk. What a person sees
//! is held against [`Reference`], which knows the invariants and not the code.

#[cfg(test)]
mod life;
#[cfg(test)]
mod machine;

#[cfg(test)]
mod tests {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest as _};

    use patchproof_testkit::figures::LIVES;

    use crate::life::Life;
    use crate::machine::{Honest, Lying, Phones, Planted};

    /// So many lives in every run, or as many as `PROPTEST_CASES` says.
    fn lives() -> Config {
        let asked = std::env::var("PROPTEST_CASES").ok();
        let all = asked
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(u32::try_from(LIVES).unwrap());
        Config {
            cases: all.div_ceil(3),
            failure_persistence: None,
            ..Config::default()
        }
    }

    /// The same lives in every run; others each time where `PROPTEST_CASES` asks for more.
    fn of_seed(seed: u8) -> TestRng {
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
    }

    fn live<D: crate::life::Disk>(seed: u8) {
        let config = lives();
        let mut runner = match std::env::var_os("PROPTEST_CASES") {
            Some(_) => TestRunner::new(config.clone()),
            None => TestRunner::new_with_rng(config.clone(), of_seed(seed)),
        };
        let strategy = Life::sequential_strategy(5..40);
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
}
