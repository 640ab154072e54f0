//! What a Mach-O file's load commands say lies where.

use goblin::mach::load_command::{CommandVariant, LoadCommand, Section64, SegmentCommand64};
use patchproof_report::RegionKind;
use scroll::Pread as _;

use super::claims::{Claim, NAMED_SECTIONS_MAX};

/// The claims, the surest first: header, UUID, commands, the snapshot's blobs, tables, sections.
pub(super) fn claims(bytes: &[u8], blobs: Vec<Claim>) -> Vec<Claim> {
    let word = |at: usize| bytes.pread_with::<u32>(at, scroll::LE).unwrap_or_default();
    let (count, size_bytes) = (word(16), word(20));
    let mut claims = vec![Claim::new(
        "Mach-O header",
        RegionKind::Container,
        0,
        HEADER_BYTES,
    )];
    let mut parts = Vec::new();
    let area_end = usize::try_from(HEADER_BYTES.saturating_add(size_bytes.into()));
    let area = area_end.ok().and_then(|end| bytes.get(..end));
    let area = area.unwrap_or_default();
    let mut offset = HEADER_USIZE;
    for _ in 0..count.min(COMMANDS_MAX) {
        let start = offset;
        let Ok(command) = LoadCommand::parse(area, &mut offset, scroll::LE) else {
            break;
        };
        if matches!(command.command, CommandVariant::Uuid(_)) {
            let at = place(start).saturating_add(UUID_AT);
            claims.push(Claim::new("UUID", RegionKind::BuildId, at, UUID_BYTES));
        }
        parts.extend(command_claims(bytes, start, &command.command));
    }
    let commands = size_bytes.into();
    let name = "load commands";
    claims.push(Claim::new(
        name,
        RegionKind::Container,
        HEADER_BYTES,
        commands,
    ));
    claims.extend(blobs);
    claims.extend(parts.into_iter().take(NAMED_SECTIONS_MAX));
    claims
}

/// The tables and sections that one command places.
fn command_claims(bytes: &[u8], start: usize, command: &CommandVariant) -> Vec<Claim> {
    let claim = |name, kind, offset: u32, size_bytes: u64| {
        vec![Claim::new(name, kind, offset.into(), size_bytes)]
    };
    match command {
        CommandVariant::Segment64(segment) => section_claims(bytes, start, segment),
        CommandVariant::Symtab(table) => {
            let entries = u64::from(table.nsyms) * NLIST_BYTES;
            let kind = RegionKind::Symbols;
            let mut claims = claim("symbol table", kind, table.symoff, entries);
            claims.extend(claim(
                "string table",
                kind,
                table.stroff,
                table.strsize.into(),
            ));
            claims
        }
        CommandVariant::CodeSignature(data) => {
            let (kind, size_bytes) = (RegionKind::Other, data.datasize.into());
            claim("code signature", kind, data.dataoff, size_bytes)
        }
        _ => vec![],
    }
}

fn section_claims(bytes: &[u8], start: usize, segment: &SegmentCommand64) -> Vec<Claim> {
    let claim = |index: usize| {
        let at = index.checked_mul(SECTION_BYTES)?;
        let at = at.checked_add(start)?.checked_add(SEGMENT_COMMAND_BYTES)?;
        let section: Section64 = bytes.pread_with(at, scroll::LE).ok()?;
        let (segment, name) = (text(&section.segname), text(&section.sectname));
        let kind = match (&*segment, &*name) {
            ("__DWARF", _) => RegionKind::Symbols,
            ("__TEXT", "__text") => RegionKind::Code,
            ("__TEXT", "__const") => RegionKind::Data,
            _ => RegionKind::Other,
        };
        let name = format!("{segment},{name}");
        let offset = section.offset.into();
        // In .bss there is a size, and no bytes in the file.
        (offset > 0).then(|| Claim::new(&name, kind, offset, section.size))
    };
    let count = usize::try_from(segment.nsects).unwrap_or(usize::MAX);
    (0..count.min(NAMED_SECTIONS_MAX))
        .filter_map(claim)
        .collect()
}

/// A name of at most 16 bytes, padded with NULs.
fn text(name: &[u8; 16]) -> String {
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(name).into_owned()
}

fn place(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

const HEADER_BYTES: u64 = 32;
const HEADER_USIZE: usize = 32;
/// Behind the command's number and size.
const UUID_AT: u64 = 8;
const UUID_BYTES: u64 = 16;
const NLIST_BYTES: u64 = 16;
const SEGMENT_COMMAND_BYTES: usize = 72;
const SECTION_BYTES: usize = 80;
const COMMANDS_MAX: u32 = 1024;
