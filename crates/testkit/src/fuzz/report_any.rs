//! Whatever `verify-release` is given, it ends with a report, and verifies only what is true.

use arbitrary::Unstructured;

use super::{Reached, Target};
use crate::soundness::deceiving::{Deceit, hold};
use crate::soundness::{Section, Story};

/// The target.
pub static TARGET: Target = Target {
    name: "report_any",
    about: "a tampered release ends with a report that is not verified, a harmless change verified",
    depth: "a link held: the release was opened, and something of it looked at",
    run,
    seeds,
    dictionary: &[
        b"PK\x01\x02",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x28\xb5\x2f\xfd",
        b"\x7fELF",
        b"\"keyid\":",
        b"\"payload\":",
        b"\"signatures\":",
    ],
    bytes_max: 4 << 10,
};

fn run(data: &[u8]) -> Reached {
    let mut input = Unstructured::new(data);
    let story = Story::MADE.get(number(&mut input) % Story::MADE.len());
    let deceit = deceit(&mut input);
    match story.is_some_and(|story| hold(*story, &deceit)) {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

fn deceit(input: &mut Unstructured<'_>) -> Deceit {
    let way = number(input) % 8;
    let section = match way {
        0..=3 => Section::Tampering,
        4 => Section::Harmless,
        5 => Section::Limit,
        6 => {
            let file = number(input);
            return Deceit::Replaced {
                file,
                bytes: input.take_rest_of(),
            };
        }
        _ => {
            return Deceit::Spliced {
                file: number(input),
                at: wide_number(input),
                removed: number(input) % 64,
                bytes: input.take_rest_of(),
            };
        }
    };
    Deceit::Kind {
        section,
        kind: number(input),
        turn: wide_number(input),
    }
}

/// What is left of an input, as bytes.
trait TakeRest {
    fn take_rest_of(&mut self) -> Vec<u8>;
}

impl TakeRest for Unstructured<'_> {
    fn take_rest_of(&mut self) -> Vec<u8> {
        let count = self.len();
        self.bytes(count).unwrap_or_default().to_vec()
    }
}

/// A byte; 0 where the input has ended.
fn number(input: &mut Unstructured<'_>) -> usize {
    usize::from(input.arbitrary::<u8>().unwrap_or(0))
}

/// Three bytes: more changes of a kind than anybody counts.
fn wide_number(input: &mut Unstructured<'_>) -> usize {
    (number(input) << 16) | (number(input) << 8) | number(input)
}

/// Every way on every story, and some kinds.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let stories = [(0, "signed"), (1, "unsigned"), (2, "shorebird")];
    let mut seeds = Vec::new();
    for (story, name) in stories {
        for kind in (0..160).step_by(23) {
            let bytes = vec![story, 0, kind, 0, 0, 1];
            seeds.push((format!("{name}-tampering-{kind}"), bytes));
        }
        seeds.push((format!("{name}-harmless"), vec![story, 4, 3, 0, 0, 1]));
        seeds.push((format!("{name}-limit"), vec![story, 5, 0, 0, 0, 1]));
        seeds.push((format!("{name}-no-patch"), vec![story, 6, 2, b'n', b'o']));
        seeds.push((
            format!("{name}-spliced"),
            vec![story, 7, 3, 0, 0, 90, 2, b'x'],
        ));
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_holds_and_most_of_them_come_far() {
        let seeds = seeds();
        let far = seeds.iter().filter(|(_, it)| run(it) == Reached::Depth);
        assert!(far.count() * 2 > seeds.len());
    }

    #[test]
    fn what_is_no_input_at_all_ends_too() {
        assert_eq!(run(&[]), run(&[0, 0]));
    }

    #[test]
    #[should_panic(expected = "is refused")]
    fn a_tampering_that_is_taken_for_harmless_is_found() {
        // A limit of the claim, claimed to be verified, is what this oracle must not bear.
        crate::soundness::deceiving::claimed_harmless(Story::Shorebird);
    }

    #[test]
    #[should_panic(expected = "another moment is verified")]
    fn what_was_signed_anew_and_is_verified_is_found_though_its_patch_fits() {
        crate::soundness::deceiving::verified_and_another(Story::Signed);
    }
}
