//! A made engine: what a Dart VM's binary tells about the snapshots it accepts.

use super::bytes::{Width, Writer};
use super::image::{Image, Place, Symbol};
use super::payload;
use super::snapshot::MadeSnapshot;
use super::target::{
    Container, Embedder, Layout, Machine, Os, default_os, features_for, version_for,
};

/// An engine to build. Every literal stands between NULs, as compilers leave them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeEngine {
    /// The kind of file.
    pub container: Container,
    /// The processor its header names.
    pub machine: Machine,
    /// Literals of 32 hex characters; a right engine has its own version, and perhaps strangers.
    pub versions: Vec<String>,
    /// The words of the features, with their leading space; for what the VM decides when it
    /// starts both ` word` and ` no-word` are there.
    pub words: Vec<String>,
    /// The names it looks the snapshot up by; literals, not symbols of its own.
    pub symbol_names: Vec<String>,
    /// Which Dart it is, such as `3.10.4 (stable) (Tue Dec 2 01:00:00 2025 -0800) on "linux_x64"`.
    pub dart_version: Option<String>,
    /// Whose library and whose exported function it has.
    pub embedder: Option<Embedder>,
    /// Further literals, of any bytes.
    pub raw_extra: Vec<Vec<u8>>,
    /// ELF: the build id note. Mach-O: the UUID.
    pub build_id: Option<Vec<u8>>,
    /// `e_machine` or `cputype` to state instead; ELF has room for 16 bits.
    pub machine_override: Option<u32>,
    /// Mach-O: the platform of the build version; 1 is macOS, 2 is iOS.
    pub macho_platform: u32,
}

impl MadeEngine {
    /// A right engine for the right snapshots of the same kind and embedder.
    #[must_use]
    pub fn new(container: Container, machine: Machine, layout: Layout, embedder: Embedder) -> Self {
        let os = default_os(container, machine);
        Self {
            container,
            machine,
            versions: vec![version_for(layout).to_owned()],
            words: words_of(&features_for(layout, machine, os, embedder)),
            symbol_names: layout
                .symbol_names()
                .iter()
                .map(|&name| name.to_owned())
                .collect(),
            dart_version: Some(dart_version_for(layout, machine, os)),
            embedder: Some(embedder),
            raw_extra: Vec::new(),
            build_id: Some(payload::noise(ID, build_id_size_bytes(container))),
            machine_override: None,
            macho_platform: os.macho_platform(),
        }
    }

    /// The engine that accepts the snapshot, going by the app's blob.
    #[must_use]
    pub fn accepting(snapshot: &MadeSnapshot) -> Self {
        let embedder = snapshot.embedder.unwrap_or(Embedder::Flutter);
        let features = String::from_utf8_lossy(&snapshot.isolate.features);
        let version = String::from_utf8_lossy(&snapshot.isolate.version).into_owned();
        let default = default_os(snapshot.container, snapshot.machine);
        let os = Os::among(&features).unwrap_or(default);
        Self {
            embedder: snapshot.embedder,
            versions: vec![version],
            words: words_of(&features),
            dart_version: Some(dart_version_for(snapshot.layout, snapshot.machine, os)),
            macho_platform: os.macho_platform(),
            ..Self::new(
                snapshot.container,
                snapshot.machine,
                snapshot.layout,
                embedder,
            )
        }
    }

    /// The file.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let text = payload::noise(TEXT, 4096);
        let entry = match self.embedder {
            Some(Embedder::Standalone) => "Dart_Initialize",
            Some(Embedder::Flutter) => "FlutterEngineRun",
            None => "_init",
        };
        let symbol = Symbol {
            name: entry.to_owned(),
            place: Place::Text,
            offset: 0,
            size_bytes: 46,
        };
        Image {
            container: self.container,
            machine: self.machine,
            machine_override: self.machine_override,
            load_alignment_bytes: self.container.load_alignment_bytes(self.machine),
            build_id: self.build_id.clone(),
            rodata: self.literals(),
            text,
            exports: vec![symbol],
            functions: Vec::new(),
            claimed_exports: None,
            stripped: true,
            section_headers: true,
            stabs: false,
            macho_platform: self.macho_platform,
        }
        .to_bytes()
    }

    fn literals(&self) -> Vec<u8> {
        let mut writer = Writer::new(Width::Eight);
        writer.bytes(&payload::noise(RODATA, 2048));
        writer.u8(0);
        let library = self.embedder.map(Embedder::library);
        let named = library.into_iter().chain(self.dart_version.as_deref());
        let texts = [&self.versions, &self.words, &self.symbol_names]
            .into_iter()
            .flatten();
        let texts = named
            .chain(texts.map(String::as_str))
            .chain(ALWAYS.iter().copied());
        for literal in texts
            .map(str::as_bytes)
            .chain(self.raw_extra.iter().map(Vec::as_slice))
        {
            writer.c_string(literal);
        }
        writer.bytes(&payload::noise(RODATA + 1, 2048));
        writer.into_bytes()
    }
}

