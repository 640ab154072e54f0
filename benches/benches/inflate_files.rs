//! Inflating as a device does it: the patch, the base and the output are files.
//!
//! The first pair has large changes, so that its records are many and short; most of the second is
//! shift. Both are real; without a network and a cache they are named and left out.

use std::fs::File;
use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use patchproof_benches::wide;
use patchproof_dart_delta::{DartDelta, KNOWN};
use patchproof_patch::{CodecChoice, Inflation, Limits, MakeOptions, make_through};
use patchproof_testkit::corpora;
use sha2::{Digest as _, Sha256};

const PAIRS: [(&str, &str, &str); 2] = [
    (
        "many short records",
        "sass-embedded-android-arm@1.93.2/sass.snapshot",
        "sass-embedded-android-arm@1.93.3/sass.snapshot",
    ),
    (
        "mostly shift",
        "sass-embedded-linux-x64@1.97.2/sass.snapshot",
        "sass-embedded-linux-x64@1.97.3/sass.snapshot",
    ),
];

fn inflate_files(criterion: &mut Criterion) {
    for (name, base, new) in PAIRS {
        match (corpora::path(base), corpora::path(new)) {
            (Ok(base), Ok(new)) => pair(criterion, name, base, new),
            (Err(why), _) | (_, Err(why)) => eprintln!("not measured: {why}"),
        }
    }
}

fn pair(criterion: &mut Criterion, name: &str, base: PathBuf, new: PathBuf) {
    let read = |path| std::fs::read(path).expect("the corpora keep it");
    let (base_bytes, new_bytes) = (read(&base), read(&new));
    let mut group = criterion.benchmark_group(name);
    group.sample_size(30);
    group.throughput(Throughput::Bytes(wide(new_bytes.len())));
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, options) in [
        ("shorebird", MakeOptions::shorebird()),
        ("zstd", MakeOptions::patchproof(CodecChoice::Zstd)),
        ("auto", MakeOptions::patchproof(CodecChoice::Auto)),
    ] {
        let made = make_through(&base_bytes, &new_bytes, options, KNOWN).expect("a real pair");
        let patch = folder.path().join(name);
        std::fs::write(&patch, made).expect("room for a patch");
        let inflation = Inflation::within(Limits::for_base(wide(base_bytes.len())))
            .over_base(Sha256::digest(&base_bytes).into())
            .with_transforms(&[&DartDelta]);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let patch = File::open(black_box(&patch)).expect("it was written");
                let base = File::open(&base).expect("the corpora keep it");
                let output = File::create(folder.path().join("output"));
                let mut output = output.expect("room for an output");
                let done = inflation.run(&patch, &base, &mut output);
                done.expect("the patch was made from this base")
            })
        });
    }
    group.finish();
}

criterion_group!(benches, inflate_files);
criterion_main!(benches);
