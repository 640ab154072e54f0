//! `patchproof inspect` for a person: a name, then aligned facts.

use anstyle::{AnsiColor, Style};
use patchproof_snapshot::{Embedder, EngineFacts, Os, SnapshotFacts};

use crate::commands::inspect::{Facts, Inspected, PatchFacts};
use crate::commands::inspect_archive::ArchiveFacts;
use crate::commands::inspect_parts::PartFacts;

pub(crate) fn text(inspected: &Inspected) -> String {
    match &inspected.facts {
        Facts::Archive(facts) => archive(&inspected.path, facts),
        facts => file(&inspected.path, facts),
    }
}

fn file(path: &str, facts: &Facts) -> String {
    let (kind, style, rows) = match facts {
        Facts::Archive(_) => ("archive", GOOD, Vec::new()),
        Facts::Snapshot(facts) => ("snapshot", GOOD, snapshot(facts)),
        Facts::Engine(facts) => ("engine", GOOD, engine(facts)),
        Facts::Patch(facts) => ("patch", GOOD, patch(facts)),
        Facts::Unreadable { error } => ("unreadable", BAD, vec![("error", error.clone())]),
    };
    titled(path, &format!("{style}{kind}{style:#}"), rows)
}

/// A name and what it is, then aligned facts.
pub(crate) fn titled(path: &str, kind: &str, rows: Rows) -> String {
    let mut out = format!("{path}: {kind}\n");
    for (name, value) in rows {
        out.push_str(&format!("  {name:<18} {value}\n"));
    }
    out
}

fn archive(path: &str, facts: &ArchiveFacts) -> String {
    let or_unknown = |value: Option<String>| value.unwrap_or_else(unknown);
    let mut rows = vec![
        ("app id", or_unknown(facts.app_id.clone())),
        ("version name", or_unknown(facts.version_name.clone())),
        (
            "version code",
            or_unknown(facts.version_code.map(|code| code.to_string())),
        ),
    ];
    if let Some(debuggable) = facts.debuggable {
        rows.push(("debuggable", yes_no(debuggable)));
    }
    if !facts.permissions.is_empty() {
        rows.push(("permissions", facts.permissions.join(", ")));
    }
    rows.extend(facts.remarks.iter().map(|words| ("remark", words.clone())));
    for (role, parts) in &facts.parts {
        let stored = parts.stored_size;
        let count = format!("{}, {} bytes, {stored} as stored", parts.count, parts.size);
        rows.push((*role, count));
    }
    let kind = format!("{GOOD}archive{GOOD:#} ({})", facts.shape);
    let mut out = titled(path, &kind, rows);
    for member in &facts.members {
        let member_text = file(&member.path, &member.facts);
        out.extend(member_text.lines().map(|line| format!("  {line}\n")));
    }
    out
}

