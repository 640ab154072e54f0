//! What is read of real snapshots and engines, against a second reading and what is known of them.
//!
//! Every artefact of the manifest is asked, each claim as a trial of its own. What is known follows
//! from a package's name and version: the target is in the one, the compiler's age in the other.

use std::fs;
use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_report::{CompareVerdict, Finding, Severity};
use patchproof_snapshot::{Container, Embedder, Engine, Layout, Named, Os, Snapshot, compare};
use patchproof_testkit::corpora::{self, Artefact, Kind, Manifest};
use patchproof_testkit::oracles::{self, SecondReading};
use patchproof_tests::claims;
use patchproof_tests::trials::same;

fn main() -> std::process::ExitCode {
    let manifest = Manifest::load().expect("a test of testkit's shows that the manifest is valid");
    let (snapshots, engines): (Vec<_>, Vec<_>) = manifest
        .artefacts()
        .filter(|artefact| !matches!(artefact.kind(), Kind::Release | Kind::Schema))
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

type SnapshotClaim = fn(&Asked<'_, Snapshot>) -> Answer;
type EngineClaim = fn(&Asked<'_, Engine<'_>>) -> Answer;
type Answer = Result<(), Failed>;

/// What a claim is asked about.
struct Asked<'a, T> {
    known: &'a Known,
    bytes: &'a [u8],
    read: &'a T,
}

const SNAPSHOT_CLAIMS: [(&str, SnapshotClaim); 11] = claims![
    the_second_reading_agrees
    the_layout_is_that_of_its_compiler
    every_kind_is_that_of_the_layout
    the_container_is_that_of_its_target
    the_features_name_its_machine_and_system
    the_machine_and_the_system_are_its_targets
    the_alignment_decides_about_16k_pages
    its_embedder_is_told_by_its_strings
    it_is_stripped_where_it_is_flutters
    the_path_of_its_main_file_is_found
    it_may_replace_itself_and_only_notes_are_made
];

const ENGINE_CLAIMS: [(&str, EngineClaim); 5] = claims![
    exactly_one_string_could_be_its_version
    its_dart_version_is_found
    it_looks_up_one_layout
    its_embedder_is_told_by_the_library_it_looks_up
    its_system_and_machine_are_told
];

fn the_second_reading_agrees(it: &Asked<'_, Snapshot>) -> Answer {
    let disagreements = oracles::disagreements(it.read, &second(it.bytes)?);
    same(disagreements, Vec::<String>::new())
}

fn the_layout_is_that_of_its_compiler(it: &Asked<'_, Snapshot>) -> Answer {
    same(it.read.layout, it.known.layout)
}

fn every_kind_is_that_of_the_layout(it: &Asked<'_, Snapshot>) -> Answer {
    let kinds: Vec<i64> = it.read.blobs().map(|blob| blob.header.kind).collect();
    let unified = it.known.layout == Layout::Unified;
    same(kinds, if unified { vec![2] } else { vec![3, 3] })
}

fn the_container_is_that_of_its_target(it: &Asked<'_, Snapshot>) -> Answer {
    let known = it.known;
    let expected = match (known.os, &*known.arch, known.layout) {
        (Os::Macos, _, Layout::Unified) => Container::Macho64,
        (_, "arm", _) => Container::Elf32,
        _ => Container::Elf64,
    };
    same(it.read.container, expected)
}

fn the_features_name_its_machine_and_system(it: &Asked<'_, Snapshot>) -> Answer {
    let has = |word: &str| it.read.features().any(|feature| feature == word);
    same((has(&it.known.arch), has(it.known.os.word())), (true, true))
}

fn the_machine_and_the_system_are_its_targets(it: &Asked<'_, Snapshot>) -> Answer {
    let found = (it.read.arch.word(), it.read.os);
    same(found, (&*it.known.arch, Some(it.known.os)))
}

fn the_alignment_decides_about_16k_pages(it: &Asked<'_, Snapshot>) -> Answer {
    let measured = second(it.bytes)?.load_alignment;
    same(it.read.ready_for_16k_pages, measured >= 16 * 1024)
}

fn its_embedder_is_told_by_its_strings(it: &Asked<'_, Snapshot>) -> Answer {
    same(it.read.embedder, Some(it.known.embedder))
}

fn it_is_stripped_where_it_is_flutters(it: &Asked<'_, Snapshot>) -> Answer {
    same(it.read.stripped, it.known.embedder == Embedder::Flutter)
}

fn the_path_of_its_main_file_is_found(it: &Asked<'_, Snapshot>) -> Answer {
    let expected = match (it.known.embedder, it.known.os) {
        (Embedder::Flutter, _) => {
            "file:///home/appveyor/projects/flet/client/.dart_tool/flutter_build/\
             dart_plugin_registrant.dart"
        }
        (_, Os::Macos) => "file:///Users/runner/work/dart-sass/dart-sass/bin/sass.dart",
        _ => "file:///home/runner/work/dart-sass/dart-sass/bin/sass.dart",
    };
    same(&*it.read.absolute_paths, &[expected.to_owned()])
}

fn it_may_replace_itself_and_only_notes_are_made(it: &Asked<'_, Snapshot>) -> Answer {
    let named = Named::new("the library", it.read);
    let comparison = compare(named, named, None);
    let grave = |found: &&Finding| found.severity > Severity::Note;
    let grave = comparison.findings.iter().filter(grave).count();
    same((comparison.verdict, grave), (CompareVerdict::Identical, 0))
}

fn exactly_one_string_could_be_its_version(it: &Asked<'_, Engine<'_>>) -> Answer {
    same(it.read.versions.len(), 1)
}

fn its_dart_version_is_found(it: &Asked<'_, Engine<'_>>) -> Answer {
    let found = it.read.dart_version.and_then(|text| text.split(' ').next());
    same(found, Some(it.known.dart))
}

fn it_looks_up_one_layout(it: &Asked<'_, Engine<'_>>) -> Answer {
    same(it.read.layout, Some(it.known.layout))
}

fn its_embedder_is_told_by_the_library_it_looks_up(it: &Asked<'_, Engine<'_>>) -> Answer {
    same(it.read.embedder, Some(it.known.embedder))
}

fn its_system_and_machine_are_told(it: &Asked<'_, Engine<'_>>) -> Answer {
    let found = (it.read.arch.word(), it.read.os);
    same(found, (&*it.known.arch, Some(it.known.os)))
}

/// What a package's name and version tell of what is in it.
#[derive(Clone)]
struct Known {
    id: String,
    /// The id of the snapshot in the same package.
    snapshot_id: String,
    os: Os,
    arch: String,
    layout: Layout,
    embedder: Embedder,
    /// The Dart of an engine.
    dart: &'static str,
}

impl Known {
    fn of(artefact: &Artefact<'_>) -> Self {
        let package = artefact.package();
        let sass = package.name().strip_prefix("sass-embedded-");
        let (os, arch) = sass
            .and_then(|it| it.rsplit_once('-'))
            .unwrap_or(("linux", "x64"));
        let (layout, dart) = compiler(package.version());
        let (embedder, file) = match sass {
            Some(_) => (Embedder::Standalone, "sass.snapshot"),
            None => (Embedder::Flutter, "libapp.so"),
        };
        Self {
            id: artefact.id(),
            snapshot_id: format!("{}/{file}", package.label()),
            os: match os {
                "darwin" => Os::Macos,
                "android" => Os::Android,
                _ => Os::Linux,
            },
            arch: arch.to_owned(),
            layout,
            embedder,
            dart,
        }
    }

    fn snapshot_trial(&self, name: &str, claim: SnapshotClaim) -> Trial {
        let known = self.clone();
        corpora::trial(format!("{name}::{}", self.id), &[&self.id], move |paths| {
            let bytes = &read(paths, 0)?;
            let (known, read) = (&known, &Snapshot::read(bytes)?);
            claim(&Asked { known, bytes, read })
        })
    }

    fn engine_trial(&self, name: &str, claim: EngineClaim) -> Trial {
        let known = self.clone();
        corpora::trial(format!("{name}::{}", self.id), &[&self.id], move |paths| {
            let bytes = &read(paths, 0)?;
            let (known, read) = (&known, &Engine::read(bytes)?);
            claim(&Asked { known, bytes, read })
        })
    }

    fn engine_and_snapshot(&self) -> Trial {
        let name = format!("its_version_is_that_of_the_snapshot_beside_it::{}", self.id);
        corpora::trial(name, &[&self.id, &self.snapshot_id], |paths| {
            let (engine, snapshot) = (read(paths, 0)?, read(paths, 1)?);
            let snapshot = Snapshot::read(&snapshot)?;
            same(
                &*Engine::read(&engine)?.versions,
                [&*snapshot.header().version],
            )
        })
    }
}

/// The layout that the compiler of a package's version writes, and the Dart of its engine.
fn compiler(version: &str) -> (Layout, &'static str) {
    match version {
        "1.80.2" => (Layout::Split, "3.5.2"),
        "1.80.3" => (Layout::Split, "3.5.4"),
        "1.89.0" => (Layout::Split, "3.7.3"),
        "1.97.1" => (Layout::Split, "3.10.6"),
        "1.97.2" | "1.97.3" => (Layout::Split, "3.10.7"),
        "1.104.0" | "1.104.1" => (Layout::Unified, "3.13.3"),
        "0.28.2" | "0.28.3" => (Layout::Split, "3.7.2"),
        _ => (Layout::Split, "no engine of this version is in the list"),
    }
}

fn read(paths: &[PathBuf], at: usize) -> Result<Vec<u8>, Failed> {
    let path = paths.get(at).ok_or("fewer paths than ids")?;
    Ok(fs::read(path)?)
}

fn second(bytes: &[u8]) -> Result<SecondReading, Failed> {
    oracles::second_reading(bytes).ok_or_else(|| "the second reading finds no snapshot".into())
}
