//! What `verify-release` costs over a release of three ABIs with libraries of 18 MB, beside what
//! nobody can leave out: unpacking and hashing every part of both archives, and inflating each
//! patch by both decoders. The bound is 1.5 times that.
//!
//! The library of flet-desktop stands for each ABI; its engine lies beside it. Without a network
//! and a cache it says what is missing and measures nothing.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use patchproof_archive::Release;
use patchproof_patch::{Limits, inflate, make};
use patchproof_report::{Link, LinkId, LinkState};
use patchproof_testkit::corpora;
use patchproof_testkit::made::{MadeApp, MadeLibraries};
use patchproof_verify::{Build, Input, Inputs, LabelledPatch, verify_release};
use tempfile::TempDir;

/// A release, its patched build, and one patch for all ABIs, since their libraries are the same.
struct Files {
    folder: TempDir,
    base: Vec<u8>,
    patch: Vec<u8>,
}

fn verify(criterion: &mut Criterion) {
    let files = match files() {
        Ok(files) => files,
        Err(why) => {
            eprintln!("not measured: {why}");
            return;
        }
    };
    let mut group = criterion.benchmark_group("three ABIs of 18 MB");
    group.sample_size(10);
    group.bench_function("unpack and hash the parts", |bencher| {
        bencher.iter(|| unpack_and_hash(&files))
    });
    group.bench_function("the same, and inflate the patches", |bencher| {
        bencher.iter(|| {
            unpack_and_hash(&files);
            in_two_threads(&[(); ABIS.len()], |()| inflate_once(&files));
        })
    });
    group.bench_function("verify-release without patches", |bencher| {
        let mut inputs = Inputs::new(open(&files, "release.apk"));
        inputs.rebuilt = Some(open(&files, "rebuilt.apk"));
        bencher.iter(|| assert_eq!(held(&inputs, LinkId::Rebuild), ABIS.len()))
    });
    group.bench_function("verify-release with patches", |bencher| {
        let inputs = with_patches(&files);
        bencher.iter(|| assert_eq!(held(&inputs, LinkId::Inflate), ABIS.len()))
    });
    group.finish();
}

fn files() -> Result<Files, String> {
    let read = |id: &str| {
        let path = corpora::path(id).map_err(|error| error.to_string())?;
        std::fs::read(path).map_err(|error| error.to_string())
    };
    let base = read("flet-desktop@0.28.2/libapp.so")?;
    let new = read("flet-desktop@0.28.3/libapp.so")?;
    let engine = read("flet-desktop@0.28.2/libflutter_linux_gtk.so")?;
    let patch = make(&base, &new, 3).map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, library) in [
        ("release.apk", &base),
        ("rebuilt.apk", &base),
        ("patched.apk", &new),
    ] {
        let bytes = app(library, &engine).apk();
        std::fs::write(folder.path().join(name), bytes).map_err(|error| error.to_string())?;
    }
    Ok(Files {
        folder,
        base,
        patch,
    })
}

/// Every folder holds the library for x86-64, which `artefact` says and nothing else minds.
fn app(library: &[u8], engine: &[u8]) -> MadeApp {
    let mut app = MadeApp::new();
    app.libraries_deflated = true;
    app.abis.clear();
    for abi in ABIS {
        let mut libraries = MadeLibraries::default();
        libraries.dart = library.to_vec();
        libraries.engine = engine.to_vec();
        app.abis.insert(abi.to_owned(), libraries);
    }
    app
}

fn unpack_and_hash(files: &Files) {
    let names = ["release.apk", "patched.apk"];
    in_two_threads(&names, |name| {
        let release = Release::open(&path(files, name)).expect("it was just written");
        for part in release.parts() {
            black_box(release.sha256(part).expect("it was just written"));
        }
    });
}

fn inflate_once(files: &Files) {
    let limits = Limits::for_base(u64::try_from(files.base.len()).unwrap_or(u64::MAX));
    let output = inflate(&files.base, &files.patch, limits);
    black_box(output.expect("the patch was made from this base"));
}

/// As parallel as verify-release is, so that the ratio compares work and not cores.
fn in_two_threads<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let (first, second) = items.split_at(items.len().div_ceil(2));
    std::thread::scope(|scope| {
        scope.spawn(|| second.iter().for_each(&work));
        first.iter().for_each(&work);
    });
}

/// Verifies, and answers for how many ABIs a link held.
fn held(inputs: &Inputs, id: LinkId) -> usize {
    let report = verify_release(black_box(inputs));
    let held = |link: &&Link| link.id == id && link.state == LinkState::Held;
    report.links().iter().filter(held).count()
}

fn with_patches(files: &Files) -> Inputs {
    let mut inputs = Inputs::new(open(files, "release.apk"));
    inputs.patched = Some(open(files, "patched.apk"));
    let patch = |abi: &str| {
        let file = Input::new("the patch", Ok(files.patch.clone()));
        LabelledPatch::new(Some(abi.to_owned()), file)
    };
    inputs.patches = ABIS.map(patch).into();
    inputs
}

fn open(files: &Files, name: &str) -> Build {
    Build::new(name, Release::open(&path(files, name)))
}

fn path(files: &Files, name: &str) -> PathBuf {
    Path::new(files.folder.path()).join(name)
}

const ABIS: [&str; 3] = ["arm64-v8a", "armeabi-v7a", "x86_64"];

criterion_group!(benches, verify);
criterion_main!(benches);
