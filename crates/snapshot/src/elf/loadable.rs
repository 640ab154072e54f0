//! What a loader would not load, or would map otherwise than a tool that goes by sections reads it.
//!
//! Loaders of Linux and Android refuse a file over its identification, need `PT_DYNAMIC`, and map
//! by program headers alone; tools go by sections. A file that is refused there, or shows something
//! else, is not the snapshot that it looks like.

use goblin::elf::header::{EI_OSABI, EI_VERSION, ELFOSABI_GNU, ELFOSABI_NONE, ET_DYN, ET_EXEC};
use goblin::elf::header::{EV_CURRENT, Header};
use goblin::elf::program_header::{PT_LOAD, PT_PHDR, ProgramHeader};
use goblin::elf::section_header::{SHT_NOBITS, SectionHeader};

use super::broken;
use crate::error::ReadError;
use crate::image::{Segment, offset_of};

/// Checks the identification at the start of the file.
pub(super) fn header(header: &Header) -> Result<(), ReadError> {
    let ident = |at: usize| header.e_ident.get(at).copied().unwrap_or_default();
    let refused = |what: &str| {
        Err(broken(
            "header",
            format!("{what}: a loader refuses the file"),
        ))
    };
    if ident(EI_VERSION) != EV_CURRENT || header.e_version != u32::from(EV_CURRENT) {
        return refused("its ELF version is not 1");
    }
    if ![ELFOSABI_NONE, ELFOSABI_GNU].contains(&ident(EI_OSABI)) {
        return refused("it is for another system's ABI");
    }
    if (EI_OSABI + 1..header.e_ident.len()).any(|at| ident(at) != 0) {
        return refused("its identification is not padded with zeros");
    }
    if ![ET_DYN, ET_EXEC].contains(&header.e_type) {
        return refused("it is neither a library nor a program");
    }
    Ok(())
}

/// Checks that load segments keep apart in memory, not only in the file.
pub(super) fn memory(programs: &[ProgramHeader]) -> Result<(), ReadError> {
    let mut end = 0;
    for load in programs.iter().filter(|program| program.p_type == PT_LOAD) {
        let at = load.p_vaddr;
        let Some(zeros) = load.p_memsz.checked_sub(load.p_filesz) else {
            let reason =
                format!("the load segment at {at:#x} is larger in the file than in memory");
            return Err(broken("program headers", reason));
        };
        if zeros > ZEROS_BYTES_MAX {
            let reason = format!("the load segment at {at:#x} asks for {zeros} bytes of zeros");
            return Err(broken("program headers", reason));
        }
        if at < end {
            let what = format!("the load segment at {at:#x} overlaps the one before it in memory");
            return Err(ReadError::TwoReadings { what });
        }
        end = at.saturating_add(load.p_memsz);
    }
    Ok(())
}

/// Checks that program headers and sections, where they speak of one thing, say the same.
pub(super) fn places(
    header: &Header,
    programs: &[ProgramHeader],
    sections: &[SectionHeader],
    segments: &[Segment],
) -> Result<(), ReadError> {
    for table in programs.iter().filter(|program| program.p_type == PT_PHDR) {
        let mapped = offset_of(segments, table.p_vaddr, table.p_filesz);
        if table.p_offset != header.e_phoff || mapped != Some(table.p_offset) {
            let what = "PT_PHDR does not point to the program headers".to_owned();
            return Err(ReadError::TwoReadings { what });
        }
    }
    let mapped = |section: &&SectionHeader| {
        section.is_alloc() && section.sh_type != SHT_NOBITS && section.sh_size > 0
    };
    for section in sections.iter().filter(mapped) {
        let (address, offset) = (section.sh_addr, section.sh_offset);
        if offset_of(segments, address, section.sh_size) != Some(offset) {
            let what = format!(
                "the section at {offset:#x} of the file is not what the program headers map to its \
                 address {address:#x}"
            );
            return Err(ReadError::TwoReadings { what });
        }
    }
    Ok(())
}

/// More zeros behind a segment's bytes than any library asks for: 1 GiB.
const ZEROS_BYTES_MAX: u64 = 1 << 30;
