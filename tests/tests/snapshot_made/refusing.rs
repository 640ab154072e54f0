//! What is refused, each for its own reason.

use patchproof_snapshot::{HeaderFault, Layout, ReadError, Snapshot};
use patchproof_testkit::made::{Blob, Container, Machine, MadeSnapshot, example};

use crate::making::{error_of, every_right_one, kind_of, macho, split, unified, with};

/// The app's header is refused for this fault.
#[track_caller]
fn assert_fault(spoil: impl Fn(&mut Blob), reason: HeaderFault) {
    let spoiled = |made| with(made, |made: &mut MadeSnapshot| spoil(&mut made.isolate));
    let symbol = "_kDartIsolateSnapshotData";
    let expected = ReadError::BrokenHeader {
        symbol,
        reason: reason.clone(),
    };
    assert_eq!(error_of(&spoiled(split())), expected);
    let expected = ReadError::BrokenHeader {
        symbol: "_kDartSnapshotData",
        reason,
    };
    assert_eq!(error_of(&spoiled(unified())), expected);
}

#[test]
fn another_magic_is_refused() {
    let reason = HeaderFault::Magic {
        found: "f5f5dcdd".into(),
    };
    assert_fault(|blob| blob.magic[3] = 0xdd, reason);
}

#[test]
fn a_version_in_uppercase_is_refused() {
    let found = "ABCDEF0123456789ABCDEF0123456789";
    let reason = HeaderFault::Version {
        found: found.into(),
    };
    assert_fault(|blob| blob.version = found.into(), reason);
}

#[test]
fn a_version_that_is_not_text_is_refused_and_shown_escaped() {
    let reason = HeaderFault::Version {
        found: r"\xff".repeat(32),
    };
    assert_fault(|blob| blob.version = vec![0xff; 32], reason);
}

#[test]
fn features_without_end_are_refused_after_1024_bytes() {
    let spoil = |blob: &mut Blob| {
        blob.features = vec![b'x'; 4096];
        blob.terminated = false;
    };
    assert_fault(spoil, HeaderFault::FeaturesUnterminated { limit: 1024 });
}

#[test]
fn features_that_are_not_printable_are_refused_and_shown_escaped() {
    let reason = HeaderFault::FeaturesNotText {
        found: r"product \xe9".into(),
    };
    assert_fault(|blob| blob.features = b"product \xe9".into(), reason);
}

#[test]
fn features_with_a_line_break_are_refused() {
    let reason = HeaderFault::FeaturesNotText {
        found: r"product\nx64".into(),
    };
    assert_fault(|blob| blob.features = b"product\nx64".into(), reason);
}

#[test]
fn the_vms_header_is_checked_as_the_apps_is() {
    let error = error_of(&with(split(), |made| made.vm.magic = [0; 4]));
    let reason = HeaderFault::Magic {
        found: "00000000".into(),
    };
    assert_eq!(
        error,
        ReadError::BrokenHeader {
            symbol: "_kDartVmSnapshotData",
            reason
        }
    );
}

#[test]
fn every_missing_symbol_is_named() {
    for made in every_right_one() {
        for &name in made.layout.symbol_names() {
            let made = with(made.clone(), |made| made.omitted.push(name.into()));
            let error = error_of(&made);
            let ReadError::SymbolMissing { symbol, .. } = error else {
                panic!("{} without {name}: {error}", kind_of(&made));
            };
            assert_eq!(symbol, name);
        }
    }
}

#[test]
fn a_missing_symbol_is_told_with_its_layout() {
    let error = error_of(&with(split(), |made| {
        made.omitted.push("_kDartVmSnapshotData".into())
    }));
    let symbol = "_kDartVmSnapshotData";
    assert_eq!(
        error,
        ReadError::SymbolMissing {
            layout: Layout::Split,
            symbol
        }
    );
}

#[test]
fn symbols_of_both_layouts_are_refused() {
    let error = error_of(&with(split(), |made| {
        made.renamed
            .push(("_kDartSnapshotBuildId".into(), "_kDartSnapshotText".into()));
    }));
    assert_eq!(error, ReadError::BothLayouts);
}

