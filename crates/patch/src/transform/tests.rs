//! The seam, held open by a transform of the tests' own: every byte is seen through a key that only
//! the patch knows.

use std::io;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::columns::Columns;
use crate::header::{Codec, DeclaredBase, Header, STREAMS, StreamExtent};
use crate::limits::Limits;
use crate::make::packed_column;
use crate::search::{Effort, Files};
use crate::stream::Inflation;
use crate::{Malformed, plain};

struct Keyed;

struct View<'a>(&'a dyn ReadAt, u8);

struct Back<'a>(&'a mut dyn Write, u8);

impl Transform for Keyed {
    fn id(&self) -> u16 {
        7
    }

    fn view<'a>(
        &self,
        base: &'a dyn ReadAt,
        side: &'a [u8],
    ) -> Result<Box<dyn ReadAt + 'a>, StreamError> {
        match side {
            [key] => Ok(Box::new(View(base, *key))),
            _ => Err(crate::header::fault("a key is one byte").into()),
        }
    }

    fn inverse<'a>(
        &self,
        _: &'a dyn ReadAt,
        side: &'a [u8],
        output: &'a mut dyn Write,
    ) -> Result<Box<dyn Write + 'a>, StreamError> {
        Ok(Box::new(Back(output, side[0])))
    }
}

impl ReadAt for View<'_> {
    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)?;
        buffer.iter_mut().for_each(|byte| *byte ^= self.1);
        Ok(())
    }
}

impl Write for Back<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let back: Vec<u8> = bytes.iter().map(|byte| byte ^ self.1).collect();
        self.0.write_all(&back)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

const BASE: &[u8] = b"a base that is long enough to be found again in what comes out of it";
const NEW: &[u8] = b"a base that is long enough to be found again, and more, in what comes out";

/// A patch that speaks of both files as they are seen through the key.
fn patch(side: &[u8], output_bytes: usize) -> Vec<u8> {
    let seen = |bytes: &[u8]| -> Vec<u8> { bytes.iter().map(|byte| byte ^ 0x5a).collect() };
    let (base, new) = (seen(BASE), seen(NEW));
    let effort = Effort {
        candidates_max: 16,
        slack_bytes: 6,
    };
    let columns = Columns::of(&base, &new, &Files::of(&base, &new).matches(effort));
    let [control, gaps, changes, literals] = columns.all();
    let mut streams = [StreamExtent::default(); STREAMS];
    let mut body = Vec::new();
    let all = [control, gaps, changes, literals, side];
    for (extent, bytes) in streams.iter_mut().zip(all) {
        let packed = packed_column(bytes, Codec::Zstd, 3).unwrap();
        extent.packed_bytes = u64::try_from(packed.len()).unwrap();
        extent.decoded_bytes = u64::try_from(bytes.len()).unwrap();
        body.extend(packed);
    }
    let header = Header {
        codec: Codec::Zstd,
        transform: 7,
        base: DeclaredBase::File {
            length_bytes: u64::try_from(BASE.len()).unwrap(),
            sha256: Sha256::digest(BASE).into(),
        },
        output_bytes: u64::try_from(output_bytes).unwrap(),
        output_sha256: Sha256::digest(NEW).into(),
        streams,
    };
    [header.bytes(), body].concat()
}

fn inflated(patch: &[u8], transforms: &[&dyn Transform]) -> Result<Vec<u8>, StreamError> {
    let mut output = Vec::new();
    let inflation = Inflation::within(Limits::for_base(1 << 10)).with_transforms(transforms);
    inflation.run(&patch, &BASE, &mut output)?;
    Ok(output)
}

#[test]
fn a_known_transform_is_seen_through_on_both_sides() {
    let patch = patch(&[0x5a], NEW.len());
    assert_eq!(inflated(&patch, &[&Keyed]).unwrap(), NEW);
}

#[test]
fn an_unknown_transform_is_refused_by_both_decoders() {
    let patch = patch(&[0x5a], NEW.len());
    let unknown = InflateError::UnknownTransform { id: 7 };
    match inflated(&patch, &[]) {
        Err(StreamError::Inflate(error)) => assert_eq!(error, unknown),
        other => panic!("{other:?}"),
    }
    let plainly = plain::inflate(BASE, &patch, Limits::for_base(1 << 10));
    assert_eq!(plainly, Err(unknown));
}

#[test]
fn what_a_transform_refuses_of_its_stream_is_the_fault_of_the_patch() {
    let refused = inflated(&patch(b"two", NEW.len()), &[&Keyed]);
    assert!(matches!(
        refused,
        Err(StreamError::Inflate(InflateError::Malformed(
            Malformed::Header(_)
        )))
    ));
}

#[test]
fn a_transformed_output_is_held_to_its_declared_length_and_hash() {
    for declared in [NEW.len() - 1, NEW.len() + 1] {
        let refused = inflated(&patch(&[0x5a], declared), &[&Keyed]);
        assert!(
            matches!(
                refused,
                Err(StreamError::Inflate(InflateError::Malformed(
                    Malformed::OutputLength { .. }
                )))
            ),
            "{declared}: {refused:?}"
        );
    }
    let refused = inflated(&patch(&[0x5b], NEW.len()), &[&Keyed]);
    assert!(matches!(
        refused,
        Err(StreamError::Inflate(InflateError::WrongOutput { .. }))
    ));
}
