//! Shorebird's pipeline, written again from how its tools behave.
//!
//! Making: bidiff with one sort partition on a thread, through a pipe into zstd at level 21 with
//! everything else as zstd has it, which makes a window of 64 MiB. Inflating: zstd on a thread, a
//! pipe that holds nothing, bipatch over a base in memory, a file; then the file is read again and
//! hashed. Where the behaviour leaves something open, the faster way is taken: writes into the
//! pipe go in messages of 8 KiB.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::contestants::{Contestant, Job, REFERENCE};
use super::measure::hashed;
use super::pipe::pipe;

/// The pipeline.
pub(super) struct Shorebird;

impl Contestant for Shorebird {
    fn name(&self) -> String {
        REFERENCE.to_owned()
    }

    fn make(&self, job: &Job) -> Result<Duration, String> {
        let start = Instant::now();
        let patch = patch(&job.base, &job.new).map_err(|error| error.to_string())?;
        std::fs::write(job.patch(), patch).map_err(|error| error.to_string())?;
        Ok(start.elapsed())
    }

    fn inflate(&self, job: &Job) -> Result<Duration, String> {
        let start = Instant::now();
        inflate(&job.base, &job.patch(), &job.output())?;
        let sha256 = hashed(&job.output()).map_err(|error| error.to_string())?;
        if sha256 != job.new_sha256 {
            return Err("the hash is another".to_owned());
        }
        Ok(start.elapsed())
    }
}

fn patch(base: &[u8], new: &[u8]) -> io::Result<Vec<u8>> {
    let (mut stream, into) = pipe();
    std::thread::scope(|scope| {
        let differ = scope.spawn(move || {
            let params = bidiff::DiffParams::new(1, None).map_err(io::Error::other)?;
            let mut into = BufWriter::with_capacity(MESSAGE_BYTES, into);
            bidiff::simple_diff_with_params(base, new, &mut into, &params)?;
            into.flush()
        });
        let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
        io::copy(&mut stream, &mut encoder)?;
        differ
            .join()
            .map_err(|_| io::Error::other("bidiff panicked"))??;
        encoder.finish()
    })
}

fn inflate(base: &[u8], patch: &Path, output: &Path) -> Result<(), String> {
    let said = |error: io::Error| error.to_string();
    let packed = BufReader::new(File::open(patch).map_err(said)?);
    let mut output = BufWriter::new(File::create(output).map_err(said)?);
    let (stream, mut into) = pipe();
    std::thread::scope(|scope| {
        // io::copy reads and writes 8 KiB at a time.
        let unpacker = scope.spawn(move || {
            let mut decoder = zstd::Decoder::with_buffer(packed)?;
            io::copy(&mut decoder, &mut into)
        });
        let reader = bipatch::Reader::new(stream, Cursor::new(base));
        let mut reader = reader.map_err(|error| error.to_string())?;
        io::copy(&mut reader, &mut output).map_err(said)?;
        drop(reader);
        let unpacked = unpacker.join().map_err(|_| "zstd panicked".to_owned())?;
        unpacked.map_err(said)?;
        output.flush().map_err(said)
    })
}

const LEVEL: i32 = 21;
const MESSAGE_BYTES: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measure::zstd_window_bytes;

    #[test]
    fn the_frame_is_the_one_that_shorebirds_devices_get() {
        let patch = patch(b"hello world", b"hello tests").unwrap();
        assert_eq!(
            patch.get(..6).unwrap(),
            [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x80]
        );
        assert_eq!(
            (zstd_window_bytes(&patch), patch.len()),
            (Some(64 << 20), 31)
        );
    }

    #[test]
    fn what_it_makes_it_inflates() {
        let folder = tempfile::tempdir().unwrap();
        let (base, new) = (
            vec![7; 100_000],
            [vec![7; 50_000], vec![8; 60_000]].concat(),
        );
        let path = folder.path().join("patch");
        std::fs::write(&path, patch(&base, &new).unwrap()).unwrap();
        let output = folder.path().join("output");
        inflate(&base, &path, &output).unwrap();
        assert!(std::fs::read(output).unwrap() == new);
    }
}
