//! How two libraries of an app of a usual size differ: regions, a map, functions and strings.

use patchproof_report::{Difference, Extent, FunctionDifference, RegionDifference, RegionKind};

/// An app of a usual size, in which the data moved and little else changed.
pub(crate) fn built_in_another_folder() -> Difference {
    let mut difference = equal(17_974_176);
    difference.found_size_bytes = 17_974_144;
    difference.regions = regions(|name| match name {
        "ELF header" => 4,
        "build id note" => 16,
        "_kDartIsolateSnapshotData" => 1_908_114,
        "_kDartIsolateSnapshotInstructions" => 41_208,
        ".symtab" => 265_344,
        ".strtab" => 117,
        _ => 0,
    });
    difference.map_percent = a_map();
    difference.functions_named = true;
    difference.functions_total = 214;
    difference.functions = vec![
        FunctionDifference::new("_registerPlugins", Some(312), Some(304)),
        FunctionDifference::new("CartModel.checkout", Some(1_820), Some(1_820)),
        FunctionDifference::new("String|trimmed", Some(96), None),
        FunctionDifference::new("new PriceFormat._", None, Some(448)),
    ];
    difference.strings_gone_total = 1;
    difference.strings_gone =
        vec!["file:///home/runner/work/shop/shop/.dart_tool/dart_plugin_registrant.dart".into()];
    difference.strings_new_total = 3;
    difference.strings_new = vec![
        "file:///builds/shop/.dart_tool/dart_plugin_registrant.dart".into(),
        "EUR 0.00".into(),
    ];
    difference
}

/// Nothing but the build id differs.
pub(crate) fn built_with_another_id() -> Difference {
    let mut difference = equal(17_974_176);
    difference.regions = regions(|name| u64::from(name == "build id note") * 20);
    difference.map_percent = (0..240).map(|cell| u8::from(cell == 0)).collect();
    difference
}

/// The regions of such an app, and how many bytes of each differ.
fn regions(differing_bytes: impl Fn(&str) -> u64) -> Vec<RegionDifference> {
    let places = [
        ("ELF header", RegionKind::Container, 0, 64),
        ("program headers", RegionKind::Container, 64, 504),
        ("build id note", RegionKind::BuildId, 568, 36),
        ("_kDartVmSnapshotData", RegionKind::Data, 0x400, 16_448),
        (
            "_kDartIsolateSnapshotData",
            RegionKind::Data,
            0x4480,
            5_218_304,
        ),
        (
            "_kDartVmSnapshotInstructions",
            RegionKind::Code,
            5_242_880,
            41_984,
        ),
        (
            "_kDartIsolateSnapshotInstructions",
            RegionKind::Code,
            5_284_864,
            9_871_360,
        ),
        (".symtab", RegionKind::Symbols, 15_156_224, 1_204_480),
        (".strtab", RegionKind::Symbols, 16_360_704, 1_612_800),
        ("section headers", RegionKind::Container, 17_973_504, 672),
    ];
    let placed = places.map(|(name, kind, offset, size_bytes)| {
        let mut region = region(name, kind, offset, size_bytes);
        region.differing_bytes = differing_bytes(name);
        region.first_difference_at = (region.differing_bytes > 0).then_some(0x10);
        region
    });
    placed.into()
}

/// Dense where the objects lie, sparse in the code, dense again in the symbols.
fn a_map() -> Vec<u8> {
    let cell = |at: u32| match at {
        0..=11 => 0,
        12..=69 => 25 + (at * 37 + at * at * 11) % 42,
        70..=201 if at % 23 == 5 => 2 + at % 7,
        202..=217 => 18 + (at * 29) % 11,
        231 => 1,
        _ => 0,
    };
    (0..240)
        .map(|at| u8::try_from(cell(at)).expect("a percentage"))
        .collect()
}

/// Two libraries of this size that are equal so far.
pub(crate) fn equal(size_bytes: u64) -> Difference {
    let mut difference = Difference::default();
    difference.expected_name = "release.aab, lib/arm64-v8a/libapp.so".to_owned();
    difference.found_name = "rebuilt.aab, lib/arm64-v8a/libapp.so".to_owned();
    difference.expected_size_bytes = size_bytes;
    difference.found_size_bytes = size_bytes;
    difference
}

/// A region that lies at the same place in both.
pub(crate) fn region(
    name: &str,
    kind: RegionKind,
    offset: u64,
    size_bytes: u64,
) -> RegionDifference {
    let mut region = RegionDifference::new(name, kind);
    region.expected = Some(Extent { offset, size_bytes });
    region.found = region.expected;
    region
}
