//! The decoders of a patch: the plain one, the streaming one, and the one on devices.

use patchproof_patch::{InflateError, Inflation, Limit, Malformed, StreamError, plain, reference};

use super::codecs;
use crate::fuzz::Reached;
use crate::fuzz::patch_case::{Case, limits};

pub(super) fn run(data: &[u8]) -> Reached {
    let Some(Case { base, patch }) = Case::of(data) else {
        return Reached::Surface;
    };
    let plainly = plain::inflate(&base, &patch, limits());
    hold_together(&plainly, &streamed(&base, &patch), &STREAMING);
    if !patch.starts_with(b"\x89PPAT") {
        hold_together(&plainly, &reference(&base, &patch, limits()), &DEVICES);
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
    /// Whether it may refuse, with this error, what the plain one takes.
    may_refuse: fn(&InflateError) -> bool,
    /// Whether it may take what the plain one refuses with this error.
    may_take: fn(&InflateError) -> bool,
}

static STREAMING: Beside = Beside {
    name: "the streaming decoder",
    may_refuse: ruzstd_takes_what_zstd_calls_corrupt,
    may_take: zstd_leaves_the_end_of_literals_unread,
};

static DEVICES: Beside = Beside {
    name: "the decoder on devices",
    may_refuse: ruzstd_takes_what_zstd_calls_corrupt,
    may_take: bipatch_takes_what_is_refused_here,
};

/// A row of `docs/divergences.md`: some blocks that zstd refuses are unpacked by ruzstd.
fn ruzstd_takes_what_zstd_calls_corrupt(other: &InflateError) -> bool {
    matches!(other, InflateError::Malformed(Malformed::Frame(_)))
}

/// A row of `docs/divergences.md`: zstd does not look whether a stream of literals holds more than
/// is asked for.
fn zstd_leaves_the_end_of_literals_unread(plainly: &InflateError) -> bool {
    match plainly {
        InflateError::Malformed(Malformed::Frame(what)) => {
            codecs::zstd_leaves_the_end_of_literals_unread(what)
        }
        _ => false,
    }
}

/// The first table of `docs/divergences.md`: second forms of a patch, and bytes that nothing looks
/// at.
fn bipatch_takes_what_is_refused_here(plainly: &InflateError) -> bool {
    match plainly {
        InflateError::Malformed(Malformed::Frame(what)) => {
            what.contains("skippable") || zstd_leaves_the_end_of_literals_unread(plainly)
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

/// Panics where the two answers differ in a way that is not legal.
fn hold_together(plainly: &Answer, other: &Answer, decoder: &Beside) {
    let name = decoder.name;
    match (plainly, other) {
        (Ok(plainly), Ok(other)) => {
            assert!(
                plainly == other,
                "{name} gives other bytes than the plain one"
            );
        }
        (Ok(_), Err(error)) => {
            let legal = (decoder.may_refuse)(error);
            assert!(legal, "{name} refuses what the plain one takes: {error}");
        }
        (Err(error), Ok(_)) => {
            let legal = (decoder.may_take)(error);
            assert!(legal, "{name} takes what the plain one refuses: {error}");
        }
        (Err(_), Err(_)) => {}
    }
}

fn streamed(base: &[u8], patch: &[u8]) -> Answer {
    let mut output = Vec::new();
    match Inflation::within(limits()).run(&patch, &base, &mut output) {
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
        hold_together(&Ok(vec![1]), &Ok(vec![2]), &STREAMING);
    }

    #[test]
    #[should_panic(expected = "takes what the plain one refuses")]
    fn a_streaming_decoder_that_is_laxer_is_found() {
        hold_together(&refused(), &Ok(vec![]), &STREAMING);
    }

    #[test]
    #[should_panic(expected = "refuses what the plain one takes")]
    fn a_streaming_decoder_that_is_stricter_is_found() {
        hold_together(&Ok(vec![]), &refused(), &STREAMING);
    }

    #[test]
    fn what_bipatch_is_known_to_take_is_legal() {
        hold_together(&refused(), &Ok(vec![]), &DEVICES);
    }
}
