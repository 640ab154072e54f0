//! The two threads under real containers and codecs, in blocks that end inside records.

use std::io::{self, Write as _};

use sha2::{Digest as _, Sha256};

use super::every_schedule;
use super::failing::{BASE_BYTE, MADE, MadeBase, MadeOutput};
use super::made::{What, change, what};
use crate::columns::MAGIC_AND_VERSION;
use crate::header::{Codec, DeclaredBase, Header, STREAMS, StreamExtent};
use crate::limits::Limits;
use crate::source::ReadAt;
use crate::stream::Inflation;
use crate::varint;

#[test]
fn every_container_comes_out_whole_in_every_schedule() {
    pinned(&WHOLE, &small(0), |patch| Run::over(patch, What::Whole));
}

#[test]
fn what_is_wrong_at_a_containers_end_is_told_in_every_schedule() {
    pinned(&WRONG, &small(1), |patch| Run::over(patch, What::Frame));
}

#[test]
fn a_base_that_cannot_be_read_is_told_in_every_schedule_of_every_container() {
    pinned(&BASE_FAILS, &small(0), |patch| Run {
        base_fails: Some(1),
        ..Run::over(patch, What::Base)
    });
}

#[test]
fn an_output_that_cannot_be_written_is_told_in_every_schedule_of_every_container() {
    pinned(&WRITE_FAILS, &small(0), |patch| Run {
        write_fails: Some(2),
        ..Run::over(patch, What::Write)
    });
}

#[test]
fn a_patch_that_cannot_be_read_on_is_told_in_every_schedule_of_every_container() {
    pinned(&READ_FAILS, &large(), |patch| Run {
        block_bytes: 16 << 10,
        read_fails_from: 32 << 10, // a section is read in such steps, the first before the threads
        ..Run::over(patch, What::Read)
    });
}

/// One patch, and what becomes of it.
#[derive(Clone)]
struct Run {
    patch: Made,
    read_fails_from: u64,
    base_fails: Option<usize>,
    write_fails: Option<usize>,
    block_bytes: usize,
    ends: What,
}

impl Run {
    fn over(patch: &Made, ends: What) -> Self {
        Self {
            patch: patch.clone(),
            read_fails_from: u64::MAX,
            base_fails: None,
            write_fails: None,
            block_bytes: 4,
            ends,
        }
    }

    fn check(&self) {
        let patch = MadePatch {
            bytes: &self.patch.bytes,
            fails_from: self.read_fails_from,
        };
        let base = MadeBase::failing(self.patch.literals.len(), self.base_fails);
        let mut output = MadeOutput::failing(self.write_fails);
        let inflation = Inflation::within(Limits::for_base(1))
            .over_base(sha256(&base_bytes(&self.patch.literals)))
            .in_blocks_of(self.block_bytes, 1);
        let result = inflation.run(&patch, &base, &mut output);
        assert_eq!(what(&result), self.ends, "{}: {result:?}", self.patch.name);
        if result.is_ok() {
            assert_eq!(
                output.bytes,
                new_bytes(&self.patch.literals),
                "{}",
                self.patch.name
            );
        }
    }
}

fn pinned(pinned: &[&str], patches: &[Made], run: impl Fn(&Made) -> Run) {
    let found = patches.iter().map(|patch| {
        let run = run(patch);
        let count = every_schedule(move || run.check());
        format!("{}: {count}", patch.name)
    });
    let found: Vec<_> = found.collect();
    assert!(
        pinned == found,
        "the schedules were\n{}\nand are\n{}",
        pinned.join("\n"),
        found.join("\n"),
    );
}

/// A patch of one record for each run of literals: one byte of the base, changed, then these.
#[derive(Clone)]
struct Made {
    name: &'static str,
    bytes: Vec<u8>,
    literals: Vec<Vec<u8>>,
}

/// Two records of five bytes, and so much too much at the end.
fn small(too_much: usize) -> Vec<Made> {
    made(&[vec![b'a'], vec![b'b']], too_much)
}

/// Longer than what is read of a section at once, and of bytes that do not compress.
fn large() -> Vec<Made> {
    let literals = (0_u64..1250).flat_map(|seed| sha256(&seed.to_le_bytes()));
    made(&[literals.collect()], 0)
}

