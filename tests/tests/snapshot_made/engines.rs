//! What is read of engines.

use patchproof_snapshot::{Embedder, Engine, EngineFacts, Layout, Os, ReadError};
use patchproof_testkit::made::{self, Container, Machine, MadeEngine, NATURAL};

use crate::making::split;

fn right() -> MadeEngine {
    MadeEngine::accepting(&split())
}

/// The facts of a right engine after a change.
#[track_caller]
fn facts(change: impl FnOnce(&mut MadeEngine)) -> EngineFacts {
    let mut made = right();
    change(&mut made);
    EngineFacts::from(&Engine::read(&made.build()).unwrap())
}

#[test]
fn every_right_engine_shows_one_version_and_one_layout() {
    for (container, machine) in NATURAL {
        for layout in [made::Layout::Split, made::Layout::Unified] {
            let made = MadeEngine::new(container, machine, layout, made::Embedder::Flutter);
            let bytes = made.build();
            let read = Engine::read(&bytes).unwrap();
            assert_eq!(
                read.versions,
                [made::version_for(layout)],
                "{container:?} {machine:?}"
            );
            let unified = read.layout == Some(Layout::Unified);
            assert_eq!(
                unified,
                layout == made::Layout::Unified,
                "{container:?} {machine:?}"
            );
        }
    }
}

#[test]
fn the_dart_version_is_the_whole_literal() {
    let found = facts(|_| ()).dart_version;
    let expected = "3.10.4 (stable) (Tue Dec 2 01:00:00 2025 -0800) on \"linux_x64\"";
    assert_eq!(found.as_deref(), Some(expected));
}

#[test]
fn a_channel_in_other_text_is_no_dart_version() {
    let found = facts(|made| made.dart_version = Some("not (stable) (at all)".into()));
    assert_eq!(found.dart_version, None);
}

#[test]
fn the_embedder_is_told_by_the_library() {
    let of = |embedder| facts(|made| made.embedder = embedder).embedder;
    assert_eq!(of(Some(made::Embedder::Flutter)), Some(Embedder::Flutter));
    assert_eq!(
        of(Some(made::Embedder::Standalone)),
        Some(Embedder::Standalone)
    );
    assert_eq!(of(None), None);
}

#[test]
fn an_engine_with_both_libraries_does_not_tell_its_embedder() {
    let found = facts(|made| made.raw_extra.push(b"dart:_builtin".into()));
    assert_eq!(found.embedder, None);
}

#[test]
fn a_decoy_table_of_digits_is_no_version() {
    let found = facts(|made| {
        made.raw_extra
            .push(b"0123456789abcdef0123456789abcdef".into());
        made.raw_extra
            .push(b"00000000000000001111111111111111".into());
        made.raw_extra
            .push(b"0123456789ABCDEF0123456789ABCDEF".into());
    });
    assert_eq!(
        found.snapshot_versions,
        [made::version_for(made::Layout::Split)]
    );
}

#[test]
fn a_second_literal_like_a_version_is_a_second_candidate() {
    let other = "0451907c2eaa8467e848c0067bfe8ed4";
    let found = facts(|made| made.raw_extra.push(other.into()));
    let own = made::version_for(made::Layout::Split);
    assert_eq!(found.snapshot_versions, [other, own]);
}

#[test]
fn one_literal_that_stands_twice_is_one_candidate() {
    let own = made::version_for(made::Layout::Split);
    let found = facts(|made| made.raw_extra.push(own.into()));
    assert_eq!(found.snapshot_versions, [own]);
}

#[test]
fn symbol_names_of_both_layouts_settle_no_layout() {
    let found = facts(|made| made.symbol_names.push("_kDartSnapshotData".into()));
    assert_eq!(found.layout, None);
}

#[test]
fn the_system_is_the_one_whose_word_stands_there() {
    assert_eq!(facts(|_| ()).os, Some(Os::Linux));
}

#[test]
fn words_of_two_systems_settle_none() {
    assert_eq!(facts(|made| made.words.push(" android".into())).os, None);
}

#[test]
fn a_mach_o_engine_tells_its_system_by_its_platform() {
    for (platform, expected) in [(1, Os::Macos), (2, Os::Ios), (7, Os::Ios)] {
        let embedder = made::Embedder::Flutter;
        let mut made = MadeEngine::new(
            Container::Macho64,
            Machine::Arm64,
            made::Layout::Split,
            embedder,
        );
        made.macho_platform = platform;
        assert_eq!(Engine::read(&made.build()).unwrap().os, Some(expected));
    }
}

#[test]
fn a_snapshot_is_no_engine() {
    let error = Engine::read(&made::example().release).unwrap_err();
    assert_eq!(error, ReadError::SnapshotNotEngine);
}

#[test]
fn a_library_without_version_and_names_is_no_engine() {
    let mut made = right();
    made.versions.clear();
    made.symbol_names.clear();
    let error = Engine::read(&made.build()).unwrap_err();
    assert_eq!(error, ReadError::NotAnEngine { container: "elf64" });
}

#[test]
fn a_text_file_is_no_engine() {
    let error = Engine::read(b"#!/bin/sh\n").unwrap_err();
    assert_eq!(
        error,
        ReadError::NotAContainer {
            found: "23212f62696e2f73".into()
        }
    );
}
