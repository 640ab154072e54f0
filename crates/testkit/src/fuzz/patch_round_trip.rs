//! Whatever the old file and the edits: the patch that is made turns the one into the other.

use patchproof_patch::{
    CodecChoice, Description, Header, Inflation, Limits, MakeOptions, describe, make_with, plain,
    reference,
};

use super::choices::Choices;
use super::edits::edit_all;
use super::{Reached, Target};

/// The target.
pub static TARGET: Target = Target {
    name: "patch_round_trip",
    about: "a made patch gives the new file by every decoder, and over another base never another",
    depth: "the patch has bytes of the base, and others that are changed or new",
    run,
    seeds,
    dictionary: &[],
    bytes_max: 512,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let options = options(&mut choices);
    let made_again = choices.one_in(8);
    let cut = choices.short();
    let (mut base, tables) = old_file(&mut choices);
    if choices.one_in(16) {
        base.clear();
    }
    let mut new = base.clone();
    edit_all(&mut new, &tables, &mut choices);

    let patch = make_with(&base, &new, options).expect("small files have a patch");
    inflates_to(&new, &base, &patch);
    holds_over_other_bases(&new, &base, &patch, cut);
    if made_again {
        let again = make_with(&base, &new, options).expect("small files have a patch");
        assert!(again == patch, "the same files gave another patch");
    }
    let described = describe(&patch, limits(&base)).expect("a made patch can be described");
    if tells(&described, &new) {
        Reached::Depth
    } else {
        Reached::Surface
    }
}

fn inflates_to(new: &[u8], base: &[u8], patch: &[u8]) {
    let plainly = plain::inflate(base, patch, limits(base)).expect("the plain decoder takes it");
    assert!(plainly == new, "the plain decoder gives another file");
    let streamed = streamed(base, patch).expect("the streaming decoder takes it");
    assert!(streamed == new, "the streaming decoder gives another file");
    if Header::of(patch).is_none() {
        let device = reference(base, patch, limits(base)).expect("devices take it");
        assert!(device == new, "devices get another file");
    }
}

/// Over a base that is cut short no patch gives anything else; over one with a changed byte, no
/// patch that names its base does.
fn holds_over_other_bases(new: &[u8], base: &[u8], patch: &[u8], cut: u16) {
    let at = usize::from(cut) * base.len() / (1 << 16);
    let (shorter, _) = base.split_at(at);
    if let Ok(output) = plain::inflate(shorter, patch, limits(base)) {
        assert!(output == new, "a shorter base gave another file");
    }
    let mut changed = base.to_vec();
    changed
        .iter_mut()
        .skip(at)
        .take(1)
        .for_each(|byte| *byte ^= 1);
    if let (Some(_), Some(output)) = (Header::of(patch), streamed(&changed, patch)) {
        assert!(output == new, "another base gave another file");
    }
}

/// Whether the patch is one that has something of both, by counts that are the new file's.
fn tells(described: &Description, new: &[u8]) -> bool {
    let from_base = described.copied_bytes + described.added_bytes;
    let length = u64::try_from(new.len()).unwrap_or(u64::MAX);
    assert_eq!(described.output_bytes, length, "{described:?}");
    assert_eq!(from_base + described.new_bytes, length, "{described:?}");
    described.copied_bytes > 0 && described.added_bytes + described.new_bytes > 0
}

fn streamed(base: &[u8], patch: &[u8]) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let inflation = Inflation::within(limits(base));
    inflation.run(&patch, &base, &mut output).ok()?;
    Some(output)
}

/// Low levels: they go the same ways as the high ones, in a hundredth of the time.
fn options(choices: &mut Choices<'_>) -> MakeOptions {
    let level = choices.pick(&[1, 2, 3, 4, 5, 6]);
    let options = match choices.below(16) {
        0..8 => MakeOptions::shorebird(),
        8..14 => MakeOptions::patchproof(CodecChoice::Zstd),
        14 => MakeOptions::patchproof(CodecChoice::Brotli),
        _ => MakeOptions::patchproof(CodecChoice::Auto),
    };
    options.at_level(level)
}

/// A file of a few pieces of different kinds, and where its tables lie.
fn old_file(choices: &mut Choices<'_>) -> (Vec<u8>, Vec<std::ops::Range<usize>>) {
    let (mut file, mut tables) = (Vec::new(), Vec::new());
    for _ in 0..=choices.below(4) {
        let from = file.len();
        let length = PIECE_BYTES_MIN + usize::from(choices.short() % PIECE_BYTES_MORE);
        let seed = u32::from(choices.short());
        match choices.below(4) {
            0 => file.extend((0..).map(|n| noise(seed, n)).take(length)),
            1 => file.resize(from + length, 0),
            2 => {
                let phrase = choices.bytes(40).iter().copied();
                file.extend(phrase.cycle().take(length));
            }
            _ => {
                let addresses = (0_u32..).map(|n| seed.wrapping_add(n.wrapping_mul(24)));
                file.extend(addresses.flat_map(u32::to_le_bytes).take(length));
                tables.push(from..file.len());
            }
        }
    }
    (file, tables)
}

/// A byte without a pattern, the same for the same seed and place.
fn noise(seed: u32, place: u32) -> u8 {
    let mixed = (seed ^ place.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    let [first, ..] = (mixed ^ mixed >> 15)
        .wrapping_mul(0xc2b2_ae35)
        .to_be_bytes();
    first
}

fn limits(base: &[u8]) -> Limits {
    Limits::for_base(u64::try_from(base.len()).unwrap_or(u64::MAX))
}

/// One for each container and codec: noise and a table, with fields and passages changed.
fn seeds() -> Vec<(String, Vec<u8>)> {
    [("shorebird", 0), ("zstd", 8), ("brotli", 14), ("auto", 15)]
        .map(|(name, container)| {
            let head = [2, container, 0, 0, 0x80, 2];
            let noise = [0x50, 0x01, 7, 0, 0];
            let table = [0x40, 0x01, 0, 16, 3];
            let edits: Vec<u8> = (0_u8..96).map(|n| n.wrapping_mul(37) ^ 0x5a).collect();
            (
                name.to_owned(),
                [&head[..], &noise, &table, &[0xff], &edits].concat(),
            )
        })
        .to_vec()
}

/// A piece that an input says nothing of has something to find again, and not all are long.
const PIECE_BYTES_MIN: usize = 32;
const PIECE_BYTES_MORE: u16 = 700;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_reach_the_depth() {
        for (name, seed) in seeds() {
            assert_eq!(run(&seed), Reached::Depth, "{name}");
        }
    }

    #[test]
    #[should_panic(expected = "the plain decoder gives another file")]
    fn a_patch_for_another_file_is_found() {
        let patch = make_with(b"old", b"new", MakeOptions::shorebird()).unwrap();
        inflates_to(b"other", b"old", &patch);
    }

    #[test]
    fn noise_is_none() {
        let some: Vec<_> = (0..64).map(|n| noise(3, n)).collect();
        let mut sorted = some.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert!(sorted.len() > 48, "{some:?}");
    }
}