/// The bytes of the build id that linkers give an engine.
const fn build_id_size_bytes(container: Container) -> usize {
    match container {
        Container::Elf32 | Container::Elf64 => 20,
        Container::Macho64 => 16,
    }
}

/// The Dart of the layout's time, and what it was built for.
fn dart_version_for(layout: Layout, machine: Machine, os: Os) -> String {
    let release = match layout {
        Layout::Split => "3.10.4 (stable) (Tue Dec 2 01:00:00 2025 -0800)",
        Layout::Unified => "3.13.1 (stable) (Tue Aug 18 01:00:00 2026 -0700)",
    };
    format!("{release} on \"{}_{}\"", os.word(), machine.word())
}

/// The literals an engine has that writes these features.
fn words_of(features: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, word) in features.split(' ').enumerate() {
        let name = word.strip_prefix("no-").unwrap_or(word);
        if index == 0 {
            words.push(word.to_owned());
        } else if DECIDED_AT_START.contains(&name) {
            words.extend([format!(" no-{name}"), format!(" {name}")]);
        } else {
            words.push(format!(" {word}"));
        }
    }
    words
}

/// What the VM says with or without `no-`, by the flags it was started with.
const DECIDED_AT_START: [&str; 4] = [
    "code_comments",
    "dwarf_stack_traces_mode",
    "dwarf_stack_traces",
    "shared_data",
];

/// What stands in every engine: its messages, and words too like the features'.
const ALWAYS: [&str; 6] = [
    "Wrong full snapshot version, expected '%s' found '%s'",
    "Snapshot not compatible with the current VM configuration: the snapshot requires '%s' but \
     the VM has '%s'",
    "no-dedup_instructions",
    "asan",
    "dart:core",
    "0123456789abcdefghijklmnopqrstuv",
];
const TEXT: u64 = 0xe91e;
const RODATA: u64 = 0xe9da;
const ID: u64 = 0xe91d;

#[cfg(test)]
mod tests {
    use super::{MadeEngine, words_of};
    use crate::made::{Container, Embedder, Layout, Machine, MadeSnapshot, NATURAL, Os};
    use object::{File, Object, ObjectKind, ObjectSymbol};

    #[test]
    fn every_engine_is_a_library_that_exports_no_snapshot() {
        for (container, machine) in NATURAL {
            let engine = MadeEngine::new(container, machine, Layout::Split, Embedder::Flutter);
            let bytes = engine.build();
            let file = File::parse(&*bytes).unwrap();
            let named = |symbol: object::Symbol<'_, '_>| symbol.name().unwrap().to_owned();
            let mut names: Vec<String> = file.dynamic_symbols().map(named).collect();
            names.extend(file.symbols().map(named));
            assert_eq!(file.kind(), ObjectKind::Dynamic);
            assert!(names.contains(&"FlutterEngineRun".to_owned()), "{names:?}");
            assert!(
                !names.iter().any(|name| name.starts_with("_kDart")),
                "{names:?}"
            );
        }
    }

    #[test]
    fn an_engine_knows_the_version_the_words_and_the_symbols_of_its_snapshot() {
        let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Unified);
        let made = made
            .for_target(Os::Linux, Embedder::Standalone)
            .with_version("0f0f");
        let literals = literals(&MadeEngine::accepting(&made));
        for literal in [
            "0f0f",
            "product",
            " x64",
            " linux",
            " no-compressed-pointers",
            "_kDartSnapshotText",
            "dart:_builtin",
            "3.13.1 (stable) (Tue Aug 18 01:00:00 2026 -0700) on \"linux_x64\"",
        ] {
            assert!(literals.contains(&literal.to_owned()), "{literal}");
        }
        assert!(!literals.contains(&"dart:ui".to_owned()));
    }

    #[test]
    fn what_the_vm_decides_at_its_start_stands_both_ways() {
        let words = words_of("product no-code_comments no-tsan x64");
        assert_eq!(
            words,
            [
                "product",
                " no-code_comments",
                " code_comments",
                " no-tsan",
                " x64"
            ]
        );
    }

    #[test]
    fn an_extra_literal_stands_between_nuls() {
        let made = MadeSnapshot::new(Container::Macho64, Machine::X64, Layout::Split);
        let mut engine = MadeEngine::accepting(&made);
        engine.raw_extra.push(b"pre 0123456789abcdef".to_vec());
        assert!(literals(&engine).contains(&"pre 0123456789abcdef".to_owned()));
    }

    fn literals(engine: &MadeEngine) -> Vec<String> {
        let bytes = engine.build();
        let parts = bytes.split(|byte| *byte == 0);
        parts
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect()
    }
}
