//! Two decoders that share no code say the same of every changed patch: the same bytes, or the same
//! fault. Where both take one, the decoder on devices gives those bytes too.
//!
//! Of a patch that was changed at will, in several places at once, less can be said: which of two
//! faults is met first is each decoder's own, and ruzstd unpacks some blocks that zstd calls
//! corrupt (`docs/divergences.md`). Then the streaming decoder, which devices use, must be the one
//! to refuse; with one exception, that page's last table has it.

use patchproof_patch::{Container, InflateError, Malformed, inflate, make_with, plain, reference};
use patchproof_tests::patches::Columns;
use proptest::prelude::*;

use crate::decoders::{FORMS, Fault, fault, limits, streamed};
use crate::mutation::{EXTREMES, Mutation, columns_with, mutation, stream_with};
use crate::pairs::{Pair, fixed_pair, shared_out, small_pair};

/// What both decoders say; a panic where they differ.
pub(crate) fn agreed(base: &[u8], patch: &[u8]) -> Result<Vec<u8>, Fault> {
    let plainly = plain::inflate(base, patch, limits(base));
    let streamed = streamed(base, patch);
    let said = |found: &Result<Vec<u8>, InflateError>| found.clone().map_err(|e| fault(&e));
    assert!(
        said(&plainly) == said(&streamed),
        "plain: {:?}; streaming: {:?}; base {base:02x?}; patch {patch:02x?}",
        plainly.as_ref().map(Vec::len),
        streamed.as_ref().map(Vec::len),
    );
    if plainly.is_ok() && patch.first() == Some(&0x28) {
        let device = reference(base, patch, limits(base));
        assert!(device == plainly, "plain: {plainly:?}; devices: {device:?}");
    }
    said(&plainly)
}

/// Of a patch with any number of changes: nothing that the plain decoder refuses is taken, and what
/// both take has the same bytes.
fn holds_together(base: &[u8], patch: &[u8]) {
    let plainly = plain::inflate(base, patch, limits(base));
    match (&plainly, streamed(base, patch)) {
        (Ok(_), Ok(_)) => drop(agreed(base, patch)),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(InflateError::Malformed(Malformed::Frame(_)))) => {
            // So an inflate by both refuses it, and says that the patch is at fault.
            let both = inflate(base, patch, limits(base)).map_err(|error| fault(&error));
            assert_eq!(
                both,
                Err(Fault::Patch),
                "base {base:02x?}; patch {patch:02x?}"
            );
        }
        // zstd does not look whether a stream of literals ends where it has to.
        (Err(InflateError::Malformed(Malformed::Frame(what))), Ok(_))
            if what.contains("DecompressLiteralsError") => {}
        (_, streamed) => panic!(
            "plain: {plainly:?}; streaming: {streamed:?}; base {base:02x?}; patch {patch:02x?}"
        ),
    }
}

#[test]
fn a_fault_within_the_last_block_is_not_taken_for_a_file_that_ends() {
    // 10^5 patches changed at random had this one. Behind two bytes and its length: the base.
    let kept = include_bytes!(
        "../../../corpora/regressions/inflate_differential/\
         literals-that-end-elsewhere-in-the-last-block"
    );
    let (base, patch) = kept[4..].split_at(472);
    let told = plain::inflate(base, patch, limits(base)).unwrap_err();
    assert!(
        told.to_string().contains("DecompressLiteralsError"),
        "{told}"
    );
    holds_together(base, patch);
}

