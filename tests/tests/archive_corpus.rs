//! Real snapshots in made releases: out comes what was put in, and it is still that snapshot.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_archive::{Abi, Release, Role, Shape};
use patchproof_snapshot::Snapshot;
use patchproof_testkit::corpora;
use patchproof_testkit::made::{MadeApp, MadeLibraries};
use patchproof_tests::claims;

fn main() -> std::process::ExitCode {
    let trial = |(name, body): (&str, Claim)| {
        corpora::trial(name, &SNAPSHOTS, move |paths| body(&Real::read(paths)?))
    };
    let trials: Vec<Trial> = CLAIMS.map(trial).into();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

type Claim = fn(&Real) -> Answer;
type Answer = Result<(), Failed>;

const CLAIMS: [(&str, Claim); 6] = claims![
    an_apk_gives_back_the_snapshots_of_its_machines
    an_apk_that_deflates_its_libraries_does_too
    split_apks_in_a_set_do_too
    an_app_bundle_does_too
    an_android_library_does_too
    a_bundle_of_linux_does_too
];

fn an_apk_gives_back_the_snapshots_of_its_machines(real: &Real) -> Answer {
    real.are_in(&real.app.apk(), Shape::Apk)
}

fn an_apk_that_deflates_its_libraries_does_too(real: &Real) -> Answer {
    let mut app = real.app.clone();
    app.libraries_deflated = true;
    real.are_in(&app.apk(), Shape::Apk)
}

fn split_apks_in_a_set_do_too(real: &Real) -> Answer {
    real.are_in(&real.app.apks(), Shape::ApkSet)
}

fn an_app_bundle_does_too(real: &Real) -> Answer {
    real.are_in(&real.app.aab(), Shape::Aab)
}

fn an_android_library_does_too(real: &Real) -> Answer {
    real.are_in(&real.app.aar(), Shape::Aar)
}

fn a_bundle_of_linux_does_too(real: &Real) -> Answer {
    let folder = tempfile::tempdir()?;
    real.app.linux_bundle(folder.path())?;
    let release = Release::open(folder.path())?;
    let found = release.of_role(Role::DartLibrary);
    let found = found.map(|part| release.read(part));
    let found = found.collect::<Result<Vec<_>, _>>()?;
    match &*found {
        [library] => same_snapshot(library, &real.app.linux.dart),
        other => Err(format!("{} Dart libraries", other.len()).into()),
    }
}

/// An app around the snapshots of one program for three machines.
struct Real {
    app: MadeApp,
}

impl Real {
    fn read(paths: &[PathBuf]) -> Result<Self, Failed> {
        let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
        let [arm64, arm, x64, linux] = &*files else {
            return Err("four paths were asked for".into());
        };
        let mut app = MadeApp::new();
        let with = |dart: &Vec<u8>, mut libraries: MadeLibraries| {
            libraries.dart.clone_from(dart);
            libraries
        };
        let snapshots = [("arm64-v8a", arm64), ("armeabi-v7a", arm), ("x86_64", x64)];
        for (abi, dart) in snapshots {
            let libraries = app.abis.remove(abi).unwrap_or_default();
            app.abis.insert(abi.to_owned(), with(dart, libraries));
        }
        app.linux = with(linux, app.linux.clone());
        Ok(Self { app })
    }

    /// Every machine's snapshot is in the release under its own name, and no other is.
    fn are_in(&self, file: &[u8], shape: Shape) -> Answer {
        let release = Release::from_bytes("it", file.to_vec())?;
        if release.shape() != shape {
            return Err(format!("it is {:?}", release.shape()).into());
        }
        let mut found = BTreeMap::new();
        for part in release.of_role(Role::DartLibrary) {
            found.insert(part.abi.map_or("none", Abi::name), release.read(part)?);
        }
        if !found.keys().eq(self.app.abis.keys()) {
            return Err(format!("it is for {:?}", found.keys()).into());
        }
        let mut pairs = found.values().zip(self.app.abis.values());
        pairs.try_for_each(|(found, made)| same_snapshot(found, &made.dart))
    }
}

fn same_snapshot(found: &[u8], expected: &[u8]) -> Answer {
    if found != expected {
        return Err("it holds other bytes than were put in".into());
    }
    Snapshot::read(found)?;
    Ok(())
}

/// One program, compiled for each machine.
const SNAPSHOTS: [&str; 4] = [
    "sass-embedded-android-arm64@1.97.1/sass.snapshot",
    "sass-embedded-android-arm@1.93.2/sass.snapshot",
    "sass-embedded-android-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-x64@1.97.1/sass.snapshot",
];
