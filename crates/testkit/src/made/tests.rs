//! What the builders make, read back by a library that did not make it.

use super::{Blob, Container, Embedder, Layout, Machine, MadeSnapshot, NATURAL, Os, example};
use object::{Architecture, Endianness, File, Object, ObjectKind, ObjectSegment, ObjectSymbol};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[test]
fn every_right_snapshot_exports_exactly_its_own_symbols() {
    for_each_right(|made, file| {
        let mut expected: Vec<&str> = made.layout.symbol_names().to_vec();
        if made.container != Container::Macho64 {
            expected.push("_kDartSnapshotBuildId");
        }
        expected.sort_unstable();
        assert_eq!(exports(file).into_keys().collect::<Vec<_>>(), expected);
    });
}

#[test]
fn every_data_symbol_names_its_whole_blob() {
    for_each_right(|made, file| {
        let width = made.container.width();
        let (isolate, vm) = match made.layout {
            Layout::Split => ("_kDartIsolateSnapshotData", Some("_kDartVmSnapshotData")),
            Layout::Unified => ("_kDartSnapshotData", None),
        };
        let strings = ["dart:ui", "dart:core"];
        assert_names_bytes(file, isolate, &made.isolate.to_bytes(width, &strings));
        if let Some(vm) = vm {
            assert_names_bytes(file, vm, &made.vm.to_bytes(width, &[]));
        }
    });
}

#[test]
fn every_text_symbol_names_a_header_with_its_size_and_the_code() {
    for_each_right(|made, file| {
        let (name, code) = match made.layout {
            Layout::Split => ("_kDartVmSnapshotInstructions", &made.vm_text),
            Layout::Unified => ("_kDartSnapshotText", &made.text),
        };
        let mut expected = vec![0; 64];
        let size = u32::try_from(64 + code.len()).unwrap().to_le_bytes();
        expected[..4].copy_from_slice(&size);
        expected[usize::try_from(made.container.width().size_bytes()).unwrap()] = 64;
        expected.extend(code);
        assert_names_bytes(file, name, &expected);
    });
}

#[test]
fn every_symbol_of_an_elf_file_states_the_size_of_what_it_names() {
    for_each_right(|made, file| {
        if made.container == Container::Macho64 {
            return;
        }
        let symbols = exports(file);
        assert_eq!(symbols["_kDartSnapshotBuildId"].1, 32);
        let strings = ["dart:ui", "dart:core"];
        let isolate = made
            .isolate
            .to_bytes(made.container.width(), &strings)
            .len();
        let name = if made.layout == Layout::Split {
            "_kDartIsolateSnapshotData"
        } else {
            "_kDartSnapshotData"
        };
        assert_eq!(symbols[name].1, u64::try_from(isolate).unwrap());
    });
}

#[test]
fn every_right_snapshot_is_a_little_endian_library_for_its_machine() {
    for_each_right(|made, file| {
        let expected = match made.machine {
            Machine::Arm => Architecture::Arm,
            Machine::Arm64 => Architecture::Aarch64,
            Machine::X86 => Architecture::I386,
            Machine::X64 => Architecture::X86_64,
            Machine::Riscv32 => Architecture::Riscv32,
            Machine::Riscv64 => Architecture::Riscv64,
        };
        let found = (file.architecture(), file.kind(), file.endianness());
        assert_eq!(found, (expected, ObjectKind::Dynamic, Endianness::Little));
    });
}

#[test]
fn every_segment_keeps_offset_and_address_congruent() {
    for_each_right(|made, file| {
        let page = made.load_alignment_bytes;
        for segment in file.segments() {
            let (offset, _) = segment.file_range();
            assert_eq!(offset % page, segment.address() % page);
            if made.container != Container::Macho64 {
                assert_eq!(segment.align(), page);
            }
        }
    });
}

#[test]
fn every_build_id_reads_back() {
    for_each_right(|made, file| {
        let found = match made.container {
            Container::Macho64 => file.mach_uuid().unwrap().map(|id| id.to_vec()),
            _ => file.build_id().unwrap().map(<[u8]>::to_vec),
        };
        assert_eq!(found, made.build_id);
    });
}

