//! A made AOT snapshot: a right one to start from, and what may be made wrong about it.

use super::blob::{ALIGNMENT_BYTES, Blob};
use super::bytes::size;
use super::image::{Image, Place, Symbol};
use super::parts::Parts;
use super::payload;
use super::target::{
    Container, Embedder, Layout, Machine, Os, default_os, features_for, version_for,
};

/// A snapshot to build; every field may be set to something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeSnapshot {
    /// The kind of file.
    pub container: Container,
    /// The processor its header names.
    pub machine: Machine,
    /// Which symbols it has.
    pub layout: Layout,
    /// The data of the VM; not in the file when unified.
    pub vm: Blob,
    /// The data of the app; when unified, all data.
    pub isolate: Blob,
    /// The VM's instructions behind their 64 bytes of header; not in the file when unified.
    pub vm_text: Vec<u8>,
    /// The app's instructions behind their 64 bytes of header; empty leaves the header out too.
    pub text: Vec<u8>,
    /// Whose library's name stands among the app's strings.
    pub embedder: Option<Embedder>,
    /// A path on the machine that compiled it, among the app's strings.
    pub source_path: Option<String>,
    /// ELF: the build id note and its symbol. Mach-O: the UUID, right with 16 bytes.
    pub build_id: Option<Vec<u8>>,
    /// `p_align` of the ELF segments to load, in bytes; where Mach-O's segments start.
    pub load_alignment_bytes: u64,
    /// Whether the functions' names are left out: ELF's `.symtab`, Mach-O's local symbols.
    pub stripped: bool,
    /// Mach-O: whether debugging stabs of the exported names stand before the exports, the data's
    /// with the value 0.
    pub stabs: bool,
    /// Exported symbols that get another name: (old, new).
    pub renamed: Vec<(String, String)>,
    /// Exported symbols that are left out, by their right names.
    pub omitted: Vec<String>,
    /// NUL-terminated strings at the start of the read-only data.
    pub extra_strings: Vec<Vec<u8>>,
    /// `e_machine` or `cputype` to state instead; ELF has room for 16 bits.
    pub machine_override: Option<u32>,
    /// ELF: whether there are section headers, and with them what only tools read.
    pub section_headers: bool,
    /// ELF, an attack: this blob is in the file as well, and `.dynsym` and `.symtab` say that it
    /// is the app's data. The loader, which asks the dynamic segment, still takes `isolate`.
    pub misplaced_dynsym: Option<Blob>,
    /// Mach-O: the platform of the build version; 1 is macOS, 2 is iOS.
    pub macho_platform: u32,
}

impl MadeSnapshot {
    /// A right snapshot of a Flutter app for [`default_os`].
    #[must_use]
    pub fn new(container: Container, machine: Machine, layout: Layout) -> Self {
        let os = default_os(container, machine);
        let features = features_for(layout, machine, os, Embedder::Flutter);
        let blob = |size_bytes| Blob::new(layout, version_for(layout), &features, 0, size_bytes);
        let mut made = Self {
            container,
            machine,
            layout,
            vm: blob(1024),
            isolate: blob(8 * 1024),
            vm_text: vec![0; 1024],
            text: vec![0; 12 * 1024],
            embedder: Some(Embedder::Flutter),
            source_path: None,
            build_id: None,
            load_alignment_bytes: container.load_alignment_bytes(machine),
            stripped: false,
            stabs: true,
            renamed: Vec::new(),
            omitted: Vec::new(),
            extra_strings: Vec::new(),
            machine_override: None,
            section_headers: true,
            misplaced_dynsym: None,
            macho_platform: os.macho_platform(),
        };
        made.reseed(1);
        made
    }

    /// Another app by the same compiler: the same sizes, other contents, another build id.
    #[must_use]
    pub fn with_payload_seed(mut self, seed: u64) -> Self {
        self.reseed(seed);
        self
    }

    /// Another build of the same app by the same compiler, as a patched one is.
    ///
    /// The app's data and text have bytes changed and put in, so it is longer; the VM's parts, the
    /// version and the features stay, the build id does not.
    #[must_use]
    pub fn edited(mut self, seed: u64) -> Self {
        self.isolate.edit(seed);
        self.text = payload::edited(&self.text, seed);
        self.build_id = self
            .build_id
            .map(|id| payload::noise(seed ^ EDITED_ID, id.len()));
        self
    }

    /// States this snapshot version in every blob.
    #[must_use]
    pub fn with_version(mut self, version: &str) -> Self {
        self.vm.version = version.into();
        self.isolate.version = version.into();
        self
    }

    /// States these features in every blob.
    #[must_use]
    pub fn with_features(mut self, features: &str) -> Self {
        self.vm.features = features.into();
        self.isolate.features = features.into();
        self
    }

