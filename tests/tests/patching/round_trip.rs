//! What was made comes back, through every decoder that there is for it.

use patchproof_patch::{CodecChoice, MakeOptions, make_with, plain, reference};
use proptest::prelude::*;

use crate::decoders::{FORMS, limits, streamed};
use crate::pairs::{Pair, fixed_pair, pair, shared_out};

fn comes_back(pair: &Pair, options: MakeOptions) -> Result<(), TestCaseError> {
    let Pair { base, new } = pair;
    let patch = make_with(base, new, options).map_err(failed)?;
    let plainly = plain::inflate(base, &patch, limits(base)).map_err(failed)?;
    prop_assert!(plainly == *new, "the plain decoder");
    let streamed = streamed(base, &patch).map_err(failed)?;
    prop_assert!(streamed == *new, "the streaming decoder");
    if options.container == patchproof_patch::Container::Shorebird {
        let device = reference(base, &patch, limits(base)).map_err(failed)?;
        prop_assert!(device == *new, "the decoder on devices");
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

proptest! {
    #![proptest_config(shared_out(40))]

    #[test]
    fn a_pair_comes_back_from_the_shorebird_container(pair in pair(), level in 1..=9) {
        comes_back(&pair, MakeOptions::shorebird().at_level(level))?;
    }
}

proptest! {
    #![proptest_config(shared_out(38))]

    #[test]
    fn a_pair_comes_back_from_zstd(pair in pair(), level in 1..=9) {
        comes_back(&pair, MakeOptions::patchproof(CodecChoice::Zstd).at_level(level))?;
    }
}

proptest! {
    #![proptest_config(shared_out(14))]

    #[test]
    fn a_pair_comes_back_from_brotli(pair in pair()) {
        comes_back(&pair, MakeOptions::patchproof(CodecChoice::Brotli))?;
    }
}

proptest! {
    #![proptest_config(shared_out(4))]

    #[test]
    fn a_pair_comes_back_from_whichever_codec_is_smaller(pair in pair(), level in 1..=22) {
        comes_back(&pair, MakeOptions::patchproof(CodecChoice::Auto).at_level(level))?;
    }
}

proptest! {
    #![proptest_config(shared_out(4))]

    #[test]
    fn a_pair_comes_back_at_the_highest_levels(pair in pair(), level in 10..=22) {
        comes_back(&pair, MakeOptions::shorebird().at_level(level))?;
        comes_back(&pair, MakeOptions::patchproof(CodecChoice::Zstd).at_level(level))?;
    }
}

#[test]
fn every_pair_of_tiny_files_over_two_letters_comes_back() {
    let files: Vec<Vec<u8>> = (0..=4_u32)
        .flat_map(|length| (0..1_u32 << length).map(move |bits| (length, bits)))
        .map(|(length, bits)| {
            (0..length)
                .map(|at| (bits >> at & 1).to_be_bytes()[3])
                .collect()
        })
        .collect();
    for base in &files {
        for new in &files {
            let pair = Pair {
                base: base.clone(),
                new: new.clone(),
            };
            for options in &FORMS[..2] {
                comes_back(&pair, *options).unwrap();
            }
        }
    }
}

#[test]
fn a_pair_of_many_blocks_comes_back() {
    for options in FORMS {
        comes_back(&fixed_pair(1 << 20), options).unwrap();
    }
}
