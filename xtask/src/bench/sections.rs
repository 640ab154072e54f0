//! What is measured on one pair or over a chain, as sections of the report; empty where it was not.

use super::contestants::REFERENCE;
use super::results::Results;
use super::statistics::real;
use crate::tables::table;

pub(super) fn levels(results: &Results) -> String {
    let Some(first) = results.levels.first() else {
        return String::new();
    };
    let rows = results.levels.iter().map(|row| {
        vec![
            row.level.to_string(),
            row.patch_bytes.to_string(),
            format!("{:.3}", row.size_ratio),
            format!("{:.2}", row.make_seconds),
            format!("{:.3}", row.make_ratio),
            row.window_bytes
                .map_or(String::new(), |bytes| format!("{} MiB", bytes >> 20)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let head = [
        "level", "bytes", "relative", "seconds", "relative", "window",
    ];
    let pair = &first.pair;
    format!(
        "## Levels of the shorebird container\n\nOver {pair}, relative to {REFERENCE}.\n\n{}",
        table(&head, &rows)
    )
}

pub(super) fn codecs(results: &Results) -> String {
    let Some(codecs) = &results.codecs else {
        return String::new();
    };
    let rows = codecs.rows.iter().map(|row| {
        vec![
            format!("{} {}", row.codec, row.level),
            row.packed_bytes.to_string(),
            format!("{:.3}", row.pack_seconds),
            format!("{:.1}", row.unpack_seconds * 1e3),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let head = [
        "codec",
        "bytes",
        "seconds to pack",
        "milliseconds to unpack",
    ];
    format!(
        "## zstd beside brotli\n\nOver the columns of {}, {} bytes, each packed by itself with a \
         window of 2 MiB.\n\n{}",
        codecs.pair,
        codecs.column_bytes,
        table(&head, &rows)
    )
}

pub(super) fn chains(results: &Results) -> String {
    if results.chains.is_empty() {
        return String::new();
    }
    let rows = results.chains.iter().map(|chain| {
        let relative = real(chain.from_before_bytes) / real(chain.from_release_bytes);
        vec![
            format!("{}: {}", chain.package, chain.newest),
            chain.container.to_owned(),
            format!("{}: {}", chain.release, chain.from_release_bytes),
            format!("{}: {}", chain.before, chain.from_before_bytes),
            format!("{relative:.3}"),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let head = [
        "to",
        "container",
        "from the release: bytes",
        "from the one before: bytes",
        "relative",
    ];
    format!(
        "## From the release, or from the patch before\n\n{}",
        table(&head, &rows)
    )
}
