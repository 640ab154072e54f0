//! `patchproof inspect` for a person: a name, then aligned facts.

use anstyle::{AnsiColor, Style};
use patchproof_snapshot::{Embedder, EngineFacts, Os, SnapshotFacts};

use crate::commands::inspect::{Facts, Inspected, PatchFacts};

pub(crate) fn text(inspected: &Inspected) -> String {
    let (kind, style, rows) = match &inspected.facts {
        Facts::Snapshot(facts) => ("snapshot", GOOD, snapshot(facts)),
        Facts::Engine(facts) => ("engine", GOOD, engine(facts)),
        Facts::Patch(facts) => ("patch", GOOD, patch(facts)),
        Facts::Unreadable { error } => ("unreadable", BAD, vec![("error", error.clone())]),
    };
    let mut out = format!("{}: {style}{kind}{style:#}\n", inspected.path);
    for (name, value) in rows {
        out.push_str(&format!("  {name:<18} {value}\n"));
    }
    out
}

type Rows = Vec<(&'static str, String)>;

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
    vec![
        ("sha256", facts.sha256.clone()),
        ("size", format!("{} bytes", facts.size)),
        ("container", facts.container.to_owned()),
        ("codec", facts.codec.to_owned()),
        ("output", format!("{} bytes", facts.output_size)),
        (
            "stream",
            format!("{} bytes in {} records", facts.stream_size, facts.records),
        ),
        (
            "from the base",
            format!("{} bytes as they are", facts.copied_bytes),
        ),
        ("changed", format!("{} bytes", facts.added_bytes)),
        ("new", format!("{} bytes", facts.new_bytes)),
    ]
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

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