fn made(literals: &[Vec<u8>], too_much: usize) -> Vec<Made> {
    let made = |name, bytes| Made {
        name,
        bytes,
        literals: literals.to_vec(),
    };
    vec![
        made("shorebird", one_frame(literals, too_much)),
        made("patchproof, zstd", columns(Codec::Zstd, literals, too_much)),
        made(
            "patchproof, brotli",
            columns(Codec::Brotli, literals, too_much),
        ),
    ]
}

/// Bytes behind the frame are too much, and are seen at its end.
fn one_frame(literals: &[Vec<u8>], too_much: usize) -> Vec<u8> {
    let mut stream = MAGIC_AND_VERSION.to_vec();
    for (at, literals) in literals.iter().enumerate() {
        stream.extend([1, change(at)]);
        varint::push(&mut stream, wide(literals.len()));
        stream.extend(literals);
        varint::push(&mut stream, 0);
    }
    let mut patch = zstd::bulk::compress(&stream, 1).unwrap();
    patch.extend(std::iter::repeat_n(0, too_much));
    patch
}

/// Declared literals that no stream has are too much, and are seen at the end of the records.
fn columns(codec: Codec, literals: &[Vec<u8>], too_much: usize) -> Vec<u8> {
    let mut control = Vec::new();
    for literals in literals {
        control.push(1);
        varint::push(&mut control, wide(literals.len()));
        control.push(0);
    }
    let changes: Vec<_> = (0..literals.len()).map(change).collect();
    let streams = [control, vec![0; literals.len()], changes, literals.concat()];
    let packed = streams.each_ref().map(|stream| pack(codec, stream));
    let mut extents = [StreamExtent::default(); STREAMS];
    for ((extent, stream), packed) in extents.iter_mut().zip(&streams).zip(&packed) {
        extent.packed_bytes = wide(packed.len());
        extent.decoded_bytes = wide(stream.len());
    }
    extents[3].decoded_bytes += wide(too_much);
    let (base, new) = (base_bytes(literals), new_bytes(literals));
    let header = Header {
        codec,
        transform: 0,
        base: DeclaredBase::File {
            length_bytes: wide(base.len()),
            sha256: sha256(&base),
        },
        output_bytes: wide(new.len()),
        output_sha256: sha256(&new),
        streams: extents,
    };
    [header.bytes(), packed.concat()].concat()
}

fn pack(codec: Codec, stream: &[u8]) -> Vec<u8> {
    if codec == Codec::Zstd {
        return zstd::bulk::compress(stream, 1).unwrap();
    }
    let window = brotlic::WindowSize::new(16).unwrap();
    let encoder = brotlic::BrotliEncoderOptions::new()
        .window_size(window)
        .build()
        .unwrap();
    let mut writer = brotlic::CompressorWriter::with_encoder(encoder, Vec::new());
    writer.write_all(stream).unwrap();
    writer.into_inner().unwrap()
}

fn base_bytes(literals: &[Vec<u8>]) -> Vec<u8> {
    vec![BASE_BYTE; literals.len()]
}

fn new_bytes(literals: &[Vec<u8>]) -> Vec<u8> {
    let records = literals.iter().enumerate();
    let bytes = |(at, literals): (usize, &Vec<u8>)| {
        [&[BASE_BYTE + change(at)], literals.as_slice()].concat()
    };
    records.flat_map(bytes).collect()
}

/// A patch that can be read up to some byte.
struct MadePatch<'a> {
    bytes: &'a [u8],
    fails_from: u64,
}

impl ReadAt for MadePatch<'_> {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        if offset >= self.fails_from {
            return Err(io::Error::other(MADE));
        }
        self.bytes.read_exact_at(buffer, offset)
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}

const WHOLE: [&str; 3] = [
    "shorebird: 9828",
    "patchproof, zstd: 9828",
    "patchproof, brotli: 9828",
];
const WRONG: [&str; 3] = [
    "shorebird: 684",
    "patchproof, zstd: 684",
    "patchproof, brotli: 684",
];
const BASE_FAILS: [&str; 3] = [
    "shorebird: 2040",
    "patchproof, zstd: 2040",
    "patchproof, brotli: 2040",
];
const WRITE_FAILS: [&str; 3] = [
    "shorebird: 2040",
    "patchproof, zstd: 2040",
    "patchproof, brotli: 2040",
];
const READ_FAILS: [&str; 3] = [
    "shorebird: 4",
    "patchproof, zstd: 48",
    "patchproof, brotli: 48",
];
