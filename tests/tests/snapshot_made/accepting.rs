//! What is accepted, and that a second reading finds the same facts.

use std::collections::BTreeMap;

use patchproof_snapshot::{Arch, Embedder, Layout, Os, Snapshot, SnapshotFacts};
use patchproof_testkit::made::{self, Machine, MadeSnapshot};
use patchproof_testkit::oracles;

use crate::making::{assert_agreed, every_right_one, kind_of, macho, read, split, unified, with};

#[test]
fn every_right_snapshot_is_read_and_the_second_reading_agrees() {
    every_right_one().for_each(|made| assert_agreed(&made));
}

#[test]
fn every_edited_snapshot_is_read_and_the_second_reading_agrees() {
    every_right_one().for_each(|made| assert_agreed(&made.edited(3)));
}

#[test]
fn every_stripped_snapshot_is_read_and_the_second_reading_agrees() {
    every_right_one().for_each(|made| assert_agreed(&with(made, |made| made.stripped = true)));
}

#[test]
fn every_snapshot_without_section_headers_is_read_and_the_second_reading_agrees() {
    every_right_one()
        .for_each(|made| assert_agreed(&with(made, |made| made.section_headers = false)));
}

#[test]
fn every_snapshot_without_build_id_is_read_and_the_second_reading_agrees() {
    every_right_one().for_each(|made| assert_agreed(&with(made, |made| made.build_id = None)));
}

#[test]
fn every_load_alignment_is_read_as_it_stands() {
    for alignment in [0, 1, 4096, 0x1_0000, u64::MAX] {
        let made = with(split(), |made| made.load_alignment_bytes = alignment);
        assert_eq!(read(&made).load_alignment, alignment);
        assert_agreed(&made);
    }
}

#[test]
fn every_length_is_read_as_it_stands() {
    for length in [i64::MIN, -1, 0, 1, i64::MAX] {
        let made = with(split(), |made| made.isolate.length = Some(length));
        assert_eq!(read(&made).header().length, length);
        assert_agreed(&made);
    }
}

#[test]
fn the_containers_and_machines_are_told_by_their_words() {
    let mut found = BTreeMap::new();
    for made in every_right_one() {
        let read = read(&made);
        let words = (read.container.word(), read.arch.feature_word().unwrap());
        found.entry(kind_of(&made)).or_insert(words);
        assert_eq!(words.1, made.machine.word());
    }
    let containers: Vec<&str> = found.values().map(|words| words.0).collect();
    let count = |word| containers.iter().filter(|found| **found == word).count();
    assert_eq!(
        (count("elf32"), count("elf64"), count("macho64")),
        (6, 6, 4)
    );
}

#[test]
fn a_machine_that_no_compiler_writes_for_is_unknown() {
    for (made, number) in [(split(), 2), (macho(), 18), (split(), 40)] {
        let made = with(made, |made| made.machine_override = Some(number));
        assert_eq!(read(&made).arch, Arch::Unknown, "{}", kind_of(&made));
        assert_agreed(&made);
    }
}

#[test]
fn the_layout_is_told_by_the_symbols() {
    let layouts = [split(), unified(), macho()].map(|made| read(&made).layout);
    assert_eq!(layouts, [Layout::Split, Layout::Unified, Layout::Unified]);
}

#[test]
fn version_features_and_kind_are_those_of_the_isolate() {
    let read = read(&split());
    let header = read.header();
    assert_eq!(header.version, made::version_for(made::Layout::Split));
    assert_eq!(header.features.as_bytes(), split().isolate.features);
    assert_eq!(
        (header.kind, header.length),
        (3, split().isolate.length_bytes())
    );
}

#[test]
fn the_system_is_the_one_that_the_features_name() {
    let systems = [
        (made::Os::Linux, Os::Linux),
        (made::Os::Android, Os::Android),
        (made::Os::Macos, Os::Macos),
        (made::Os::Ios, Os::Ios),
    ];
    for (os, expected) in systems {
        let made = macho().for_target(os, made::Embedder::Flutter);
        assert_eq!(read(&made).os, Some(expected));
    }
}

#[test]
fn the_embedder_is_told_by_the_library_that_stands_in_the_data() {
    let flutter = read(&split()).embedder;
    let standalone = split().for_target(made::Os::Linux, made::Embedder::Standalone);
    let neither = read(&with(split(), |made| made.embedder = None)).embedder;
    assert_eq!(flutter, Some(Embedder::Flutter));
    assert_eq!(read(&standalone).embedder, Some(Embedder::Standalone));
    assert_eq!(neither, None);
}

#[test]
fn an_app_that_mentions_both_libraries_does_not_tell_its_embedder() {
    let made = with(split(), |made| {
        made.isolate.payload.extend(b"dart:ui and dart:_builtin");
    });
    assert_eq!(read(&made).embedder, None);
}

#[test]
fn a_stab_with_the_value_0_never_shadows_the_real_symbol() {
    let (with_stabs, without) = (macho(), with(macho(), |made| made.stabs = false));
    let data = |made: &MadeSnapshot| read(made).symbols[0].clone();
    assert_eq!(data(&with_stabs), data(&without));
    assert_ne!(data(&with_stabs).address, 0);
}

#[test]
fn a_mach_o_symbol_reaches_to_the_next_one_or_to_the_end_of_its_section() {
    let made = MadeSnapshot::new(made::Container::Macho64, Machine::X64, made::Layout::Split);
    let read = read(&made);
    let [vm, _, isolate, _] = &*read.symbols else {
        panic!("four symbols, not {:?}", read.symbols);
    };
    assert_eq!(vm.address + vm.size, isolate.address);
    assert!(isolate.size > u64::try_from(made.isolate.payload.len()).unwrap());
}

#[test]
fn size_and_sha256_are_those_of_the_file() {
    let bytes = made::example().release;
    let facts = SnapshotFacts::from(&Snapshot::read(&bytes).unwrap());
    assert_eq!(facts.size, u64::try_from(bytes.len()).unwrap());
    // The example's bytes are pinned by a test of testkit's.
    assert!(
        facts.sha256.starts_with("34fafb6d0c5a677f"),
        "{}",
        facts.sha256
    );
}

#[test]
fn the_second_reading_disagrees_with_a_reading_of_another_file() {
    let other = with(split().edited(1), |made| made.isolate.kind = 4);
    let second = oracles::second_reading(&other.build()).unwrap();
    let told = oracles::disagreements(&read(&split()), &second).join("\n");
    for what in ["build id", "_kDartIsolateSnapshotInstructions", "kind: 4"] {
        assert!(told.contains(what), "{what} is not in\n{told}");
    }
}

#[test]
fn the_second_reading_finds_nothing_in_what_is_no_snapshot() {
    let engine = made::example().engine;
    for bytes in [&*engine, b"\x7fELF", b"text", b""] {
        assert_eq!(oracles::second_reading(bytes), None);
    }
}