#[test]
fn every_stripped_snapshot_keeps_its_exports_and_loses_its_functions() {
    for (container, machine) in NATURAL {
        let mut made = MadeSnapshot::new(container, machine, Layout::Split);
        let has_functions = |made: &MadeSnapshot| {
            let bytes = made.build();
            let file = File::parse(&*bytes).unwrap();
            let named = |name| file.symbols().any(|symbol| symbol.name() == Ok(name));
            (
                named("_MyAppState.build"),
                exports(&file).contains_key("_kDartVmSnapshotData"),
            )
        };
        assert_eq!(has_functions(&made), (true, true));
        made.stripped = true;
        assert_eq!(has_functions(&made), (false, true));
    }
}

#[test]
fn unnatural_pairs_of_container_and_machine_state_the_machines_number() {
    for container in [Container::Elf32, Container::Elf64, Container::Macho64] {
        for (_, machine) in NATURAL {
            let bytes = MadeSnapshot::new(container, machine, Layout::Unified).build();
            let found = match container {
                Container::Macho64 => u32::from_le_bytes(bytes[4..8].try_into().unwrap()),
                _ => u16::from_le_bytes(bytes[18..20].try_into().unwrap()).into(),
            };
            let expected = match container {
                Container::Macho64 => machine.macho_number(),
                _ => machine.elf_number(),
            };
            assert_eq!(found, expected, "{container:?} {machine:?}");
        }
    }
}

#[test]
fn an_edited_snapshot_keeps_the_vm_and_the_header_words_and_grows() {
    let old = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split);
    let new = old.clone().edited(1);
    let kept = |made: &MadeSnapshot| {
        let isolate = (made.isolate.version.clone(), made.isolate.features.clone());
        (made.vm.clone(), made.vm_text.clone(), isolate)
    };
    assert_eq!(kept(&new), kept(&old));
    assert!(new.isolate.length_bytes() > old.isolate.length_bytes());
    assert!(new.text.len() > old.text.len());
    assert_ne!(new.build_id, old.build_id);
}

#[test]
fn a_target_is_named_among_the_features_of_every_blob() {
    let made = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split);
    let made = made.for_target(Os::Linux, Embedder::Standalone);
    for Blob { features, .. } in [&made.vm, &made.isolate] {
        let features = std::str::from_utf8(features).unwrap();
        assert!(
            features.ends_with(" arm64 linux no-compressed-pointers"),
            "{features}"
        );
    }
}

#[test]
fn the_example_is_the_same_bytes_on_every_machine() {
    let made = example();
    let digest = |bytes: &[u8]| hex::encode(&Sha256::digest(bytes)[..8]);
    let found = [&made.release, &made.patched, &made.engine].map(|bytes| digest(bytes));
    assert_eq!(
        found,
        ["34fafb6d0c5a677f", "81878ff535293d6f", "5dbb98cb0fc9a0e0"]
    );
}

/// Every natural pair in both layouts, as made and as read.
fn for_each_right(check: impl Fn(&MadeSnapshot, &File<'_>)) {
    for (container, machine) in NATURAL {
        for layout in [Layout::Split, Layout::Unified] {
            let made = MadeSnapshot::new(container, machine, layout);
            check(&made, &File::parse(&*made.build()).unwrap());
        }
    }
}

/// What tools see: the exports' addresses and sizes (0 in Mach-O, which has none).
pub(super) fn exports<'a>(file: &File<'a>) -> BTreeMap<&'a str, (u64, u64)> {
    let entry = |symbol: object::Symbol<'a, '_>| {
        (symbol.name().unwrap(), (symbol.address(), symbol.size()))
    };
    match file {
        File::MachO64(_) => file
            .symbols()
            .filter(ObjectSymbol::is_global)
            .map(entry)
            .collect(),
        _ => file.dynamic_symbols().map(entry).collect(),
    }
}

#[track_caller]
pub(super) fn assert_names_bytes(file: &File<'_>, name: &str, expected: &[u8]) {
    let (address, _) = exports(file)[name];
    let length = u64::try_from(expected.len()).unwrap();
    let mut segments = file.segments();
    let found = segments.find_map(|part| part.data_range(address, length).unwrap());
    assert!(
        found == Some(expected),
        "{name} at {address:#x} names other bytes"
    );
}
