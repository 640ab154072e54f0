//! A made ELF64 file, found its way through and changed byte by byte.

use patchproof_snapshot::Snapshot;

use crate::making::split;

/// An ELF64 file to spoil. What is loaded has the same offset as address.
pub(crate) struct Elf {
    pub(crate) bytes: Vec<u8>,
}

impl Elf {
    pub(crate) fn new() -> Self {
        Self {
            bytes: split().build(),
        }
    }

    pub(crate) fn number(&self, at: usize, width: usize) -> u64 {
        let mut wide = [0; 8];
        wide[..width].copy_from_slice(&self.bytes[at..at + width]);
        u64::from_le_bytes(wide)
    }

    pub(crate) fn put(&mut self, at: usize, width: usize, value: u64) {
        self.bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
    }

    /// Where the program header of this type starts, the first one after so many others.
    pub(crate) fn program(&self, kind: u64, skipped: usize) -> usize {
        let headers = (0..7).map(|index| 64 + 56 * index);
        let mut of_kind = headers.filter(|at| self.number(*at, 4) == kind);
        of_kind.nth(skipped).unwrap()
    }

    /// Where the section header of this type starts.
    pub(crate) fn section(&self, kind: u64) -> usize {
        let start = usize::try_from(self.number(0x28, 8)).unwrap();
        let mut headers = (0..).map(|index| start + 64 * index);
        headers.find(|at| self.number(at + 4, 4) == kind).unwrap()
    }

    /// Where the dynamic entry of this kind starts.
    pub(crate) fn dynamic(&self, kind: u64) -> usize {
        let table = self.number(self.program(PT_DYNAMIC, 0) + 8, 8);
        let mut entries = (0..).map(|index| usize::try_from(table).unwrap() + 16 * index);
        entries.find(|at| self.number(*at, 8) == kind).unwrap()
    }

    /// The place to which a dynamic entry points.
    pub(crate) fn pointed(&self, kind: u64) -> usize {
        usize::try_from(self.number(self.dynamic(kind) + 8, 8)).unwrap()
    }

    pub(crate) fn add(&mut self, at: usize, width: usize, more: u64) {
        self.put(at, width, self.number(at, width) + more);
    }

    #[track_caller]
    pub(crate) fn assert_refused(&self, why: &str) {
        let error = Snapshot::read(&self.bytes).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

pub(crate) const PT_LOAD: u64 = 1;
pub(crate) const PT_DYNAMIC: u64 = 2;
pub(crate) const PT_NOTE: u64 = 4;
pub(crate) const DT_HASH: u64 = 4;
pub(crate) const DT_STRTAB: u64 = 5;
pub(crate) const DT_SYMTAB: u64 = 6;
pub(crate) const DT_SYMENT: u64 = 11;
pub(crate) const DT_DEBUG: u64 = 21;
pub(crate) const DT_GNU_HASH: u64 = 0x6fff_fef5;
pub(crate) const SHT_SYMTAB: u64 = 2;
pub(crate) const SHT_STRTAB: u64 = 3;
pub(crate) const SHT_DYNSYM: u64 = 11;
