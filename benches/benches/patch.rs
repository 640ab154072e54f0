//! What each step of making and inflating a patch costs, beside what devices do today.
//!
//! One pair is made here: a library and its next version, with code that moved. The other is real
//! and 5 MB long; without a network and a cache it is named and left out.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use patchproof_benches::wide;
use patchproof_patch::stages::{self, Columns, Found};
use patchproof_patch::{
    Codec, CodecChoice, Inflation, Limits, MakeOptions, make_with, plain, reference,
};
use patchproof_testkit::corpora;
use sha2::{Digest as _, Sha256};

/// A base and what comes after it.
struct Pair {
    base: Vec<u8>,
    new: Vec<u8>,
}

fn patch(criterion: &mut Criterion) {
    all(criterion, "made pair", &made());
    match real() {
        Ok(pair) => all(criterion, "real pair", &pair),
        Err(why) => eprintln!("not measured: {why}"),
    }
}

fn all(criterion: &mut Criterion, name: &str, pair: &Pair) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    group.throughput(Throughput::Bytes(wide(pair.new.len())));
    let found = stages::search(&pair.base, &pair.new);
    let columns = stages::columns(&pair.base, &pair.new, &found);
    group.bench_function("index and search", |bencher| {
        bencher.iter(|| -> Found { stages::search(black_box(&pair.base), &pair.new) })
    });
    group.bench_function("columns", |bencher| {
        bencher.iter(|| -> Columns { stages::columns(&pair.base, &pair.new, black_box(&found)) })
    });
    group.bench_function("pack with zstd", |bencher| {
        bencher.iter(|| stages::pack(black_box(&columns), Codec::Zstd).expect("into memory"))
    });

    let made = |options| make_with(&pair.base, &pair.new, options).expect("the pair is small");
    let shorebird = made(MakeOptions::shorebird());
    let patchproof = made(MakeOptions::patchproof(CodecChoice::Zstd));
    let limits = Limits::for_base(wide(pair.base.len()));
    for (name, patch) in [("shorebird", &shorebird), ("patchproof", &patchproof)] {
        group.bench_function(format!("stream {name}"), |bencher| {
            let base_sha256 = Sha256::digest(&pair.base).into();
            let inflation = Inflation::within(limits).over_base(base_sha256);
            bencher.iter(|| {
                let mut output = Vec::with_capacity(pair.new.len());
                let done = inflation.run(black_box(patch), &pair.base, &mut output);
                done.expect("the patch was made from this base")
            })
        });
        group.bench_function(format!("plain {name}"), |bencher| {
            bencher.iter(|| plain::inflate(&pair.base, black_box(patch), limits))
        });
    }
    group.bench_function("reference and hash", |bencher| {
        bencher.iter(|| {
            let output = reference(&pair.base, black_box(&shorebird), limits);
            Sha256::digest(output.expect("the patch was made from this base"))
        })
    });
    group.finish();
}

/// A mebibyte of words that repeat here and there; the next version has blocks in another order,
/// and every so often another word.
fn made() -> Pair {
    let mut state = 1_u64;
    let mut word = || {
        // Knuth's linear congruential generator: the same bytes in every run.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u16::try_from(state >> 52).unwrap_or_default()
    };
    let base: Vec<u8> = (0..MADE_WORDS).flat_map(|_| word().to_le_bytes()).collect();
    let mut blocks: Vec<&[u8]> = base.chunks(BLOCK_BYTES).collect();
    blocks.rotate_left(3);
    let mut new = blocks.concat();
    for byte in new.iter_mut().step_by(301) {
        *byte = byte.wrapping_add(4);
    }
    Pair { base, new }
}

fn real() -> Result<Pair, String> {
    let read = |id: &str| {
        let path = corpora::path(id).map_err(|error| error.to_string())?;
        std::fs::read(path).map_err(|error| error.to_string())
    };
    Ok(Pair {
        base: read("sass-embedded-linux-x64@1.97.2/sass.snapshot")?,
        new: read("sass-embedded-linux-x64@1.97.3/sass.snapshot")?,
    })
}

const MADE_WORDS: usize = 1 << 19;
const BLOCK_BYTES: usize = 1 << 16;

criterion_group!(benches, patch);
criterion_main!(benches);
