//! What the writers of ELF and Mach-O are given: read-only data, text, and names into them.

use super::bytes::Width;
use super::target::{Container, Machine};
use super::{elf, macho};

/// A file before it has a format.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub(super) container: Container,
    pub(super) machine: Machine,
    /// Stated instead of the machine's own number.
    pub(super) machine_override: Option<u32>,
    pub(super) load_alignment_bytes: u64,
    pub(super) build_id: Option<Vec<u8>>,
    /// Lies at a multiple of 64.
    pub(super) rodata: Vec<u8>,
    /// Lies at a multiple of 64.
    pub(super) text: Vec<u8>,
    /// What the loader finds by name.
    pub(super) exports: Vec<Symbol>,
    /// What only a debugger would look at.
    pub(super) functions: Vec<Symbol>,
    /// ELF: what the section headers claim the exports are.
    pub(super) claimed_exports: Option<Vec<Symbol>>,
    pub(super) stripped: bool,
    pub(super) section_headers: bool,
    /// Mach-O: debugging entries of the exports' names before the exports.
    pub(super) stabs: bool,
    pub(super) macho_platform: u32,
}

/// A name for a part of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) place: Place,
    /// From the start of the place.
    pub(super) offset: u64,
    pub(super) size_bytes: u64,
}

/// The part of the file that a symbol points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    BuildId,
    Rodata,
    Text,
}

impl Image {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self.container {
            Container::Elf32 => elf::to_bytes(self, Width::Four),
            Container::Elf64 => elf::to_bytes(self, Width::Eight),
            Container::Macho64 => macho::to_bytes(self),
        }
    }

    /// Where segments are put; a nonsensical alignment is stated, but does not blow the file up.
    pub(super) fn placement_bytes(&self) -> u64 {
        self.load_alignment_bytes
            .clamp(64, 0x1_0000)
            .next_multiple_of(64)
    }
}