#[test]
fn one_name_at_two_places_is_refused() {
    for made in [split(), macho_split()] {
        let error = error_of(&with(made, |made| {
            let twice = (
                "_kDartVmSnapshotData".into(),
                "_kDartIsolateSnapshotData".into(),
            );
            made.renamed.push(twice);
        }));
        assert!(matches!(error, ReadError::TwoReadings { .. }), "{error}");
    }
}

#[test]
fn a_dynsym_that_is_not_the_loaders_is_refused() {
    for made in every_right_one().filter(|made| made.container != Container::Macho64) {
        let decoy = made.isolate.clone();
        let error = error_of(&with(made, |made| made.misplaced_dynsym = Some(decoy)));
        assert!(
            error.to_string().contains("the symbol table is at"),
            "{error}"
        );
        assert!(matches!(error, ReadError::TwoReadings { .. }), "{error}");
    }
}

#[test]
fn an_empty_instructions_symbol_is_no_reason_to_refuse() {
    let made = with(split(), |made| made.text.clear());
    assert_eq!(Snapshot::read(&made.build()).unwrap().symbols[3].size, 0);
}

#[test]
fn an_engine_is_no_snapshot() {
    let error = Snapshot::read(&example().engine).unwrap_err();
    assert_eq!(error, ReadError::NotASnapshot { container: "elf64" });
}

#[test]
fn a_text_file_is_refused_by_its_first_bytes() {
    let error = Snapshot::read(b"not a library\n").unwrap_err();
    let found = "6e6f742061206c69".to_owned();
    assert_eq!(error, ReadError::NotAContainer { found });
}

#[test]
fn an_empty_file_is_refused() {
    let error = Snapshot::read(b"").unwrap_err();
    let what = "an empty file";
    assert_eq!(error, ReadError::UnsupportedContainer { what });
}

#[test]
fn a_universal_mach_o_file_is_refused_with_the_way_out() {
    for last in [0xbe, 0xbf] {
        let mut bytes = vec![0xca, 0xfe, 0xba, last];
        bytes.extend(macho().build());
        assert_eq!(Snapshot::read(&bytes).unwrap_err(), ReadError::Universal);
    }
}

#[test]
fn a_container_for_no_target_of_darts_is_refused_by_what_it_is() {
    let mut big_endian = split().build();
    big_endian[5] = 2;
    let starts: [(&[u8], &str); 4] = [
        (&big_endian, "a big-endian ELF file"),
        (&[0xce, 0xfa, 0xed, 0xfe], "a 32-bit Mach-O file"),
        (&[0xfe, 0xed, 0xfa, 0xce], "a big-endian Mach-O file"),
        (&[0xfe, 0xed, 0xfa, 0xcf], "a big-endian Mach-O file"),
    ];
    for (bytes, what) in starts {
        let error = Snapshot::read(bytes).unwrap_err();
        assert_eq!(error, ReadError::UnsupportedContainer { what });
    }
}

#[test]
fn every_snapshot_cut_short_anywhere_is_refused() {
    for made in every_right_one() {
        let whole = made.build();
        for end in (0..whole.len()).step_by(64).chain([whole.len() - 1]) {
            let read = Snapshot::read(&whole[..end]);
            assert!(
                read.is_err(),
                "{} cut after {end} bytes is read",
                kind_of(&made)
            );
        }
    }
}

#[test]
fn a_snapshot_without_section_headers_cut_short_is_refused_or_read_as_the_whole() {
    let whole = with(split(), |made| made.section_headers = false).build();
    let facts = |bytes: &[u8]| {
        Snapshot::read(bytes)
            .map(|it| (it.symbols, it.vm_data, it.data, it.build_id))
            .ok()
    };
    for end in (0..whole.len()).step_by(64) {
        let cut = facts(&whole[..end]);
        assert!(
            cut.is_none() || cut == facts(&whole),
            "cut after {end} bytes"
        );
    }
}

fn macho_split() -> MadeSnapshot {
    MadeSnapshot::new(
        Container::Macho64,
        Machine::X64,
        patchproof_testkit::made::Layout::Split,
    )
}
