//! What `inspect` costs beside hashing the same file: it hashes as well, so 2 is the bound and 1
//! the floor. Real artefacts; without a network and a cache it says what is missing and measures
//! the made ones only.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use patchproof_snapshot::{Engine, Snapshot};
use patchproof_testkit::{corpora, made};
use sha2::{Digest as _, Sha256};

fn inspect(criterion: &mut Criterion) {
    let made = made::example();
    one(criterion, "made snapshot", &made.release, snapshot);
    one(criterion, "made engine", &made.engine, engine);
    for (id, read) in REAL {
        match corpora::path(id)
            .map_err(|error| error.to_string())
            .and_then(|path| std::fs::read(path).map_err(|error| error.to_string()))
        {
            Ok(bytes) => one(criterion, id, &bytes, read),
            Err(error) => eprintln!("not measured: {id}: {error}"),
        }
    }
}

/// A file of the corpus, and how it is read.
type Case = (&'static str, fn(&[u8]) -> bool);

const REAL: [Case; 5] = [
    ("sass-embedded-linux-x64@1.97.2/sass.snapshot", snapshot),
    ("sass-embedded-darwin-arm64@1.104.1/sass.snapshot", snapshot),
    ("flet-desktop@0.28.2/libapp.so", snapshot),
    ("sass-embedded-linux-x64@1.97.2/dart", engine),
    ("flet-desktop@0.28.2/libflutter_linux_gtk.so", engine),
];

fn snapshot(bytes: &[u8]) -> bool {
    Snapshot::read(black_box(bytes)).is_ok()
}

fn engine(bytes: &[u8]) -> bool {
    Engine::read(black_box(bytes)).is_ok()
}

fn one(criterion: &mut Criterion, name: &str, bytes: &[u8], read: fn(&[u8]) -> bool) {
    assert!(read(bytes), "{name} is what it is called");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(
        u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    ));
    group.bench_function("hash", |bencher| {
        bencher.iter(|| Sha256::digest(black_box(bytes)))
    });
    group.bench_function("inspect", |bencher| bencher.iter(|| read(bytes)));
    group.finish();
}

criterion_group!(benches, inspect);
criterion_main!(benches);
