//! Small files that decode to very much.

use std::io::{self, Write};

use libtest_mimic::Failed;
use patchproof_testkit::made;
use patchproof_tests::patches::{Columns, number, sha256};

/// One frame of these bytes and so many zeros.
pub(crate) fn zeros_in_a_frame(start: &[u8], zeros: u64) -> io::Result<Vec<u8>> {
    let mut frame = zstd::Encoder::new(Vec::new(), 1)?;
    frame.write_all(start)?;
    made::zeros(zeros).try_for_each(|piece| frame.write_all(piece))?;
    frame.finish()
}

/// A patch whose literals are zeros, which says how many they are.
pub(crate) fn column_bomb(codec: u8, zeros: u64, said: u64) -> Result<Vec<u8>, Failed> {
    let literals = match codec {
        1 => zeros_in_a_frame(&[], zeros)?,
        _ => brotli_zeros(zeros)?,
    };
    let control = [&[0][..], &number(said), &[0]].concat();
    let columns = [control, Vec::new(), Vec::new(), vec![1]];
    let mut patch = Columns::new(codec, None, &[], columns.clone());
    patch.output = (said, sha256(b"nobody comes to ask"));
    let control = patchproof_tests::patches::packed(codec, &columns[0]);
    let mut built = patch.around(&[control, Vec::new(), Vec::new(), literals]);
    let place = built.get_mut(152..160).ok_or("a header has 176 bytes")?;
    place.copy_from_slice(&said.to_le_bytes());
    Ok(built)
}

fn brotli_zeros(zeros: u64) -> io::Result<Vec<u8>> {
    let options = brotlic::BrotliEncoderOptions::new()
        .quality(brotlic::Quality::new(2).map_err(io::Error::other)?)
        .window_size(brotlic::WindowSize::new(21).map_err(io::Error::other)?)
        .build()
        .map_err(io::Error::other)?;
    let mut writer = brotlic::CompressorWriter::with_encoder(options, Vec::new());
    made::zeros(zeros).try_for_each(|piece| writer.write_all(piece))?;
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// Packed streams of which only the first is there.
pub(crate) fn control_only(control: &[u8]) -> [Vec<u8>; 4] {
    [control.to_vec(), Vec::new(), Vec::new(), Vec::new()]
}
