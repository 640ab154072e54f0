//! The decoders of a patch: the plain one, the streaming one, and the one on devices.

use patchproof_dart_delta::{DartDelta, PlainDartDelta};
use patchproof_patch::{InflateError, Inflation, Limit, Malformed, StreamError, plain, reference};

use super::codecs::{the_zstd_libraries_differ, zstd_is_laxer};
use crate::fuzz::Reached;
use crate::fuzz::patch_case::{Case, limits};

pub(super) fn run(data: &[u8]) -> Reached {
    let Some(Case { base, patch }) = Case::of(data) else {
        return Reached::Surface;
    };
    let plainly = plain::inflate_through(&base, &patch, limits(), &[&PlainDartDelta]);
    hold_together(&patch, &plainly, &streamed(&base, &patch), &STREAMING);
    if !patch.starts_with(b"\x89PPAT") {
        let device = reference(&base, &patch, limits());
        hold_together(&patch, &plainly, &device, &DEVICES);
    }
    match plainly {
        Err(InflateError::Malformed(
            Malformed::Frame(_) | Malformed::Header(_) | Malformed::Magic { .. },
        )) => Reached::Surface,
        _ => Reached::Depth,
    }
}

type Answer = Result<Vec<u8>, InflateError>;

/// A decoder beside the plain one, and the differences from it that are known and legal.
struct Beside {
    name: &'static str,
    /// Whether it may take what the plain one refuses with this error.
    may_take: fn(&InflateError) -> bool,
}

static STREAMING: Beside = Beside {
    name: "the streaming decoder",
    may_take: |_| false,
};

static DEVICES: Beside = Beside {
    name: "the decoder on devices",
    may_take: bipatch_takes_what_is_refused_here,
};

/// The first table of `docs/divergences.md`: second forms of a patch, and bytes that nothing looks
/// at.
fn bipatch_takes_what_is_refused_here(plainly: &InflateError) -> bool {
    match plainly {
        InflateError::Malformed(Malformed::Frame(what)) => {
            // Of a frame that is cut as well, the zstd libraries alone would both say no.
            let cut = what.contains("ends inside the frame");
            cut || what.contains("skippable") || zstd_is_laxer(what)
        }
        InflateError::Malformed(
            Malformed::Truncated { .. }
            | Malformed::Varint { .. }
            | Malformed::Seek { .. }
            | Malformed::TrailingBytes(_),
        )
        | InflateError::OverLimit {
            limit: Limit::Records | Limit::WindowBytes,
            ..
        } => true,
        _ => false,
    }
}

/// Panics where the two answers differ in a way that is not legal: by the decoder, or because the
/// zstd libraries below the two differ.
fn hold_together(patch: &[u8], plainly: &Answer, other: &Answer, decoder: &Beside) {
    let (legal, what) = match (plainly, other) {
        (Ok(plainly), Ok(other)) => (plainly == other, "gives other bytes than the plain one"),
        (Ok(_), Err(_)) => (false, "refuses what the plain one takes"),
        (Err(error), Ok(_)) => (
            (decoder.may_take)(error),
            "takes what the plain one refuses",
        ),
        (Err(_), Err(_)) => (true, ""),
    };
    let error = [plainly, other]
        .into_iter()
        .find_map(|it| it.as_ref().err());
    assert!(
        legal || the_zstd_libraries_differ(patch),
        "{} {what}: {error:?}",
        decoder.name
    );
}

fn streamed(base: &[u8], patch: &[u8]) -> Answer {
    let mut output = Vec::new();
    let inflation = Inflation::within(limits()).with_transforms(&[&DartDelta]);
    match inflation.run(&patch, &base, &mut output) {
        Ok(inflated) => {
            let length = u64::try_from(output.len()).unwrap_or(u64::MAX);
            assert_eq!(inflated.output_bytes, length, "it counts what it writes");
            Ok(output)
        }
        Err(StreamError::Inflate(error)) => Err(error),
        Err(other) => unreachable!("slices are read and a vector is written: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Answer {
        Err(InflateError::Malformed(Malformed::Truncated {
            record_at: 8,
        }))
    }

    #[test]
    #[should_panic(expected = "gives other bytes")]
    fn other_bytes_are_found() {
        hold_together(b"", &Ok(vec![1]), &Ok(vec![2]), &STREAMING);
    }

    #[test]
    #[should_panic(expected = "takes what the plain one refuses")]
    fn a_streaming_decoder_that_is_laxer_is_found() {
        hold_together(b"", &refused(), &Ok(vec![]), &STREAMING);
    }

    #[test]
    #[should_panic(expected = "refuses what the plain one takes")]
    fn a_streaming_decoder_that_is_stricter_is_found() {
        hold_together(b"", &Ok(vec![]), &refused(), &STREAMING);
    }

    #[test]
    fn what_bipatch_is_known_to_take_is_legal() {
        hold_together(b"", &refused(), &Ok(vec![]), &DEVICES);
    }
}