#[test]
fn decoders_agree_on_every_bit_that_is_flipped() {
    let Pair { base, new } = fixed_pair(200);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        for at in 0..patch.len() {
            for bit in 0..8 {
                let mut changed = patch.clone();
                changed[at] ^= 1 << bit;
                let found = agreed(&base, &changed);
                // A wider window, or a bit that zstd leaves free, changes nothing that comes out.
                let declared = options.container == Container::Patchproof;
                let harmless = found.is_err() || found.as_ref() == Ok(&new);
                assert!(!declared || harmless, "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn decoders_agree_that_a_patch_cut_anywhere_is_at_fault() {
    let Pair { base, new } = fixed_pair(400);
    for options in FORMS {
        let patch = make_with(&base, &new, options).unwrap();
        for end in 0..patch.len() {
            assert_eq!(
                agreed(&base, &patch[..end]),
                Err(Fault::Patch),
                "{options:?}, {end}"
            );
        }
        let longer = [&patch[..], &[0]].concat();
        assert_eq!(agreed(&base, &longer), Err(Fault::Patch), "{options:?}");
    }
}

#[test]
fn decoders_agree_on_every_value_of_every_byte_of_the_header() {
    let Pair { base, new } = fixed_pair(200);
    for options in &FORMS[1..] {
        let patch = make_with(&base, &new, *options).unwrap();
        for at in 0..176 {
            for value in 0..=255 {
                let mut changed = patch.clone();
                changed[at] = value;
                assert_eq!(
                    agreed(&base, &changed).is_ok(),
                    changed == patch,
                    "byte {at}"
                );
            }
        }
    }
}

#[test]
fn decoders_agree_on_extremes_in_every_field_of_the_header() {
    let Pair { base, new } = fixed_pair(200);
    for options in &FORMS[1..] {
        let patch = make_with(&base, &new, *options).unwrap();
        let fields = [16, 56].into_iter().chain((96..176).step_by(8));
        for at in fields {
            let old = u64::from_le_bytes(patch[at..at + 8].try_into().unwrap());
            let beside = [old.wrapping_sub(1), old + 1];
            for value in EXTREMES
                .into_iter()
                .chain(beside)
                .filter(|value| *value != old)
            {
                let mut changed = patch.clone();
                changed[at..at + 8].copy_from_slice(&value.to_le_bytes());
                assert!(agreed(&base, &changed).is_err(), "{value} at {at}");
            }
        }
    }
}

#[test]
fn decoders_agree_on_swapped_columns() {
    let Pair { base, new } = fixed_pair(400);
    for options in &FORMS[1..] {
        let patch = make_with(&base, &new, *options).unwrap();
        for one in 0..4 {
            for other in 0..one {
                let mut swapped = Columns::of(&patch);
                swapped.columns.swap(one, other);
                assert_eq!(agreed(&base, &swapped.build()), Err(Fault::Patch));
            }
        }
    }
}

#[test]
fn decoders_agree_on_every_window_of_either_codec() {
    let Pair { base, new } = fixed_pair(200);
    for options in FORMS {
        let mut patch = make_with(&base, &new, options).unwrap();
        let at = if options.container == Container::Shorebird {
            5
        } else {
            176
        };
        // In zstd the window stands behind magic and descriptor.
        let at = if patch[at..].starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            at + 5
        } else {
            at
        };
        for value in 0..=255 {
            patch[at] = value;
            drop(agreed(&base, &patch));
        }
    }
}

proptest! {
    #![proptest_config(shared_out(50))]

    #[test]
    fn decoders_agree_on_changed_bytes(
        pair in small_pair(),
        form in 0..FORMS.len(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let patch = make_with(&pair.base, &pair.new, FORMS[form]).unwrap();
        let changed = |bytes: Vec<u8>, it: &Mutation| it.of(&bytes);
        holds_together(&pair.base, &mutations.iter().fold(patch, changed));
    }

    #[test]
    fn decoders_agree_on_a_changed_stream(
        pair in small_pair(),
        cut in any::<u16>(),
        mutations in prop::collection::vec(mutation(), 1..3),
    ) {
        let patch = make_with(&pair.base, &pair.new, FORMS[0]).unwrap();
        let changed = stream_with(&patch, &mutations);
        holds_together(&pair.base, &changed);
        // And over a base that is too short.
        let shorter = usize::from(cut) * pair.base.len() / (1 << 16);
        holds_together(&pair.base[..shorter], &changed);
    }

    #[test]
    fn decoders_agree_on_changed_columns(
        pair in small_pair(),
        form in 1..FORMS.len(),
        promised in prop::bool::weighted(0.8),
        mutations in prop::collection::vec((0..4_usize, mutation()), 1..3),
    ) {
        let patch = make_with(&pair.base, &pair.new, FORMS[form]).unwrap();
        let changed = columns_with(&patch, &pair.base, &mutations, promised);
        holds_together(&pair.base, &changed);
    }

    #[test]
    fn decoders_agree_on_splices_of_two_patches(
        one in small_pair(),
        other in small_pair(),
        form in 0..FORMS.len(),
        at in any::<u16>(),
    ) {
        let made = |pair: &Pair| make_with(&pair.base, &pair.new, FORMS[form]).unwrap();
        let (first, second) = (made(&one), made(&other));
        let place = |bytes: &[u8]| usize::from(at) * bytes.len() / (1 << 16);
        let spliced = [&first[..place(&first)], &second[place(&second)..]].concat();
        holds_together(&one.base, &spliced);
    }
}
