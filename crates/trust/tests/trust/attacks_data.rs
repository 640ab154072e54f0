//! Attacks on what a signed statement promises: endless, cut, other bytes.

use patchproof_trust::{Digest, Measure, Refusal};

use crate::world::*;

const SIGNED: &[u8] = b"the download";

fn measure() -> Measure {
    patch(1).downloads.first().expect("there is one").measure()
}

fn fed(chunks: &[&[u8]]) -> Result<(), Refusal> {
    let mut measure = measure();
    for chunk in chunks {
        measure.take(chunk)?;
    }
    measure.finish()
}

#[test]
fn the_signed_bytes_are_taken_in_any_pieces() {
    assert_eq!(fed(&[SIGNED]), Ok(()));
    assert_eq!(fed(&[b"the ", b"", b"download"]), Ok(()));
}

#[test]
fn endless_data_ends_at_the_first_byte_too_many() {
    let mut measure = measure();
    measure.take(SIGNED).unwrap();
    assert_eq!(
        measure.take(b"."),
        Err(Refusal::EndlessData { size_bytes: 12 })
    );
}

#[test]
fn what_is_cut_short_is_told_from_what_is_wrong() {
    let refused = fed(&[b"the "]);
    assert_eq!(
        refused,
        Err(Refusal::CutShort {
            size_bytes: 12,
            found_bytes: 4
        })
    );
}

#[test]
fn other_bytes_of_the_same_length_are_refused() {
    let other = b"the downloaD";
    let expected = Refusal::WrongBytes {
        expected: Digest::of(SIGNED),
        found: Digest::of(other),
    };
    assert_eq!(fed(&[other]), Err(expected));
}

#[test]
fn an_output_file_is_held_against_its_own_signed_size() {
    let patch = patch(1);
    let file = patch.files.first().expect("there is one");
    let mut measure = file.measure();
    let size = usize::try_from(file.size_bytes).unwrap();
    assert_eq!(measure.take(&vec![0; size]), Ok(()));
    let size_bytes = file.size_bytes;
    assert_eq!(measure.take(&[0]), Err(Refusal::EndlessData { size_bytes }));
}
