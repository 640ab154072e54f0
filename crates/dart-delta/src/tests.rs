//! The transform from inside: made files that hold every kind of region, both inverses beside each
//! other, and vectors by hand that are kept for ever.

mod agreement;
mod hostile;
mod made;
mod pinned;
mod pinned_code;

use std::io;
use std::sync::Mutex;

use patchproof_patch::Transform as _;
use patchproof_patch::{InflateError, PlainTransform as _, ReadAt, Scratch, StreamError};

use crate::{DartDelta, PlainDartDelta};

/// What both views say; they must say the same, but for the words of a refusal.
fn view(base: &[u8], side: &[u8]) -> Option<Vec<u8>> {
    let plain = PlainDartDelta.view(base, side);
    let streamed = DartDelta.view(&base, side).map(|view| {
        let mut bytes = vec![0; usize::try_from(view.length().unwrap()).unwrap()];
        view.read_exact_at(&mut bytes, 0).unwrap();
        bytes
    });
    let scratch = Kept::default();
    let put = DartDelta.view_into(&base, side, &scratch);
    assert_eq!(put.is_ok(), streamed.is_ok());
    if let Ok(streamed) = &streamed {
        assert!(
            *scratch.0.lock().unwrap() == *streamed,
            "in the scratch file"
        );
    }
    agreed(plain, streamed)
}

/// A scratch file in memory.
#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl ReadAt for Kept {
    fn length(&self) -> io::Result<u64> {
        self.0.lock().unwrap().length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.lock().unwrap().read_exact_at(buffer, offset)
    }
}

impl Scratch for Kept {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(())
    }
}

/// What both inverses say, the streaming one given so many bytes at a time.
fn inverse(seen: &[u8], base: &[u8], side: &[u8], step: usize) -> Option<Vec<u8>> {
    let plain = PlainDartDelta.inverse(seen, base, side, u64::MAX);
    let mut output = Vec::new();
    let streamed = (|| {
        let mut inverse = DartDelta.inverse(&base, side, &mut output)?;
        for bytes in seen.chunks(step) {
            inverse.write_all(bytes).map_err(StreamError::Write)?;
        }
        inverse.flush().map_err(StreamError::Write)
    })();
    agreed(plain, streamed.map(|()| output))
}

fn agreed(
    plain: Result<Vec<u8>, InflateError>,
    streamed: Result<Vec<u8>, StreamError>,
) -> Option<Vec<u8>> {
    match (plain, streamed) {
        (Ok(plain), Ok(streamed)) => {
            assert!(plain == streamed, "{}", difference(&plain, &streamed));
            Some(plain)
        }
        (Err(InflateError::Malformed(_)), Err(error)) => {
            assert!(blames_the_patch(&error), "{error:?}");
            None
        }
        (plain, streamed) => {
            let (plain, streamed) = (plain.map(|_| ()), streamed.map(|_| ()));
            panic!("one of two: {plain:?} and {streamed:?}")
        }
    }
}

fn difference(plain: &[u8], streamed: &[u8]) -> String {
    let at = plain
        .iter()
        .zip(streamed)
        .take_while(|(a, b)| a == b)
        .count();
    let (plain, streamed) = (&plain[at..], &streamed[at..]);
    format!("from {at} on the plain one has {plain:02x?}, the other one {streamed:02x?}")
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
