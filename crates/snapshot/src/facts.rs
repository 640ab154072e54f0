//! Facts in the shape of `inspect --format json`: names that other tools rely on.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::container::{Arch, Container, Layout, Os};
use crate::engine::{Embedder, Engine};
use crate::snapshot::Snapshot;
use crate::words::settled;

/// A snapshot's facts. Within a version fields are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SnapshotFacts {
    /// SHA-256 of the file, in lowercase hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// `elf32`, `elf64` or `macho64`.
    pub container: Container,
    /// `arm`, `arm64`, `x86`, `x64`, `riscv32`, `riscv64` or `unknown`.
    pub arch: Arch,
    /// The system that its features name.
    pub os: Option<Os>,
    /// `split` or `unified`.
    pub layout: Layout,
    /// The snapshot version.
    pub snapshot_version: String,
    /// The feature words, in their order.
    pub features: Vec<String>,
    /// GNU build id or UUID, in lowercase hex.
    pub build_id: Option<String>,
    /// Whether the names of functions are gone.
    pub stripped: bool,
    /// Where each of its symbols is.
    pub symbols: BTreeMap<String, SymbolFacts>,
    /// The kind that each data blob declares.
    pub kinds: Vec<i64>,
    /// The smallest alignment of a load segment, in bytes.
    pub load_alignment: u64,
    /// Whether a system with 16 KiB pages can map it.
    pub ready_for_16k_pages: bool,
    /// What it was compiled for, where its library names show it.
    pub embedder: Option<Embedder>,
    /// Absolute `file://` addresses left inside; at most 32.
    pub absolute_paths: Vec<String>,
}

/// Where a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SymbolFacts {
    /// Its virtual address.
    pub address: u64,
    /// Its offset in the file, in bytes.
    pub offset: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// An engine's facts. Within a version fields are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EngineFacts {
    /// SHA-256 of the file, in lowercase hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The container it is in itself.
    pub container: Container,
    /// The machine it is for.
    pub arch: Arch,
    /// The system it is for, where that shows.
    pub os: Option<Os>,
    /// The layout whose symbols it looks up, where that shows.
    pub layout: Option<Layout>,
    /// Every string that could be the snapshot version it takes.
    pub snapshot_versions: Vec<String>,
    /// The Dart version it names.
    pub dart_version: Option<String>,
    /// `flutter` or `standalone`, where that shows.
    pub embedder: Option<Embedder>,
    /// The feature words that its strings settle among those that never change while it runs: its
    /// mode, machine, system and kind of pointers. A snapshot may have further words.
    pub settled_features: Vec<String>,
}

impl From<&Snapshot> for SnapshotFacts {
    fn from(snapshot: &Snapshot) -> Self {
        let symbols = snapshot.symbols.iter().map(|symbol| {
            let place = SymbolFacts {
                address: symbol.address,
                offset: symbol.offset,
                size: symbol.size,
            };
            (symbol.name.clone(), place)
        });
        Self {
            sha256: hex::encode(snapshot.sha256),
            size: snapshot.size,
            container: snapshot.container,
            arch: snapshot.arch,
            os: snapshot.os,
            layout: snapshot.layout,
            snapshot_version: snapshot.header().version.clone(),
            features: snapshot.features().map(str::to_owned).collect(),
            build_id: snapshot.build_id.clone(),
            stripped: snapshot.stripped,
            symbols: symbols.collect(),
            kinds: snapshot.blobs().map(|blob| blob.header.kind).collect(),
            load_alignment: snapshot.load_alignment,
            ready_for_16k_pages: snapshot.ready_for_16k_pages,
            embedder: snapshot.embedder,
            absolute_paths: snapshot.absolute_paths.clone(),
        }
    }
}

impl From<&Engine<'_>> for EngineFacts {
    fn from(engine: &Engine<'_>) -> Self {
        Self {
            sha256: hex::encode(engine.sha256),
            size: engine.size,
            container: engine.container,
            arch: engine.arch,
            os: engine.os,
            layout: engine.layout,
            snapshot_versions: engine
                .versions
                .iter()
                .map(|&version| version.to_owned())
                .collect(),
            dart_version: engine.dart_version.map(str::to_owned),
            embedder: engine.embedder,
            settled_features: settled(engine).into_iter().map(str::to_owned).collect(),
        }
    }
}
