//! The Dart-aware transform's memory, counted: over real patches at most twice the file, with a
//! scratch file a fraction of it, and over streams that lie no more than what they are worth.

mod large;
mod lies;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use patchproof_dart_delta::{DartDelta, ID, KNOWN};
use patchproof_patch::{CodecChoice, Header, Inflation, Limits, MakeOptions, make_through};
use patchproof_testkit::corpora;
use patchproof_testkit::made::Shifted;
use patchproof_tests::trials::{held, one_by_one, same};

use crate::lies::LIES;

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    let mut trials = vec![
        Trial::test(
            "a_made_patch_holds_less_than_twice_the_file_and_with_a_scratch_file_a_fraction",
            made,
        ),
        Trial::test(
            "a_stream_over_its_limit_is_refused_before_it_is_decoded",
            over_the_limit,
        ),
    ];
    for (name, lie) in LIES {
        trials.push(Trial::test(*name, move || lie().is_refused(&HEAP)));
    }
    let name = "a_real_patch_holds_less_than_twice_the_file_and_with_a_scratch_file_a_fraction";
    trials.push(corpora::trial(name, &PAIR, real));
    one_by_one(trials)
}

type Answer = Result<(), Failed>;

fn made() -> Answer {
    let shifted = Shifted::of_ids(1 << 20);
    let folder = tempfile::tempdir()?;
    let (base, patch) = (folder.path().join("base"), folder.path().join("patch"));
    std::fs::write(&base, &shifted.base)?;
    std::fs::write(&patch, &shifted.patch)?;
    let file_bytes = shifted.base.len();
    drop(shifted);
    within(&base, &patch, file_bytes, folder.path())
}

fn real(paths: &[PathBuf]) -> Answer {
    let [base, new] = paths else {
        return Err("two paths were asked for".into());
    };
    let folder = tempfile::tempdir()?;
    let patch_path = folder.path().join("patch");
    let file_bytes = {
        let (base, new) = (std::fs::read(base)?, std::fs::read(new)?);
        let options = MakeOptions::patchproof(CodecChoice::Auto);
        let patch = make_through(&base, &new, options, KNOWN)?;
        std::fs::write(&patch_path, patch)?;
        base.len().max(new.len())
    };
    within(base, &patch_path, file_bytes, folder.path())
}

/// Base, patch and output are files: what is held is all that an inflate takes.
fn within(base: &Path, patch: &Path, file_bytes: usize, folder: &Path) -> Answer {
    let bytes = std::fs::read(patch)?;
    let header = Header::of(&bytes).ok_or("it has no header")??;
    same(header.transform, ID)?;
    drop(bytes);
    let (base, patch) = (File::open(base)?, File::open(patch)?);
    let limits = Limits::for_base(u64::try_from(file_bytes)?);
    let known: [&dyn patchproof_patch::Transform; 1] = [&DartDelta];
    let inflation = Inflation::within(limits).with_transforms(&known);
    let (ran, in_memory) = held(&HEAP, || inflation.run(&patch, &base, &mut io::sink()));
    ran?;
    let scratch = File::options()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .open(folder.join("scratch"))?;
    let inflation = inflation.with_scratch(&scratch);
    let (ran, beside_scratch) = held(&HEAP, || inflation.run(&patch, &base, &mut io::sink()));
    ran?;
    println!("{in_memory} and {beside_scratch} bytes for a file of {file_bytes}");
    same(in_memory <= 2 * file_bytes, true)?;
    same(beside_scratch <= in_memory - file_bytes / 2, true)?;
    same(beside_scratch <= file_bytes, true)
}

fn over_the_limit() -> Answer {
    let shifted = Shifted::of_ids(20_000);
    let mut patch = shifted.patch;
    // What the last stream decodes to, in the header.
    let place = patch.get_mut(168..176).ok_or("a header has 176 bytes")?;
    let limit = Limits::transform_bytes_max(u64::try_from(shifted.base.len())?);
    place.copy_from_slice(&(limit + 1).to_le_bytes());
    let limits = Limits::for_base(u64::try_from(shifted.base.len())?);
    let known: [&dyn patchproof_patch::Transform; 1] = [&DartDelta];
    let inflation = Inflation::within(limits).with_transforms(&known);
    let (ran, held) = held(&HEAP, || {
        inflation.run(&patch, &shifted.base, &mut io::sink())
    });
    let error = ran.err().ok_or("it was taken")?.to_string();
    same(error.contains("bytes for its transform"), true)?;
    same(held <= 256 << 10, true)
}

/// The largest app of the corpus.
const PAIR: [&str; 2] = [
    "flet-desktop@0.28.2/libapp.so",
    "flet-desktop@0.28.3/libapp.so",
];