/// Facts: a name each, and what is so called.
pub(crate) type Rows = Vec<(&'static str, String)>;

fn snapshot(facts: &SnapshotFacts) -> Rows {
    let mut rows = vec![
        ("sha256", facts.sha256.clone()),
        ("size", format!("{} bytes", facts.size)),
        ("container", facts.container.word().to_owned()),
        ("arch", facts.arch.word().to_owned()),
        ("os", os(facts.os)),
        ("layout", facts.layout.word().to_owned()),
        ("snapshot version", facts.snapshot_version.clone()),
        ("features", facts.features.join(" ")),
        ("compiled for", embedder(facts.embedder)),
        (
            "build id",
            facts.build_id.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("stripped", yes_no(facts.stripped)),
        ("load alignment", format!("{} bytes", facts.load_alignment)),
        (
            "16 KiB pages",
            if facts.ready_for_16k_pages {
                "ready"
            } else {
                "not ready"
            }
            .to_owned(),
        ),
    ];
    for (name, at) in &facts.symbols {
        let place = format!(
            "{name} at {:#x}, offset {:#x}, {} bytes",
            at.address, at.offset, at.size
        );
        rows.push(("symbol", place));
    }
    rows.extend(
        facts
            .absolute_paths
            .iter()
            .map(|path| ("absolute path", path.clone())),
    );
    rows
}

fn engine(facts: &EngineFacts) -> Rows {
    vec![
        ("sha256", facts.sha256.clone()),
        ("size", format!("{} bytes", facts.size)),
        ("container", facts.container.word().to_owned()),
        ("arch", facts.arch.word().to_owned()),
        ("os", os(facts.os)),
        ("runs", embedder(facts.embedder)),
        ("Dart", facts.dart_version.clone().unwrap_or_else(unknown)),
        (
            "layout",
            facts
                .layout
                .map_or_else(unknown, |layout| layout.word().to_owned()),
        ),
        ("snapshot version", facts.snapshot_versions.join(" or ")),
        ("settled features", facts.settled_features.join(" ")),
    ]
}

fn patch(facts: &PatchFacts) -> Rows {
    let share = |bytes: u64| {
        let permille = bytes.saturating_mul(1000).checked_div(facts.output_size);
        let permille = permille.unwrap_or_default();
        format!(
            "{bytes} bytes, {}.{} % of the output",
            permille / 10,
            permille % 10
        )
    };
    let mut rows = vec![
        ("sha256", facts.sha256.clone()),
        ("size", format!("{} bytes", facts.size)),
        ("container", facts.container.to_owned()),
        ("codec", facts.codec.to_owned()),
        ("output", format!("{} bytes", facts.output_size)),
        (
            "stream",
            format!("{} bytes in {} records", facts.stream_size, facts.records),
        ),
        ("from the base", share(facts.copied_bytes)),
        ("changed", share(facts.added_bytes)),
        ("new", share(facts.new_bytes)),
    ];
    if let Some(declared) = &facts.declared {
        let base = declared.base_sha256.clone();
        rows.push((
            "base sha256",
            base.unwrap_or_else(|| "none is needed".to_owned()),
        ));
        rows.push(("output sha256", declared.output_sha256.clone()));
        let largest = declared
            .streams
            .iter()
            .map(|stream| stream.packed_size)
            .max();
        for stream in &declared.streams {
            let bar = bar(stream.packed_size, largest.unwrap_or_default());
            let sizes = format!(
                "{:<9} {:>9} bytes for {:>9}  {bar}",
                stream.name, stream.packed_size, stream.decoded_size
            );
            rows.push(("where it goes", sizes.trim_end().to_owned()));
        }
        rows.extend(parts(&declared.parts, facts.size));
    }
    rows
}

/// What the bytes of a patch are for, as a table with bars.
fn parts(parts: &[PartFacts], patch_bytes: u64) -> Rows {
    let largest = parts.iter().map(|part| part.packed_size).max();
    let row = |part: &PartFacts| {
        let permille = part.packed_size.saturating_mul(1000);
        let permille = permille.checked_div(patch_bytes).unwrap_or_default();
        let bar = bar(part.packed_size, largest.unwrap_or_default());
        let sizes = format!(
            "{:<18} {:>9} bytes {:>3}.{} %  {bar}",
            part.name,
            part.packed_size,
            permille / 10,
            permille % 10
        );
        ("what it is for", sizes.trim_end().to_owned())
    };
    parts.iter().map(row).collect()
}

/// A bar as long as a part of the largest one.
fn bar(part: u64, largest: u64) -> String {
    let columns = part
        .saturating_mul(BAR_COLUMNS)
        .checked_div(largest)
        .unwrap_or_default();
    "#".repeat(usize::try_from(columns).unwrap_or_default())
}

fn os(os: Option<Os>) -> String {
    os.map_or_else(unknown, |os| os.word().to_owned())
}

fn embedder(embedder: Option<Embedder>) -> String {
    embedder.map_or_else(unknown, |embedder| embedder.word().to_owned())
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

fn unknown() -> String {
    "unknown".to_owned()
}

/// What stands well, on a terminal.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What does not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
const BAR_COLUMNS: u64 = 24;
