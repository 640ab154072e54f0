//! What an ELF file's headers say lies where.

use goblin::elf::Elf;
use goblin::elf::header::Header;
use goblin::elf::program_header::{PT_NOTE, ProgramHeader};
use goblin::elf::section_header::{
    SHT_DYNAMIC, SHT_DYNSYM, SHT_GNU_HASH, SHT_HASH, SHT_NOBITS, SHT_NOTE, SHT_NULL, SHT_STRTAB,
    SHT_SYMTAB, SectionHeader,
};
use patchproof_report::RegionKind;

use super::claims::{Claim, NAMED_SECTIONS_MAX};
use crate::elf;
use crate::image::slice;
use crate::notes;

/// The claims, the surest first: headers, notes, the snapshot's blobs, sections.
pub(super) fn claims(bytes: &[u8], blobs: Vec<Claim>) -> Vec<Claim> {
    let Ok(header) = Elf::parse_header(bytes) else {
        return blobs;
    };
    let Ok(ctx) = elf::context(&header) else {
        return blobs;
    };
    let programs = elf::program_headers(bytes, &header, ctx).unwrap_or_default();
    let sections = elf::section_headers(bytes, &header, ctx).unwrap_or_default();
    let mut claims = header_claims(&header);
    claims.extend(build_ids(bytes, &programs));
    claims.extend(blobs);
    let named = sections.iter().take(NAMED_SECTIONS_MAX);
    claims.extend(named.filter_map(|section| section_claim(bytes, &header, &sections, section)));
    claims
}

fn header_claims(header: &Header) -> Vec<Claim> {
    let table = |name, offset, entry_size: u16, count: u16| {
        let size_bytes = u64::from(entry_size) * u64::from(count);
        Claim::new(name, RegionKind::Container, offset, size_bytes)
    };
    vec![
        table("ELF header", 0, header.e_ehsize, 1),
        table(
            "program headers",
            header.e_phoff,
            header.e_phentsize,
            header.e_phnum,
        ),
        table(
            "section headers",
            header.e_shoff,
            header.e_shentsize,
            header.e_shnum,
        ),
    ]
}

/// The build id notes, header included.
fn build_ids(bytes: &[u8], programs: &[ProgramHeader]) -> Vec<Claim> {
    let areas = programs.iter().filter(|program| program.p_type == PT_NOTE);
    let ids = areas.flat_map(|area| {
        let notes = slice(bytes, area.p_offset, area.p_filesz).unwrap_or_default();
        notes::build_ids(notes).into_iter().map(|note| {
            let offset = area.p_offset.saturating_add(note.offset);
            let size_bytes = note.size_bytes;
            Claim::new("build id note", RegionKind::BuildId, offset, size_bytes)
        })
    });
    ids.take(NAMED_SECTIONS_MAX).collect()
}

fn section_claim(
    bytes: &[u8],
    header: &Header,
    sections: &[SectionHeader],
    section: &SectionHeader,
) -> Option<Claim> {
    if [SHT_NULL, SHT_NOBITS].contains(&section.sh_type) {
        return None;
    }
    let name = section_name(bytes, header, sections, section);
    let name = if name.is_empty() { "section" } else { &name };
    let kind = kind(name, section);
    Some(Claim::new(name, kind, section.sh_offset, section.sh_size))
}

fn section_name(
    bytes: &[u8],
    header: &Header,
    sections: &[SectionHeader],
    section: &SectionHeader,
) -> String {
    let table = sections.get(usize::from(header.e_shstrndx));
    let names = table.and_then(|table| slice(bytes, table.sh_offset, table.sh_size));
    let rest = names.and_then(|names| names.get(section.sh_name..));
    let reach = rest.map(|rest| rest.get(..NAME_BYTES_MAX).unwrap_or(rest));
    let name = reach.and_then(|reach| reach.split(|byte| *byte == 0).next());
    String::from_utf8_lossy(name.unwrap_or_default()).into_owned()
}

fn kind(name: &str, section: &SectionHeader) -> RegionKind {
    let loaded = section.is_alloc();
    match section.sh_type {
        SHT_SYMTAB => RegionKind::Symbols,
        SHT_STRTAB if !loaded && name != ".shstrtab" => RegionKind::Symbols,
        _ if !loaded && name.starts_with(".debug") => RegionKind::Symbols,
        SHT_DYNSYM | SHT_HASH | SHT_GNU_HASH | SHT_DYNAMIC | SHT_STRTAB if loaded => {
            RegionKind::Container
        }
        SHT_NOTE => RegionKind::Container,
        _ if loaded && section.is_executable() => RegionKind::Code,
        _ if loaded && name == ".rodata" => RegionKind::Data,
        _ => RegionKind::Other,
    }
}

/// Longer than any section's name.
const NAME_BYTES_MAX: usize = 64;
