//! Both halves of the Dart-aware transform that inflate, held against each other.

use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use patchproof_dart_delta::{DartDelta, PlainDartDelta};
use patchproof_patch::{
    InflateError, PlainTransform as _, ReadAt, Scratch, StreamError, Transform as _,
};

/// The base as both see it, and as it lies in a scratch file; `None` where both refuse.
pub(super) fn view(base: &[u8], side: &[u8]) -> Option<Vec<u8>> {
    let streamed = DartDelta.view(&base, side).and_then(|view| {
        let length = view.length().map_err(StreamError::ReadBase)?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        let read = view.read_exact_at(&mut bytes, 0);
        read.map_err(StreamError::ReadBase).map(|()| bytes)
    });
    let scratch = Kept::default();
    let put = DartDelta.view_into(&base, side, &scratch);
    assert_eq!(
        put.is_ok(),
        streamed.is_ok(),
        "beside a scratch file: {put:?}"
    );
    if let Ok(streamed) = &streamed {
        assert!(
            *scratch.bytes() == *streamed,
            "the scratch file has another view"
        );
    }
    agreed(PlainDartDelta.view(base, side), streamed)
}

/// What both make of what the records gave, the streaming one given so many bytes at a time; `None`
/// where both refuse.
pub(super) fn inverse(seen: &[u8], base: &[u8], side: &[u8], step: usize) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let streamed = DartDelta
        .inverse(&base, side, &mut output)
        .and_then(|mut inverse| {
            let mut pieces = seen.chunks(step.max(1));
            let written = pieces.try_for_each(|piece| inverse.write_all(piece));
            written
                .and_then(|()| inverse.flush())
                .map_err(StreamError::Write)
        });
    let streamed = streamed.map(|()| output);
    agreed(
        PlainDartDelta.inverse(seen, base, side, OUTPUT_BYTES_MAX),
        streamed,
    )
}

fn agreed(
    plain: Result<Vec<u8>, InflateError>,
    streamed: Result<Vec<u8>, StreamError>,
) -> Option<Vec<u8>> {
    match (plain, streamed) {
        (Ok(plain), Ok(streamed)) => {
            assert!(plain == streamed, "the two give other bytes");
            Some(plain)
        }
        (Err(InflateError::Malformed(_)), Err(error)) if blames_the_patch(&error) => None,
        (plain, streamed) => {
            let (plain, streamed) = (plain.map(|it| it.len()), streamed.map(|it| it.len()));
            assert!(
                plain.is_err() && streamed.is_err(),
                "one of two: {plain:?} and {streamed:?}"
            );
            assert!(plain.is_ok(), "who is at fault: {plain:?} and {streamed:?}");
            None
        }
    }
}

fn blames_the_patch(error: &StreamError) -> bool {
    match error {
        StreamError::Inflate(InflateError::Malformed(_)) => true,
        StreamError::Write(error) => {
            let inner = error.get_ref();
            inner.is_some_and(|inner| inner.downcast_ref::<InflateError>().is_some())
        }
        _ => false,
    }
}

/// A scratch file in memory.
#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl Kept {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadAt for Kept {
    fn length(&self) -> io::Result<u64> {
        self.bytes().length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.bytes().read_exact_at(buffer, offset)
    }
}

impl Scratch for Kept {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.bytes().extend_from_slice(bytes);
        Ok(())
    }
}

/// More than any input can ask for.
const OUTPUT_BYTES_MAX: u64 = u64::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "other bytes")]
    fn another_output_is_a_disagreement() {
        agreed(Ok(vec![1]), Ok(vec![2]));
    }

    #[test]
    #[should_panic(expected = "one of two")]
    fn a_refusal_by_one_alone_is_a_disagreement() {
        let refused = PlainDartDelta.view(b"base", b"\xff").unwrap_err();
        agreed(Err(refused), Ok(vec![2]));
    }
}
