//! What a level buys: of the `shorebird` container, and of either codec over our columns.

use std::time::{Duration, Instant};

use patchproof_patch::{CodecChoice, Limits, MakeOptions, make_with};
use patchproof_testkit::pairs::Pair;
use serde::Serialize;

use super::contestants::Job;
use super::error::BenchError;
use super::measure::{Runs, one, streams};
use super::ours::Ours;
use super::shorebird::Shorebird;
use super::statistics::{real, wide};

/// One level of the `shorebird` container.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LevelRow {
    pub(super) pair: String,
    pub(super) level: i32,
    pub(super) patch_bytes: u64,
    pub(super) make_seconds: f64,
    /// Relative to Shorebird's pipeline, measured beside.
    pub(super) size_ratio: f64,
    pub(super) make_ratio: f64,
    pub(super) window_bytes: Option<u64>,
}

/// The levels of the `shorebird` container over one pair; none where Shorebird's pipeline failed.
pub(super) fn of_shorebird(pair: &Pair, runs: Runs) -> Result<Vec<LevelRow>, BenchError> {
    let job = Job::of(pair)?;
    let Ok(reference) = one(&Shorebird, &job, runs) else {
        return Ok(Vec::new());
    };
    let row = |level| {
        let ours = Ours {
            name: String::new(),
            options: MakeOptions::shorebird().at_level(level),
        };
        let figures = one(&ours, &job, runs).ok()?;
        Some(LevelRow {
            pair: pair.name(),
            level,
            patch_bytes: figures.patch_bytes,
            make_seconds: figures.make_seconds,
            size_ratio: real(figures.patch_bytes) / real(reference.patch_bytes),
            make_ratio: figures.make_seconds / reference.make_seconds,
            window_bytes: figures.window_bytes,
        })
    };
    Ok(SHOREBIRD_LEVELS.into_iter().filter_map(row).collect())
}

/// Both codecs over the columns of one patch, each column packed by itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Codecs {
    pub(super) pair: String,
    /// Of all columns together.
    pub(super) column_bytes: u64,
    pub(super) rows: Vec<CodecRow>,
}

/// One setting of one codec.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CodecRow {
    pub(super) codec: &'static str,
    pub(super) level: i32,
    pub(super) packed_bytes: u64,
    pub(super) pack_seconds: f64,
    pub(super) unpack_seconds: f64,
}

/// Packs the columns of one pair at each setting.
pub(super) fn of_codecs(pair: &Pair, runs: Runs) -> Result<Codecs, BenchError> {
    let job = Job::of(pair)?;
    let options = MakeOptions::patchproof(CodecChoice::Zstd).at_level(1);
    let patch = make_with(&job.base, &job.new, options)?;
    let capacity = Limits::for_base(wide(job.base.len())).stream_bytes_max;
    let capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
    let packed = streams(&patch).unwrap_or_default();
    let unpacked = packed
        .iter()
        .map(|stream| zstd::bulk::decompress(stream, capacity));
    let columns = unpacked
        .collect::<Result<Vec<_>, _>>()
        .map_err(BenchError::Codec)?;
    let mut rows = Vec::new();
    for level in ZSTD_LEVELS {
        rows.push(timed("zstd", level, &columns, runs, zstd_there_and_back)?);
    }
    for quality in BROTLI_QUALITIES {
        rows.push(timed(
            "brotli",
            quality,
            &columns,
            runs,
            brotli_there_and_back,
        )?);
    }
    Ok(Codecs {
        pair: pair.name(),
        column_bytes: columns.iter().map(|column| wide(column.len())).sum(),
        rows,
    })
}

/// Packed size, and what packing and unpacking took.
type ThereAndBack = fn(&[u8], i32) -> std::io::Result<(usize, Duration, Duration)>;

fn timed(
    codec: &'static str,
    level: i32,
    columns: &[Vec<u8>],
    runs: Runs,
    work: ThereAndBack,
) -> Result<CodecRow, BenchError> {
    let mut best: Option<(usize, Duration, Duration)> = None;
    for _ in 0..runs.inflating {
        let mut sum = (0, Duration::ZERO, Duration::ZERO);
        for column in columns {
            let (bytes, pack, unpack) = work(column, level).map_err(BenchError::Codec)?;
            sum = (sum.0 + bytes, sum.1 + pack, sum.2 + unpack);
        }
        // The least of several: nothing makes such a short piece of work faster than it is.
        best = Some(best.map_or(sum, |it| (sum.0, it.1.min(sum.1), it.2.min(sum.2))));
    }
    let (bytes, pack, unpack) = best.unwrap_or_default();
    Ok(CodecRow {
        codec,
        level,
        packed_bytes: wide(bytes),
        pack_seconds: pack.as_secs_f64(),
        unpack_seconds: unpack.as_secs_f64(),
    })
}

fn zstd_there_and_back(column: &[u8], level: i32) -> std::io::Result<(usize, Duration, Duration)> {
    let start = Instant::now();
    let mut compressor = zstd::bulk::Compressor::new(level)?;
    compressor.set_parameter(zstd::zstd_safe::CParameter::WindowLog(WINDOW_LOG))?;
    let packed = compressor.compress(column)?;
    let pack = start.elapsed();
    let start = Instant::now();
    let unpacked = zstd::bulk::decompress(&packed, column.len())?;
    let unpack = start.elapsed();
    same(&unpacked, column)?;
    Ok((packed.len(), pack, unpack))
}

fn brotli_there_and_back(
    column: &[u8],
    quality: i32,
) -> std::io::Result<(usize, Duration, Duration)> {
    use std::io::{Error, Read as _, Write as _};
    let quality = u8::try_from(quality).map_err(Error::other)?;
    let window = u8::try_from(WINDOW_LOG).map_err(Error::other)?;
    let start = Instant::now();
    let encoder = brotlic::BrotliEncoderOptions::new()
        .quality(brotlic::Quality::new(quality).map_err(Error::other)?)
        .window_size(brotlic::WindowSize::new(window).map_err(Error::other)?)
        .size_hint(u32::try_from(column.len()).unwrap_or(u32::MAX))
        .build()
        .map_err(Error::other)?;
    let mut writer = brotlic::CompressorWriter::with_encoder(encoder, Vec::new());
    writer.write_all(column)?;
    let packed = writer
        .into_inner()
        .map_err(|error| Error::other(error.to_string()))?;
    let pack = start.elapsed();
    let start = Instant::now();
    let mut unpacked = Vec::with_capacity(column.len());
    brotlic::DecompressorReader::new(packed.as_slice()).read_to_end(&mut unpacked)?;
    let unpack = start.elapsed();
    same(&unpacked, column)?;
    Ok((packed.len(), pack, unpack))
}

fn same(unpacked: &[u8], column: &[u8]) -> std::io::Result<()> {
    let wrong = || std::io::Error::other("a codec did not give back what it was given");
    if unpacked == column {
        Ok(())
    } else {
        Err(wrong())
    }
}

const SHOREBIRD_LEVELS: [i32; 9] = [1, 3, 6, 9, 12, 15, 17, 19, 21];
const ZSTD_LEVELS: [i32; 5] = [3, 9, 15, 19, 21];
const BROTLI_QUALITIES: [i32; 3] = [5, 9, 11];
/// As both codecs have it in a patch.
const WINDOW_LOG: u32 = 21;
