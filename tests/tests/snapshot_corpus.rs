//! What is read of real snapshots and engines, against a second reading and what is known of them.
//!
//! Every artefact of the manifest is asked, each claim as a trial of its own. What is known follows
//! from a package's name and version: the target is in the one, the compiler's age in the other.

use std::fmt::Debug;
use std::fs;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_report::{CompareVerdict, Severity};
use patchproof_snapshot::{Container, Embedder, Engine, Layout, Named, Os, Snapshot, compare};
use patchproof_testkit::corpora::{self, Artefact, Kind, Manifest};
use patchproof_testkit::oracles::{self, SecondReading};

fn main() -> std::process::ExitCode {
    let manifest = Manifest::load().expect("a test of testkit's shows that the manifest is valid");
    let (snapshots, engines): (Vec<_>, Vec<_>) = manifest
        .artefacts()
        .partition(|artefact| artefact.kind() == Kind::Snapshot);
    let mut trials = Vec::new();
    for artefact in snapshots {
        let known = Known::of(&artefact);
        trials.extend(SNAPSHOT_CLAIMS.map(|(name, claim)| known.snapshot_trial(name, claim)));
    }
    for artefact in engines {
        let known = Known::of(&artefact);
        trials.extend(ENGINE_CLAIMS.map(|(name, claim)| known.engine_trial(name, claim)));
        trials.push(known.engine_and_snapshot());
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

type SnapshotClaim = fn(&Known, &[u8], &Snapshot) -> Result<(), Failed>;
type EngineClaim = fn(&Known, &Engine<'_>) -> Result<(), Failed>;

const SNAPSHOT_CLAIMS: [(&str, SnapshotClaim); 9] = [
    ("the_second_reading_agrees", the_second_reading_agrees),
    (
        "the_layout_is_that_of_its_compiler",
        the_layout_is_that_of_its_compiler,
    ),
    (
        "every_kind_is_that_of_the_layout",
        every_kind_is_that_of_the_layout,
    ),
    (
        "the_container_is_that_of_its_target",
        the_container_is_that_of_its_target,
    ),
    ("the_features_name_its_target", the_features_name_its_target),
    (
        "the_alignment_decides_about_16k_pages",
        the_alignment_decides_about_16k_pages,
    ),
    (
        "it_is_stripped_as_its_package_does_it",
        it_is_stripped_as_its_package_does_it,
    ),
    (
        "the_path_of_its_main_file_is_found",
        the_path_of_its_main_file_is_found,
    ),
    (
        "it_may_replace_itself_and_only_notes_are_made",
        it_may_replace_itself,
    ),
];

const ENGINE_CLAIMS: [(&str, EngineClaim); 5] = [
    (
        "exactly_one_string_could_be_its_version",
        exactly_one_string_could_be_its_version,
    ),
    ("its_dart_version_is_found", its_dart_version_is_found),
    ("it_looks_up_one_layout", it_looks_up_one_layout),
    (
        "its_embedder_is_told_by_the_library_it_looks_up",
        its_embedder_is_told,
    ),
    ("its_system_is_told", its_system_is_told),
];

fn the_second_reading_agrees(_: &Known, bytes: &[u8], read: &Snapshot) -> Result<(), Failed> {
    let disagreements = oracles::disagreements(read, &second(bytes)?);
    same("disagreements", disagreements.as_slice(), &[])
}

fn the_layout_is_that_of_its_compiler(
    known: &Known,
    _: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    same("layout", read.layout, known.layout())
}

fn every_kind_is_that_of_the_layout(
    known: &Known,
    _: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    let kinds: Vec<i64> = read.blobs().map(|blob| blob.header.kind).collect();
    let expected = match known.layout() {
        Layout::Unified => vec![2],
        _ => vec![3, 3],
    };
    same("kinds", kinds, expected)
}

fn the_container_is_that_of_its_target(
    known: &Known,
    _: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    let expected = match (known.os_and_arch(), known.layout()) {
        (("macos", _), Layout::Unified) => Container::Macho64,
        ((_, "arm"), _) => Container::Elf32,
        _ => Container::Elf64,
    };
    same("container", read.container, expected)
}

fn the_features_name_its_target(known: &Known, _: &[u8], read: &Snapshot) -> Result<(), Failed> {
    let (os, arch) = known.os_and_arch();
    let has = |word: &str| read.features().any(|feature| feature == word);
    same(
        "features have the machine and the system",
        (has(arch), has(os)),
        (true, true),
    )?;
    same(
        "machine and system",
        (read.arch.word(), read.os.map(Os::word)),
        (arch, Some(os)),
    )
}

fn the_alignment_decides_about_16k_pages(
    _: &Known,
    bytes: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    let measured = second(bytes)?.load_alignment;
    same(
        "ready for 16 KiB pages",
        read.ready_for_16k_pages,
        measured >= 16 * 1024,
    )
}

fn it_is_stripped_as_its_package_does_it(
    known: &Known,
    _: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    let expected = (known.embedder(), known.embedder() == Embedder::Flutter);
    same(
        "embedder, stripped",
        (read.embedder, read.stripped),
        (Some(expected.0), expected.1),
    )
}

fn the_path_of_its_main_file_is_found(
    known: &Known,
    _: &[u8],
    read: &Snapshot,
) -> Result<(), Failed> {
    let expected = match known.os_and_arch().0 {
        _ if known.embedder() == Embedder::Flutter => {
            "file:///home/appveyor/projects/flet/client/.dart_tool/flutter_build/\
             dart_plugin_registrant.dart"
        }
        "macos" => "file:///Users/runner/work/dart-sass/dart-sass/bin/sass.dart",
        _ => "file:///home/runner/work/dart-sass/dart-sass/bin/sass.dart",
    };
    same(
        "absolute paths",
        read.absolute_paths.as_slice(),
        &[expected.to_owned()],
    )
}

fn it_may_replace_itself(_: &Known, _: &[u8], read: &Snapshot) -> Result<(), Failed> {
    let named = Named::new("the library", read);
    let comparison = compare(named, named, None);
    let all_notes = comparison
        .findings
        .iter()
        .all(|it| it.severity == Severity::Note);
    same(
        "verdict, only notes",
        (comparison.verdict, all_notes),
        (CompareVerdict::Identical, true),
    )
}

fn exactly_one_string_could_be_its_version(_: &Known, read: &Engine<'_>) -> Result<(), Failed> {
    same("strings that could be the version", read.versions.len(), 1)
}

fn its_dart_version_is_found(known: &Known, read: &Engine<'_>) -> Result<(), Failed> {
    let found = read.dart_version.and_then(|text| text.split(' ').next());
    same("Dart version", found, Some(known.dart()))
}

fn it_looks_up_one_layout(known: &Known, read: &Engine<'_>) -> Result<(), Failed> {
    same("layout", read.layout, Some(known.layout()))
}

fn its_embedder_is_told(known: &Known, read: &Engine<'_>) -> Result<(), Failed> {
    same("embedder", read.embedder, Some(known.embedder()))
}

fn its_system_is_told(known: &Known, read: &Engine<'_>) -> Result<(), Failed> {
    let (os, arch) = known.os_and_arch();
    same(
        "system and machine",
        (read.os.map(Os::word), read.arch.word()),
        (Some(os), arch),
    )
}

/// An artefact, and what its package tells of it.
#[derive(Clone)]
struct Known {
    id: String,
    package: String,
    version: String,
}

impl Known {
    fn of(artefact: &Artefact<'_>) -> Self {
        let package = artefact.package();
        let (package, version) = (package.name().to_owned(), package.version().to_owned());
        Self {
            id: artefact.id(),
            package,
            version,
        }
    }

    fn snapshot_trial(&self, name: &str, claim: SnapshotClaim) -> Trial {
        let known = self.clone();
        corpora::trial(format!("{name}::{}", self.id), &[&self.id], move |paths| {
            let [bytes] = &*read(paths)? else {
                return Err("one path was asked for".into());
            };
            claim(&known, bytes, &Snapshot::read(bytes)?)
        })
    }

    fn engine_trial(&self, name: &str, claim: EngineClaim) -> Trial {
        let known = self.clone();
        corpora::trial(format!("{name}::{}", self.id), &[&self.id], move |paths| {
            let [bytes] = &*read(paths)? else {
                return Err("one path was asked for".into());
            };
            claim(&known, &Engine::read(bytes)?)
        })
    }

    fn engine_and_snapshot(&self) -> Trial {
        let name = format!("its_version_is_that_of_the_snapshot_beside_it::{}", self.id);
        let file = match self.embedder() {
            Embedder::Flutter => "libapp.so",
            _ => "sass.snapshot",
        };
        let beside = format!("{}@{}/{file}", self.package, self.version);
        corpora::trial(name, &[&self.id, &beside], |paths| {
            let [engine, snapshot] = &*read(paths)? else {
                return Err("two paths were asked for".into());
            };
            let (engine, snapshot) = (Engine::read(engine)?, Snapshot::read(snapshot)?);
            same(
                "versions",
                engine.versions.as_slice(),
                &[snapshot.header().version.as_str()],
            )
        })
    }

    /// The system's and the machine's word.
    fn os_and_arch(&self) -> (&str, &str) {
        let target = self
            .package
            .strip_prefix("sass-embedded-")
            .unwrap_or("linux-x64");
        match target.rsplit_once('-') {
            Some(("darwin", arch)) => ("macos", arch),
            Some(("linux-musl", arch)) => ("linux", arch),
            Some((os, arch)) => (os, arch),
            None => ("", ""),
        }
    }

    fn layout(&self) -> Layout {
        let unified = self.version.starts_with("1.104.");
        if unified {
            Layout::Unified
        } else {
            Layout::Split
        }
    }

    fn embedder(&self) -> Embedder {
        let flutter = self.package == "flet-desktop";
        if flutter {
            Embedder::Flutter
        } else {
            Embedder::Standalone
        }
    }

    /// The Dart of an engine.
    fn dart(&self) -> &'static str {
        match self.version.as_str() {
            "1.80.2" => "3.5.2",
            "1.80.3" => "3.5.4",
            "1.89.0" => "3.7.3",
            "1.97.1" => "3.10.6",
            "1.97.2" | "1.97.3" => "3.10.7",
            "1.104.0" | "1.104.1" => "3.13.3",
            "0.28.2" | "0.28.3" => "3.7.2",
            _ => "not known to this test",
        }
    }
}

fn read(paths: &[std::path::PathBuf]) -> Result<Vec<Vec<u8>>, Failed> {
    Ok(paths.iter().map(fs::read).collect::<Result<_, _>>()?)
}

fn second(bytes: &[u8]) -> Result<SecondReading, Failed> {
    oracles::second_reading(bytes).ok_or_else(|| "the second reading finds no snapshot".into())
}

fn same<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Result<(), Failed> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, found {found:?}").into())
}
