//! `verify-release` over real snapshots inside real containers: every link that is built, and every
//! exit code but those of statements and of our own bugs.

mod real;

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_snapshot::Snapshot;
use patchproof_testkit::corpora;
use patchproof_tests::bench::{Bench, Ran, patch};
use patchproof_tests::claims;

use crate::real::{
    ARM64, ARM64_NEXT, ARTEFACTS, Real, X64, X64_NEXT, X64_OTHER_COMPILER, X64_OTHER_HOST,
};

fn main() -> std::process::ExitCode {
    let claim = |name: &str, claim: Claim| {
        corpora::trial(name, &ARTEFACTS, move |paths| claim(&Real::read(paths)?))
    };
    let mut trials: Vec<Trial> = CLAIMS.map(|(name, body)| claim(name, body)).into();
    trials.push(corpora::trial(
        "a_real_flutter_bundle_is_verified_whole",
        &FLET,
        a_real_flutter_bundle_is_verified_whole,
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

type Claim = fn(&Real) -> Result<(), Failed>;

const CLAIMS: [(&str, Claim); 9] = claims![
    a_good_patch_is_0_in_an_apk_and_in_an_aab
    a_rebuild_of_another_host_is_1_and_is_explained
    a_changed_dex_is_1
    an_abi_without_a_patch_is_2
    another_build_id_alone_is_3_and_may_be_accepted
    the_patch_of_a_rebuild_is_5
    a_patch_that_was_cut_short_is_1
    another_compiler_is_6
    a_changed_byte_anywhere_is_never_0
];

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}

const PATCHES: [&str; 4] = [
    "--patch",
    "arm64-v8a=arm64.patch",
    "--patch",
    "x86_64=x64.patch",
];

fn verify(bench: &Bench, more: &[&str]) -> Ran {
    let named = [
        "verify-release",
        "--release",
        "release.apk",
        "--patched",
        "patched.apk",
    ];
    bench.run(&[&named[..], &PATCHES, more].concat())
}

fn check(ran: &Ran, code: i32, words: &[&str]) -> Result<(), Failed> {
    patchproof_tests::bench::check(ran, code, words);
    Ok(())
}

fn a_good_patch_is_0_in_an_apk_and_in_an_aab(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    check(&verify(&bench, &[]), 0, &["verified: 5 of 8 links"])?;
    bench.put("release.aab", &real.app(ARM64, X64).aab());
    bench.put("patched.aab", &real.app(ARM64_NEXT, X64_NEXT).aab());
    let named = [
        "verify-release",
        "--release",
        "release.aab",
        "--patched",
        "patched.aab",
    ];
    check(
        &bench.run(&[&named[..], &PATCHES].concat()),
        0,
        &["verified: 5 of 8 links"],
    )
}

fn a_rebuild_of_another_host_is_1_and_is_explained(real: &Real) -> Result<(), Failed> {
    let bench = bench();
    bench.put("release.aab", &real.app(ARM64, X64).aab());
    bench.put("rebuilt.aab", &real.app(ARM64, X64_OTHER_HOST).aab());
    let args = [
        "verify-release",
        "--release",
        "release.aab",
        "--rebuilt",
        "rebuilt.aab",
    ];
    let words = [
        "broken at rebuild (exit 1)",
        "PP401",
        "_kDartIsolateSnapshotData",
    ];
    check(&bench.run(&args), 1, &words)
}

fn a_changed_dex_is_1(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    let mut patched = real.app(ARM64_NEXT, X64_NEXT);
    patched.dex.push(b"dex\n035\0".to_vec());
    bench.put("patched.apk", &patched.apk());
    check(
        &verify(&bench, &[]),
        1,
        &["broken at surroundings", "PP501", "classes2.dex"],
    )
}

fn an_abi_without_a_patch_is_2(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    let named = [
        "verify-release",
        "--release",
        "release.apk",
        "--patched",
        "patched.apk",
    ];
    let ran = bench.run(&[&named[..], &["--patch", "x86_64=x64.patch"]].concat());
    check(&ran, 2, &["PP305", "arm64-v8a"])
}

fn another_build_id_alone_is_3_and_may_be_accepted(real: &Real) -> Result<(), Failed> {
    let bench = bench();
    let mut rebuilt = real.app(ARM64, X64);
    let libraries = rebuilt.abis.get_mut("x86_64").ok_or("it was put there")?;
    change_the_build_id(&mut libraries.dart)?;
    bench.put("release.apk", &real.app(ARM64, X64).apk());
    bench.put("rebuilt.apk", &rebuilt.apk());
    let args = [
        "verify-release",
        "--release",
        "release.apk",
        "--rebuilt",
        "rebuilt.apk",
    ];
    check(&bench.run(&args), 3, &["PP402"])?;
    let accepted = [&args[..], &["--accept", "build-id"]].concat();
    check(
        &bench.run(&accepted),
        0,
        &["PP403", "verified: 2 of 8 links"],
    )
}

/// Finds the build id by its value and changes its first byte, as a linker would change all.
fn change_the_build_id(library: &mut [u8]) -> Result<(), Failed> {
    let snapshot = Snapshot::read(library).map_err(|error| error.to_string())?;
    let id = snapshot.build_id.ok_or("this snapshot has a build id")?;
    let digits = id.as_bytes().chunks(2).map(|pair| {
        let text = String::from_utf8_lossy(pair);
        u8::from_str_radix(&text, 16).map_err(|error| error.to_string())
    });
    let id = digits.collect::<Result<Vec<u8>, String>>()?;
    let found: Vec<usize> = library
        .windows(id.len())
        .enumerate()
        .filter_map(|(at, window)| (window == id).then_some(at))
        .collect();
    let [at] = found[..] else {
        return Err(format!("the build id stands {} times in the file", found.len()).into());
    };
    let byte = library.get_mut(at).ok_or("it was found there")?;
    *byte ^= 0xff;
    Ok(())
}

fn the_patch_of_a_rebuild_is_5(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    bench.put("rebuilt.so", &real.file(X64_OTHER_HOST));
    bench.put("x64.patch", &real.patch(X64_OTHER_HOST, X64_NEXT));
    check(
        &verify(&bench, &[]),
        5,
        &["broken at base (exit 5)", "PP201"],
    )
}

fn a_patch_that_was_cut_short_is_1(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    let mut cut = real.patch(X64, X64_NEXT);
    cut.truncate(cut.len() / 2);
    bench.put("x64.patch", &cut);
    check(
        &verify(&bench, &[]),
        1,
        &["broken at inflate (exit 1)", "PP202"],
    )
}

fn another_compiler_is_6(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    bench.put(
        "patched.apk",
        &real.app(ARM64_NEXT, X64_OTHER_COMPILER).apk(),
    );
    bench.put("x64.patch", &real.patch(X64, X64_OTHER_COMPILER));
    check(
        &verify(&bench, &[]),
        6,
        &["broken at compatibility (exit 6)", "PP111", "PP121"],
    )
}

/// One byte of the released archive, at places all over it, one after another.
fn a_changed_byte_anywhere_is_never_0(real: &Real) -> Result<(), Failed> {
    let bench = real.bench();
    let good = bench.get("release.apk");
    let step = good.len() / 24;
    for at in (7..good.len()).step_by(step) {
        let mut spoiled = good.clone();
        let byte = spoiled.get_mut(at).ok_or("within the file")?;
        *byte ^= 0x10;
        bench.put("release.apk", &spoiled);
        let ran = verify(&bench, &[]);
        if ran.code == 0 || ran.code == 70 {
            return Err(format!("exit {} with byte {at} changed", ran.code).into());
        }
    }
    Ok(())
}

const FLET: [&str; 3] = [
    "flet-desktop@0.28.2/flet-linux-amd64.tar.gz",
    "flet-desktop@0.28.3/libapp.so",
    "flet-desktop@0.28.2/libapp.so",
];

/// The real bundle with its engine, assets and plugins, and the next version's library in it.
fn a_real_flutter_bundle_is_verified_whole(paths: &[PathBuf]) -> Result<(), Failed> {
    let [bundle, next, first] = paths else {
        return Err("three artefacts were asked for".into());
    };
    let bench = bench();
    for name in ["release", "patched"] {
        unpack(bundle, &bench.path(name))?;
    }
    fs::copy(next, bench.path("patched/flet/lib/libapp.so"))?;
    bench.put("one.patch", &patch(&fs::read(first)?, &fs::read(next)?));
    let args = [
        "--release",
        "release/flet",
        "--patched",
        "patched/flet",
        "--patch",
        "one.patch",
    ];
    let ran = bench.run(&[&["verify-release"], &args[..]].concat());
    check(&ran, 0, &["verified: 5 of 8 links"])?;
    fs::write(bench.path("patched/flet/data/flutter_assets/new"), "x")?;
    let ran = bench.run(&[&["verify-release"], &args[..]].concat());
    check(
        &ran,
        1,
        &["broken at surroundings", "PP504", "data/flutter_assets/new"],
    )
}

fn unpack(archive: &Path, into: &Path) -> Result<(), Failed> {
    let file = flate2::read::GzDecoder::new(fs::File::open(archive)?);
    tar::Archive::new(file).unpack(into)?;
    Ok(())
}