    /// A right snapshot for another system or embedder: its features, strings and platform.
    #[must_use]
    pub fn for_target(mut self, os: Os, embedder: Embedder) -> Self {
        self.embedder = Some(embedder);
        self.macho_platform = os.macho_platform();
        let features = features_for(self.layout, self.machine, os, embedder);
        self.with_features(&features)
    }

    /// The file.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let mut parts = Parts::new(self.container.width());
        self.place_text(&mut parts);
        self.place_data(&mut parts);
        if let Some(id) = &self.build_id {
            let size_bytes = size(id) + NOTE_HEADER_BYTES;
            parts.symbol("_kDartSnapshotBuildId", Place::BuildId, 0, size_bytes);
        }
        let functions = self.functions(&parts);
        // Mach-O has one symbol table; there is nothing to misplace.
        let blob = self
            .misplaced_dynsym
            .as_ref()
            .filter(|_| self.container != Container::Macho64);
        let claimed_exports = blob.map(|blob| {
            let offset = parts.rodata(&blob.to_bytes(parts.width, &[]));
            self.exported(self.claimed(&parts, offset))
        });
        Image {
            container: self.container,
            machine: self.machine,
            machine_override: self.machine_override,
            load_alignment_bytes: self.load_alignment_bytes,
            build_id: self.build_id.clone(),
            exports: self.exported(parts.exports),
            rodata: parts.rodata.into_bytes(),
            text: parts.text.into_bytes(),
            functions,
            claimed_exports,
            stripped: self.stripped,
            section_headers: self.section_headers,
            stabs: self.stabs,
            macho_platform: self.macho_platform,
        }
        .to_bytes()
    }

    fn reseed(&mut self, seed: u64) {
        self.vm.reseed(VM);
        self.isolate.reseed(seed);
        self.vm_text = payload::noise(VM_TEXT, self.vm_text.len());
        self.text = payload::noise(seed ^ TEXT, self.text.len());
        self.build_id = Some(payload::noise(seed ^ ID, 16));
    }

    fn place_data(&self, parts: &mut Parts) {
        for string in &self.extra_strings {
            parts.rodata.c_string(string);
        }
        let width = parts.width;
        if self.layout == Layout::Split {
            parts.data("_kDartVmSnapshotData", &self.vm.to_bytes(width, &[]));
        }
        let library = self.embedder.map(Embedder::library);
        let strings = library
            .into_iter()
            .chain(["dart:core"])
            .chain(self.source_path.as_deref());
        let isolate = self.isolate.to_bytes(width, &strings.collect::<Vec<_>>());
        parts.data(self.data_name(), &isolate);
    }

    fn place_text(&self, parts: &mut Parts) {
        match self.layout {
            Layout::Split => {
                parts.instructions("_kDartVmSnapshotInstructions", &self.vm_text);
                parts.instructions("_kDartIsolateSnapshotInstructions", &self.text);
            }
            Layout::Unified => parts.instructions("_kDartSnapshotText", &self.text),
        }
    }

    const fn data_name(&self) -> &'static str {
        match self.layout {
            Layout::Split => "_kDartIsolateSnapshotData",
            Layout::Unified => "_kDartSnapshotData",
        }
    }

    /// The exports as they are called in this file.
    fn exported(&self, mut symbols: Vec<Symbol>) -> Vec<Symbol> {
        symbols.retain(|symbol| !self.omitted.contains(&symbol.name));
        for symbol in &mut symbols {
            if let Some((_, new)) = self.renamed.iter().find(|(old, _)| *old == symbol.name) {
                symbol.name.clone_from(new);
            }
        }
        symbols
    }

    /// The exports with the app's data claimed to be the blob at `offset`.
    fn claimed(&self, parts: &Parts, offset: u64) -> Vec<Symbol> {
        let mut symbols = parts.exports.clone();
        for symbol in symbols
            .iter_mut()
            .filter(|symbol| symbol.name == self.data_name())
        {
            symbol.offset = offset;
            symbol.size_bytes = parts.rodata.position() - offset;
        }
        symbols
    }

    /// Two functions of the app, for those who look beyond the snapshot's own symbols.
    fn functions(&self, parts: &Parts) -> Vec<Symbol> {
        let text = parts
            .exports
            .iter()
            .rfind(|symbol| symbol.place == Place::Text);
        let start = text.map_or(0, |symbol| symbol.offset + ALIGNMENT_BYTES);
        let function = |name: &str, offset, size_bytes| Symbol {
            name: name.to_owned(),
            place: Place::Text,
            offset: start + offset,
            size_bytes,
        };
        vec![
            function("stub JumpToFrame", 0, 68),
            function("_MyAppState.build", 68, 208),
        ]
    }
}

const NOTE_HEADER_BYTES: u64 = 16;
const VM: u64 = 0x0011;
const VM_TEXT: u64 = 0x0022;
const TEXT: u64 = 0x7e87_0000;
const ID: u64 = 0x1d00_0000;
const EDITED_ID: u64 = 0x1ded_0000;
