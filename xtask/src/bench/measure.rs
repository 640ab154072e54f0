//! Lets each contestant make and inflate a pair's patch, and checks what comes out.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use patchproof_patch::{Codec, Limits, describe};
use patchproof_testkit::pairs::Pair;
use sha2::{Digest as _, Sha256};

use super::contestants::{Contestant, Job};
use super::error::BenchError;
use super::progress::Progress;
use super::results::{Cell, Figures, PairResult};
use super::statistics::{median, wide};

/// How often each thing is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs {
    pub(super) making: u16,
    pub(super) inflating: u16,
}

impl Runs {
    pub(super) fn from_asked(asked: Option<u16>) -> Self {
        Self {
            making: asked.unwrap_or(1),
            inflating: asked.unwrap_or(3),
        }
    }
}

/// All contestants over one pair.
pub(super) fn pair(
    pair: &Pair,
    contestants: &[Box<dyn Contestant>],
    runs: Runs,
    progress: &Progress,
) -> Result<PairResult, BenchError> {
    let job = Job::of(pair)?;
    let mut cells = Vec::new();
    for contestant in contestants {
        progress.say(&format!("{}: {}", pair.name(), contestant.name()));
        let outcome = one(contestant.as_ref(), &job, runs);
        cells.push(Cell::new(contestant.name(), outcome));
        progress.step();
    }
    Ok(PairResult {
        package: pair.base.package.clone(),
        from: pair.base.version.clone(),
        to: pair.new.version.clone(),
        base_bytes: wide(job.base.len()),
        new_bytes: wide(job.new.len()),
        cells,
    })
}

/// The figures of one contestant, or why there are none. An output that is not the new file is
/// never a figure.
pub(super) fn one(contestant: &dyn Contestant, job: &Job, runs: Runs) -> Result<Figures, Why> {
    let making = repeated(runs.making, || contestant.make(job))?;
    let inflating = repeated(runs.inflating, || contestant.inflate(job))?;
    let read = |path: &Path| std::fs::read(path).map_err(|error| Why::Failed(error.to_string()));
    if read(&job.output())? != job.new {
        return Err(Why::WrongOutput);
    }
    let patch = read(&job.patch())?;
    Ok(Figures {
        patch_bytes: wide(patch.len()),
        make_seconds: making.as_secs_f64(),
        inflate_seconds: inflating.as_secs_f64(),
        window_bytes: window_bytes(&patch),
    })
}

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Why {
    #[error("{0}")]
    Failed(String),
    #[error("its output is not the new file")]
    WrongOutput,
}

fn repeated(
    runs: u16,
    mut work: impl FnMut() -> Result<Duration, String>,
) -> Result<Duration, Why> {
    let times = (0..runs).map(|_| work()).collect::<Result<Vec<_>, _>>();
    let times = times.map_err(Why::Failed)?;
    median(times).ok_or_else(|| Why::Failed("it was not run".to_owned()))
}

/// The SHA-256 of a file, by reading it.
pub(super) fn hashed(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

/// The largest window that a device must hold to inflate one of the two containers; `None` for
/// what is neither, or has brotli inside.
fn window_bytes(patch: &[u8]) -> Option<u64> {
    if let Some(window) = zstd_window_bytes(patch) {
        return Some(window);
    }
    let streams = streams(patch)?;
    streams
        .iter()
        .filter_map(|stream| zstd_window_bytes(stream))
        .max()
}

/// The streams of a `patchproof` patch, packed, without the empty ones.
pub(super) fn streams(patch: &[u8]) -> Option<Vec<&[u8]>> {
    let header = describe(patch, Limits::for_base(1 << 30)).ok()?.header?;
    let (_, mut rest) = patch.split_at_checked(PATCHPROOF_HEADER_BYTES)?;
    let mut streams = Vec::new();
    for extent in header.streams {
        let (stream, behind) = rest.split_at_checked(usize::try_from(extent.packed_bytes).ok()?)?;
        rest = behind;
        if !stream.is_empty() && header.codec == Codec::Zstd {
            streams.push(stream);
        }
    }
    Some(streams)
}

/// What a zstd frame's header asks for (RFC 8878, 3.1.1.1).
pub(super) fn zstd_window_bytes(frame: &[u8]) -> Option<u64> {
    let [0x28, 0xb5, 0x2f, 0xfd, descriptor, rest @ ..] = frame else {
        return None;
    };
    if descriptor & SINGLE_SEGMENT == 0 {
        let byte = rest.first()?;
        let base = 1_u64 << (10 + (byte >> 3));
        return Some(base + base / 8 * u64::from(byte & 7));
    }
    // Then the window is the content, whose size stands in 1, 2, 4 or 8 bytes.
    let dictionary_bytes = [0, 1, 2, 4].get(usize::from(descriptor & 3)).copied()?;
    let size_bytes = 1_usize << (descriptor >> 6);
    let size = rest.get(dictionary_bytes..)?.get(..size_bytes)?;
    let value = size
        .iter()
        .rev()
        .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    Some(if size_bytes == 2 { value + 256 } else { value })
}

const SINGLE_SEGMENT: u8 = 1 << 5;
const PATCHPROOF_HEADER_BYTES: usize = 176;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_of_a_streamed_frame_is_read_off_its_descriptor() {
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68, 0];
        assert_eq!(zstd_window_bytes(&frame), Some(8 << 20));
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x69, 0];
        assert_eq!(zstd_window_bytes(&frame), Some(9 << 20));
    }

    #[test]
    fn the_window_of_a_single_segment_is_its_content() {
        let frame = zstd::bulk::compress(&[1; 1000], 3).unwrap();
        assert_eq!(zstd_window_bytes(&frame), Some(1000));
    }

    #[test]
    fn what_is_no_frame_has_no_window() {
        assert_eq!(window_bytes(b"BSDIFF40"), None);
    }

    #[test]
    fn an_output_that_is_not_the_new_file_has_no_figures() {
        struct Liar;
        impl Contestant for Liar {
            fn name(&self) -> String {
                "liar".to_owned()
            }
            fn make(&self, job: &Job) -> Result<Duration, String> {
                std::fs::write(job.patch(), b"x").unwrap();
                Ok(Duration::from_millis(1))
            }
            fn inflate(&self, job: &Job) -> Result<Duration, String> {
                std::fs::write(job.output(), b"something else").unwrap();
                Ok(Duration::from_millis(1))
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let build = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, name).unwrap();
            patchproof_testkit::pairs::Build {
                package: "a".to_owned(),
                version: name.to_owned(),
                path,
                size_bytes: 1,
                snapshot_version: String::new(),
                runtime: None,
            }
        };
        let pair = Pair {
            base: build("1"),
            new: build("2"),
        };
        let job = Job::of(&pair).unwrap();
        let outcome = one(&Liar, &job, Runs::from_asked(None));
        assert_eq!(outcome.unwrap_err(), Why::WrongOutput);
    }
}
