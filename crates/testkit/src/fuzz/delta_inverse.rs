//! Whatever stream of the Dart-aware transform comes with whatever files: both decoders say the
//! same of it.

use super::sections::{Sections, joined};
use super::{Reached, Target, delta};
use crate::made::Shifted;

/// The target.
pub static TARGET: Target = Target {
    name: "delta_inverse",
    about: "both inverses of the Dart-aware transform give the same bytes or both refuse",
    depth: "a view of the base or an output came out",
    run,
    seeds,
    dictionary: &[],
    bytes_max: 4096,
};

fn run(data: &[u8]) -> Reached {
    let Some((step, mut sections)) = Sections::of(data) else {
        return Reached::Surface;
    };
    let (base, side) = (sections.next(), sections.next());
    let view = delta::view(base, side);
    let output = delta::inverse(sections.rest(), base, side, usize::from(step));
    match view.or(output) {
        Some(_) => Reached::Depth,
        None => Reached::Surface,
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for ids in [1, 20, 60] {
        let made = Shifted::of_ids(ids);
        for step in [1, 64, 255] {
            let seed = joined(step, &[&made.base, &made.side], &made.new);
            seeds.push((format!("shifted-{ids}-by-{step}"), seed));
        }
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_comes_to_an_output() {
        for (name, seed) in seeds() {
            let (step, mut sections) = Sections::of(&seed).unwrap();
            let (base, side) = (sections.next(), sections.next());
            let output = delta::inverse(sections.rest(), base, side, usize::from(step));
            assert!(output.is_some(), "{name}");
            assert_eq!(run(&seed), Reached::Depth, "{name}");
        }
    }
}
