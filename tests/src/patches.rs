//! Patches of both containers, written and taken apart here from the format pages alone.
//!
//! No code of the `patch` room is used, so a test can build what that room would never write, and a
//! mistake in it is not repeated here.

use std::cell::RefCell;
use std::io::{Read as _, Write as _};

use sha2::{Digest as _, Sha256};
use zstd::zstd_safe::{CCtx, CParameter, ResetDirective};

pub use patchproof_testkit::made::number;

/// A patch in the `patchproof` container, taken apart; whatever is in it is written as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Columns {
    /// 1 zstd, 2 brotli.
    pub codec: u8,
    /// Length and SHA-256 of the base, where one is declared.
    pub base: Option<(u64, [u8; 32])>,
    /// Length and SHA-256 of the output.
    pub output: (u64, [u8; 32]),
    /// Control, gaps, changes and literals, decoded.
    pub columns: [Vec<u8>; 4],
}

impl Columns {
    /// A patch over `base` that gives `output`, if the columns do.
    #[must_use]
    pub fn new(codec: u8, base: Option<&[u8]>, output: &[u8], columns: [Vec<u8>; 4]) -> Self {
        Self {
            codec,
            base: base.map(described),
            output: described(output),
            columns,
        }
    }

    /// Takes a patch apart that is in order.
    ///
    /// # Panics
    /// Where it is not.
    #[must_use]
    pub fn of(patch: &[u8]) -> Self {
        let mut rest = patch;
        assert_eq!(take(&mut rest, 10), [&MAGIC[..], &[1, 0]].concat());
        let kind = take(&mut rest, 6);
        let (codec, has_base) = (kind.first().copied(), kind.get(1) == Some(&1));
        let base = described_here(&mut rest);
        let output = described_here(&mut rest);
        let lengths = [(); 5].map(|()| (fixed(&mut rest), fixed(&mut rest)));
        let codec = codec.expect("six bytes were taken");
        let mut columns = [const { Vec::new() }; 4];
        for (column, (packed, decoded)) in columns.iter_mut().zip(lengths) {
            *column = unpacked(codec, take(&mut rest, packed));
            assert_eq!(narrow(decoded), column.len());
        }
        Self {
            codec,
            base: has_base.then_some(base),
            output,
            columns,
        }
    }

    /// Writes it.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let packed = self
            .columns
            .clone()
            .map(|column| packed(self.codec, &column));
        self.around(&packed)
    }

    /// Writes it with streams that are packed already, whatever they hold.
    #[must_use]
    pub fn around(&self, packed: &[Vec<u8>; 4]) -> Vec<u8> {
        let mut out = [
            &MAGIC[..],
            &[1, 0, self.codec, self.base.is_some().into()],
            &[0; 4],
        ]
        .concat();
        for (length, sha256) in [self.base.unwrap_or_default(), self.output] {
            out.extend(length.to_le_bytes());
            out.extend(sha256);
        }
        for (packed, decoded) in packed.iter().zip(&self.columns) {
            out.extend(wide(packed.len()).to_le_bytes());
            out.extend(wide(decoded.len()).to_le_bytes());
        }
        out.extend([0; 16]);
        out.extend(packed.concat());
        out
    }

    /// What the columns give over a base, by the format page read as kindly as it can be: what is
    /// missing is zero, what is too much is left.
    #[must_use]
    pub fn followed(&self, base: &[u8], output_bytes_max: usize) -> Vec<u8> {
        let [mut control, mut gaps, mut changes, literals] =
            self.columns.each_ref().map(|c| &c[..]);
        let mut literals = literals;
        let (mut position, mut output) = (0_i128, Vec::new());
        let mut unchanged = loose_number(&mut gaps);
        while !control.is_empty() {
            let [add, copy, seek] = [(); 3].map(|()| loose_number(&mut control).unwrap_or(0));
            for at in 0..add {
                if output.len() > output_bytes_max {
                    return output;
                }
                let at = usize::try_from(position + i128::from(at)).ok();
                let old = at.and_then(|at| base.get(at)).copied().unwrap_or(0);
                let change = match unchanged {
                    Some(0) => {
                        unchanged = loose_number(&mut gaps);
                        changes.split_off_first().copied().unwrap_or(0)
                    }
                    _ => {
                        unchanged = unchanged.map(|left| left - 1);
                        0
                    }
                };
                output.push(old.wrapping_add(change));
            }
            let copy = usize::try_from(copy)
                .unwrap_or(usize::MAX)
                .min(literals.len());
            output.extend_from_slice(take(&mut literals, wide(copy)));
            let seek = i128::from(seek);
            let seek = if seek % 2 == 0 {
                seek / 2
            } else {
                -(seek + 1) / 2
            };
            position += i128::from(add) + seek;
        }
        output
    }
}

