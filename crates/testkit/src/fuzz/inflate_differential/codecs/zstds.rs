//! One zstd frame by zstd's C library, and by ruzstd.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use zstd::stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer};
use zstd::zstd_safe::DParameter;

use super::{Answer, OUTPUT_BYTES_MAX};

/// How a frame begins.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// What is said where it is.
pub(super) const CONTENT_SIZE_IS_WRONG: &str = "its content size is wrong";

/// Of the frame header descriptor: RFC 8878, 3.1.1.1.1.4.
const RESERVED_BIT: u8 = 0x08;

pub(super) fn own(frame: &[u8]) -> Answer {
    let mut decoder = Decoder::new().expect("there is memory for a decoder");
    decoder
        .set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))
        .expect("a window that zstd has");
    let mut from = InBuffer::around(frame);
    let mut output = Vec::new();
    let mut step = vec![0; STEP_BYTES];
    loop {
        let (before, mut to) = (from.pos(), OutBuffer::around(&mut step[..]));
        let hint = match decoder.run(&mut from, &mut to) {
            Ok(hint) => hint,
            Err(error) => {
                let at_once = output.is_empty() && before < HEADER_BYTES_MAX;
                let why = error.to_string();
                return Answer::Refused { at_once, why };
            }
        };
        let written = to.pos();
        output.extend_from_slice(to.as_slice());
        if output.len() > OUTPUT_BYTES_MAX {
            return Answer::Long;
        }
        if hint == 0 {
            let taken_bytes = from.pos();
            return Answer::Ended {
                taken_bytes,
                output,
            };
        }
        if written == 0 && from.pos() == before {
            return Answer::refused(false);
        }
    }
}

/// ruzstd leaves it to its caller to compare checksum and content size, and looks at no reserved
/// bit: that is done here.
pub(super) fn ruzstd(frame: &[u8]) -> Answer {
    let descriptor = frame.get(MAGIC.len()).copied().unwrap_or_default();
    if descriptor & RESERVED_BIT != 0 {
        let (at_once, why) = (true, "a reserved bit of its header is set".to_owned());
        return Answer::Refused { at_once, why };
    }
    let mut source = frame;
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(1 << WINDOW_LOG_MAX);
    if let Err(error) = decoder.reset(&mut source) {
        let (at_once, why) = (true, error.to_string());
        return Answer::Refused { at_once, why };
    }
    let mut output = Vec::new();
    while !decoder.is_finished() {
        let step = BlockDecodingStrategy::UptoBytes(STEP_BYTES);
        if let Err(error) = decoder.decode_blocks(&mut source, step) {
            let (at_once, why) = (false, error.to_string());
            return Answer::Refused { at_once, why };
        }
        output.extend(decoder.collect().unwrap_or_default());
        if output.len() + decoder.can_collect() > OUTPUT_BYTES_MAX {
            return Answer::Long;
        }
    }
    output.extend(decoder.collect().unwrap_or_default());
    let size_is_declared = descriptor & 0xe0 != 0;
    let size = u64::try_from(output.len()).unwrap_or(u64::MAX);
    let checksum = decoder.get_checksum_from_data();
    if checksum.is_some() && checksum != decoder.get_calculated_checksum() {
        return Answer::refused(false);
    }
    if size_is_declared && decoder.content_size() != size {
        let (at_once, why) = (false, CONTENT_SIZE_IS_WRONG.to_owned());
        return Answer::Refused { at_once, why };
    }
    let taken_bytes = frame.len() - source.len();
    Answer::Ended {
        taken_bytes,
        output,
    }
}

const WINDOW_LOG_MAX: u32 = 21;
const STEP_BYTES: usize = 16 << 10;
/// A frame's header has at most so many bytes.
const HEADER_BYTES_MAX: usize = 18;
