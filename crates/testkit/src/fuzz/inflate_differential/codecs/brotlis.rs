//! One brotli stream by brotli's C library, and by the port to Rust.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use brotlic::decode::{BrotliDecoder, DecoderInfo};

use super::{Answer, OUTPUT_BYTES_MAX};

pub(super) fn own(stream: &[u8]) -> Answer {
    let mut decoder = BrotliDecoder::new();
    let (mut left, mut output) = (stream, Vec::new());
    let mut step = vec![0; STEP_BYTES];
    loop {
        let Ok(stepped) = decoder.decompress(left, &mut step) else {
            let at_once = output.is_empty() && stream.len() < 2;
            return Answer::refused(at_once);
        };
        left = left.get(stepped.bytes_read..).unwrap_or_default();
        output.extend_from_slice(step.get(..stepped.bytes_written).unwrap_or_default());
        if output.len() > OUTPUT_BYTES_MAX {
            return Answer::Long;
        }
        match stepped.info {
            DecoderInfo::Finished => {
                let taken_bytes = stream.len() - left.len();
                return Answer::Ended {
                    taken_bytes,
                    output,
                };
            }
            DecoderInfo::NeedsMoreInput => return Answer::refused(false),
            DecoderInfo::NeedsMoreOutput => {}
        }
    }
}

pub(super) fn port(stream: &[u8]) -> Answer {
    let heap = StandardAlloc::default;
    // What is not strict also takes windows beyond RFC 7932: C has a switch for these, this has two
    // names.
    let mut state = BrotliState::new_strict(heap(), heap(), heap());
    let (mut left_bytes, mut at) = (stream.len(), 0);
    let (mut output, mut step) = (Vec::new(), vec![0; STEP_BYTES]);
    let mut total = 0;
    loop {
        let (mut room, mut written) = (STEP_BYTES, 0);
        let result = BrotliDecompressStream(
            &mut left_bytes,
            &mut at,
            stream,
            &mut room,
            &mut written,
            &mut step,
            &mut total,
            &mut state,
        );
        output.extend_from_slice(step.get(..written).unwrap_or_default());
        if output.len() > OUTPUT_BYTES_MAX {
            return Answer::Long;
        }
        match result {
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultSuccess => {
                let taken_bytes = at;
                return Answer::Ended {
                    taken_bytes,
                    output,
                };
            }
            BrotliResult::NeedsMoreInput | BrotliResult::ResultFailure => {
                return Answer::refused(false);
            }
        }
    }
}

const STEP_BYTES: usize = 16 << 10;