/// A patch in the `shorebird` container, as Shorebird's own tool makes it: bidiff, one sort
/// partition, no chunks, zstd at level 21.
///
/// # Panics
/// Where the base is empty: bidiff cannot index it.
#[must_use]
pub fn shorebirds(base: &[u8], new: &[u8]) -> Vec<u8> {
    let params = bidiff::DiffParams::new(1, None).expect("one partition is allowed");
    PACKER.with_borrow_mut(|packer| {
        packer
            .reset(ResetDirective::SessionAndParameters)
            .expect("no frame is begun");
        packer
            .set_parameter(CParameter::CompressionLevel(21))
            .expect("a level of zstd");
        let mut frame = zstd::Encoder::with_context(Vec::new(), packer);
        bidiff::simple_diff_with_params(base, new, &mut frame, &params)
            .expect("a vector is written");
        frame.finish().expect("a vector is written")
    })
}

thread_local! {
    // Level 21 has tables of hundreds of megabytes: cleared for each of many small files, that is
    // nearly all the time there is.
    static PACKER: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
}

/// A record stream with these records behind its magic number.
#[must_use]
pub fn stream(records: &[u8]) -> Vec<u8> {
    [&[0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0], records].concat()
}

/// One zstd frame.
///
/// # Panics
/// Where zstd cannot, which it can.
#[must_use]
pub fn frame(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("a vector is written")
}

/// One stream in a codec of the `patchproof` container; nothing where there is nothing.
///
/// # Panics
/// Where the codec's library cannot, which it can.
#[must_use]
pub fn packed(codec: u8, bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    if codec == 1 {
        return frame(bytes);
    }
    brotli(bytes, 5, 21)
}

/// One brotli stream.
///
/// # Panics
/// Where quality or window are not brotli's.
#[must_use]
pub fn brotli(bytes: &[u8], quality: u8, window_log: u8) -> Vec<u8> {
    let encoder = brotlic::BrotliEncoderOptions::new()
        .quality(brotlic::Quality::new(quality).expect("a quality of brotli"))
        .window_size(brotlic::WindowSize::new(window_log).expect("a window of brotli"))
        .build()
        .expect("known options");
    let mut writer = brotlic::CompressorWriter::with_encoder(encoder, Vec::new());
    writer.write_all(bytes).expect("a vector is written");
    writer.into_inner().expect("a vector is written")
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn described(bytes: &[u8]) -> (u64, [u8; 32]) {
    (wide(bytes.len()), sha256(bytes))
}

fn unpacked(codec: u8, packed: &[u8]) -> Vec<u8> {
    if packed.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let read = match codec {
        1 => zstd::Decoder::new(packed).and_then(|mut frame| frame.read_to_end(&mut out)),
        _ => brotlic::DecompressorReader::new(packed).read_to_end(&mut out),
    };
    read.expect("a stream that is in order");
    out
}

fn take<'a>(rest: &mut &'a [u8], count: u64) -> &'a [u8] {
    let (taken, left) = rest
        .split_at_checked(narrow(count))
        .expect("a patch that is in order");
    *rest = left;
    taken
}

fn fixed(rest: &mut &[u8]) -> u64 {
    let bytes = take(rest, 8).iter().rev();
    bytes.fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn described_here(rest: &mut &[u8]) -> (u64, [u8; 32]) {
    let length = fixed(rest);
    let sha256 = take(rest, 32).try_into().expect("32 bytes were taken");
    (length, sha256)
}

fn loose_number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..).step_by(7) {
        let byte = *rest.split_off_first()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            break;
        }
    }
    Some(value)
}

fn narrow(count: u64) -> usize {
    usize::try_from(count).expect("a patch of a test fits in memory")
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).expect("64 bits count every length")
}

const MAGIC: [u8; 8] = [0x89, 0x50, 0x50, 0x41, 0x54, 0x0d, 0x0a, 0x0a];
