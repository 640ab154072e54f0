//! The streaming decoder in blocks of any size, into a writer that takes what it likes: what it
//! gives in one go, and the same refusals. Where something else fails, what came before is right.

mod unsteady;

use patchproof_dart_delta::DartDelta;
use patchproof_patch::{Inflation, Limits, StreamError};

use super::choices::Choices;
use super::patch_case::{self, Case};
use super::{Reached, Target};
use unsteady::{Failing, Unsteady};

/// The target.
pub static TARGET: Target = Target {
    name: "patch_chunked",
    about: "the streaming decoder gives in pieces of any size what it gives in one go",
    depth: "bytes of an output were compared",
    run,
    seeds,
    dictionary: patch_case::DICTIONARY,
    bytes_max: 2048,
};

fn run(data: &[u8]) -> Reached {
    let Some((head, rest)) = data.split_at_checked(HEAD_BYTES) else {
        return Reached::Surface;
    };
    let Some(case) = Case::of(rest) else {
        return Reached::Surface;
    };
    let mut choices = Choices::new(head);
    let whole = in_blocks_of(1 << 20, &case);
    let pieces = in_pieces(&case, &mut choices);
    hold_together(&whole, &pieces);
    // What is held when the patch turns out to be at fault is never written: small blocks hold
    // little.
    let little_by_little = in_blocks_of(16, &case);
    hold_together(&whole, &little_by_little);
    something_fails(&case, &little_by_little, &mut choices);
    if little_by_little.output.is_empty() {
        Reached::Surface
    } else {
        Reached::Depth
    }
}

/// How a run ended, and what was written.
struct Ran {
    answer: Result<(u64, [u8; 32]), StreamError>,
    output: Vec<u8>,
}

fn in_blocks_of(block_bytes: usize, case: &Case) -> Ran {
    let mut output = Vec::new();
    let inflation = inflation().in_blocks_of(block_bytes, 4);
    let inflated = inflation.run(&case.patch, &case.base, &mut output);
    let answer = inflated.map(|it| (it.output_bytes, it.output_sha256));
    Ran { answer, output }
}

fn in_pieces(case: &Case, choices: &mut Choices<'_>) -> Ran {
    let mut writer = Unsteady::taking(choices.pick(&SIZES), choices.byte());
    let inflation = blocks(choices);
    let inflated = inflation.run(&case.patch, &case.base, &mut writer);
    let answer = inflated.map(|it| (it.output_bytes, it.output_sha256));
    Ran {
        answer,
        output: writer.taken,
    }
}

/// Patch, base or output fails somewhere: the run ends with that or with what ends it anyway, and
/// what was written is the beginning of the output.
fn something_fails(case: &Case, steady: &Ran, choices: &mut Choices<'_>) {
    let (side, at) = (choices.below(3), u64::from(choices.short() % 4096));
    let mut writer = Unsteady::taking(choices.pick(&SIZES), 0);
    let (mut patch, mut base) = (Failing::never(&case.patch), Failing::never(&case.base));
    match side {
        0 => patch.fails_at = at,
        1 => base.fails_at = at,
        _ => writer.fails_at = at,
    }
    let answer = blocks(choices).run(&patch, &base, &mut writer);
    let legal = match &answer {
        Ok(inflated) => {
            steady.answer.as_ref().ok() == Some(&(inflated.output_bytes, inflated.output_sha256))
        }
        Err(StreamError::ReadPatch(_)) => side == 0,
        Err(StreamError::ReadBase(_)) => side == 1,
        Err(StreamError::Write(_)) => side == 2,
        Err(StreamError::Inflate(_)) => steady.answer.is_err(),
        Err(_) => false,
    };
    assert!(legal, "{answer:?}, and else {:?}", steady.answer);
    let common = steady.output.len().min(writer.taken.len());
    assert!(
        steady.output.get(..common) == writer.taken.get(..common),
        "what was written before it failed is not the output's beginning"
    );
}

fn blocks(choices: &mut Choices<'_>) -> Inflation<'static> {
    let (block_bytes, pipe_blocks) = (choices.pick(&SIZES), 1 + choices.below(4));
    inflation().in_blocks_of(block_bytes, pipe_blocks)
}

fn inflation() -> Inflation<'static> {
    Inflation::within(limits()).with_transforms(&[&DartDelta])
}

/// Panics where the two differ in a way that is not legal.
fn hold_together(whole: &Ran, pieces: &Ran) {
    match (&whole.answer, &pieces.answer) {
        (Ok(one), Ok(other)) => {
            assert!(
                one == other,
                "{other:?} was told of the pieces, and {one:?}"
            );
            assert!(
                whole.output == pieces.output,
                "the pieces make another output"
            );
        }
        (Err(one), Err(other)) => {
            let legal = the_blocks_decide_which_of_several_faults_is_told(one, other);
            assert!(legal, "in one go: {one}; in pieces: {other}");
        }
        (one, other) => unreachable!("in one go: {one:?}; in pieces: {other:?}"),
    }
}

/// A row of `docs/divergences.md`: a thread decompresses, the other applies, and a fault of the one
/// ends both before the block that it is in. It is the patch that is at fault, not the disk.
fn the_blocks_decide_which_of_several_faults_is_told(
    one: &StreamError,
    other: &StreamError,
) -> bool {
    let inflate = |error| matches!(error, &StreamError::Inflate(_));
    inflate(one) && inflate(other)
}

/// A block of one byte is handed over byte by byte: a stream must be short.
fn limits() -> Limits {
    let mut limits = patch_case::limits();
    limits.output_bytes_max = 4 << 10;
    limits.stream_bytes_max = 8 << 10;
    limits
}

/// Three kinds of pieces before each of a patch's.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let heads = [
        [0; HEAD_BYTES],
        [3; HEAD_BYTES],
        *b"\x05\x40\x05\x02\x02\x09\x01\x04\x06\x02\0\0",
    ];
    let seeds = patch_case::seeds().into_iter().zip(heads.iter().cycle());
    seeds
        .map(|((name, seed), head)| (name, [&head[..], &seed].concat()))
        .collect()
}

/// How many bytes decide on pieces and failures.
const HEAD_BYTES: usize = 12;
const SIZES: [usize; 8] = [1, 2, 3, 7, 16, 61, 256, 4096];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_reach_the_depth() {
        let depths = seeds()
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth)
            .count();
        assert_eq!(depths, seeds().len());
    }

    #[test]
    #[should_panic(expected = "the pieces make another output")]
    fn another_output_of_pieces_is_found() {
        let seeds = patch_case::seeds();
        let case = Case::of(&seeds[0].1).unwrap();
        let (one, mut other) = (in_blocks_of(16, &case), in_blocks_of(16, &case));
        other.output[0] ^= 1;
        hold_together(&one, &other);
    }

    #[test]
    #[should_panic(expected = "what was written before it failed")]
    fn wrong_bytes_before_a_failure_are_found() {
        let seeds = patch_case::seeds();
        let case = Case::of(&seeds[0].1).unwrap();
        let mut other = in_blocks_of(16, &case);
        other.output[0] ^= 1;
        let mut choices = Choices::new(&[2, 0xff, 0, 7, 7, 0]);
        something_fails(&case, &other, &mut choices);
    }
}
