//! Symbol tables and debugging sections of ELF and Mach-O, and the forms of their records.

use object::read::macho::MachOFile64;
use object::{Endianness, Object, ObjectSection as _};

use crate::inflate::numbers::Numbers;
use crate::inflate::records::{Field, Form};

/// Regions of records, and their forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Sections {
    pub(super) forms: Vec<Form>,
    /// Where each region starts and ends in the file, and the form of its records.
    pub(super) found: Vec<(usize, usize, usize)>,
    /// Sections that are no records, so that each is a region by itself.
    pub(super) others: Vec<(usize, usize)>,
}

/// The sections of a file; none where it is neither ELF nor 64-bit Mach-O.
pub(super) fn of(file: &[u8]) -> Sections {
    let found = match object::File::parse(file) {
        Ok(object::File::MachO64(parsed)) => of_macho(&parsed, file),
        Ok(parsed) if parsed.format() == object::BinaryFormat::Elf => Some(of_elf(&parsed, file)),
        _ => None,
    };
    found.unwrap_or_default()
}

/// An entry of Mach-O's symbol table is one of ELF's without its size; its debugging sections are
/// ELF's.
fn of_macho(parsed: &MachOFile64<'_, Endianness>, file: &[u8]) -> Option<Sections> {
    if parsed.endian() != Endianness::Little {
        return None;
    }
    let mut commands = parsed.macho_load_commands().ok()?;
    let table = loop {
        if let Some(table) = commands.next().ok()??.symtab().ok()? {
            break table;
        }
    };
    let range = |start: u32, count: u32, each_bytes: usize| {
        let bytes = usize::try_from(count).ok()?.checked_mul(each_bytes)?;
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(bytes)?;
        (end <= file.len()).then_some((start, end))
    };
    let endian = parsed.endian();
    let (offset, count) = (table.symoff.get(endian), table.nsyms.get(endian));
    let (start, end) = range(offset, count, NLIST_BYTES)?;
    let mut sections = Sections::default();
    let form = vec![Field::Word(NAMES), Field::Skip(4), Field::Address64];
    sections.add(start, end, form);
    sections.add_debugging(parsed, file, Field::Address64);
    let names = range(table.stroff.get(endian), table.strsize.get(endian), 1)?;
    sections.others.push(names);
    Some(sections)
}

fn of_elf(parsed: &object::File<'_>, file: &[u8]) -> Sections {
    let mut sections = Sections::default();
    let address = if parsed.is_64() {
        Field::Address64
    } else {
        Field::Address32
    };
    if let Some((start, end)) = range(parsed, ".symtab") {
        let form = match address {
            Field::Address64 => vec![Field::Word(NAMES), Field::Skip(4), address, Field::Skip(8)],
            _ => vec![Field::Word(NAMES), address, Field::Skip(8)],
        };
        sections.add(start, end, form);
    }
    sections.add_debugging(parsed, file, address);
    if let Some(names) = range(parsed, ".strtab") {
        sections.others.push(names);
    }
    sections
}

/// Where a section lies in the file. Mach-O's names begin otherwise, which the reader knows.
fn range<'a>(parsed: &impl Object<'a>, name: &str) -> Option<(usize, usize)> {
    let (start, size) = parsed.section_by_name(name)?.file_range()?;
    let start = usize::try_from(start).ok()?;
    Some((start, start.checked_add(usize::try_from(size).ok()?)?))
}

impl Sections {
    fn add(&mut self, start: usize, end: usize, form: Form) {
        self.found.push((start, end, self.forms.len()));
        self.forms.push(form);
    }

    fn add_debugging<'a>(&mut self, parsed: &impl Object<'a>, file: &[u8], address: Field) {
        let bytes = |name: &str| range(parsed, name).and_then(|(start, end)| file.get(start..end));
        if let (Some((start, end)), Some(abbreviations)) =
            (range(parsed, ".debug_info"), bytes(".debug_abbrev"))
        {
            self.add_entries(file, start, end, abbreviations, address);
        }
        if let Some((start, end)) = range(parsed, ".debug_line") {
            self.add_lines(file, start, end, address);
        }
    }

    /// Debugging entries: a code, then what its abbreviation says.
    fn add_entries(
        &mut self,
        file: &[u8],
        start: usize,
        end: usize,
        abbreviations: &[u8],
        address: Field,
    ) {
        let unit = file.get(start..end).unwrap_or_default();
        if !is_one_unit(unit, 2..=4) {
            return;
        }
        let Some(forms) = entry_forms(abbreviations, address) else {
            return;
        };
        let first = self.forms.len() + 1;
        self.add(start + ENTRIES_AT, end, vec![Field::Then(first)]);
        self.forms.extend(forms);
    }

    /// A line program: one byte, then its operands.
    fn add_lines(&mut self, file: &[u8], start: usize, end: usize, address: Field) {
        let unit = file.get(start..end).unwrap_or_default();
        let header = unit.get(6..).and_then(<[u8]>::first_chunk::<4>);
        let Some(header) = header.filter(|_| is_one_unit(unit, 2..=3)) else {
            return;
        };
        let program = usize::try_from(u32::from_le_bytes(*header)).unwrap_or(usize::MAX);
        let program = start.saturating_add(10).saturating_add(program);
        if program >= end {
            return;
        }
        let extended = self.forms.len() + 1;
        let first = extended + 3;
        self.add(program, end, vec![Field::Then(first)]);
        self.forms.extend([vec![], vec![], vec![address]]);
        let number = || vec![Field::Number];
        self.forms.extend([
            vec![Field::Number, Field::Then(extended)],
            vec![],
            number(),
            number(),
            vec![Field::Moved(FILES)],
            number(),
            vec![],
            vec![],
            vec![],
            vec![Field::Skip(2)],
            vec![],
            vec![],
            number(),
        ]);
    }
}

/// Whether a section is one unit of one of these versions.
fn is_one_unit(unit: &[u8], versions: std::ops::RangeInclusive<u16>) -> bool {
    let Some([a, b, c, d, e, f, ..]) = unit.first_chunk::<6>().copied() else {
        return false;
    };
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok();
    length.and_then(|length| length.checked_add(4)) == Some(unit.len())
        && versions.contains(&u16::from_le_bytes([e, f]))
}

/// The forms of entries, the code's number first; `None` where one has fields of unknown size.
fn entry_forms(abbreviations: &[u8], address: Field) -> Option<Vec<Form>> {
    let mut numbers = Numbers::of(abbreviations);
    let mut forms = vec![Form::new()];
    loop {
        let code = numbers.number().ok()?;
        if code == 0 {
            return Some(forms);
        }
        if usize::try_from(code).ok()? != forms.len() || code >= 0x80 {
            return None;
        }
        numbers.number().ok()?;
        numbers.byte().ok()?;
        let mut form = Form::new();
        loop {
            let (attribute, shape) = (numbers.number().ok()?, numbers.number().ok()?);
            if (attribute, shape) == (0, 0) {
                break;
            }
            form.extend(field(attribute, shape, address)?);
        }
        forms.push(form);
    }
}

/// By DWARF's numbers for attributes and forms.
fn field(attribute: u64, shape: u64, address: Field) -> Option<Vec<Field>> {
    let is_file = matches!(attribute, 0x3a | 0x58);
    Some(vec![match shape {
        0x01 => address,
        0x05 => Field::Skip(2),
        0x06 | 0x0e | 0x17 => Field::Skip(4),
        0x07 => Field::Skip(8),
        0x08 => Field::Text,
        0x0b | 0x0c => Field::Skip(1),
        0x0f if is_file => Field::Moved(FILES),
        0x0d | 0x0f => Field::Number,
        0x13 => Field::Word(ENTRIES),
        0x19 => return Some(Vec::new()),
        _ => return None,
    }])
}

/// An entry of Mach-O's symbol table.
const NLIST_BYTES: usize = 16;
/// The maps of fields.
const NAMES: usize = 0;
const ENTRIES: usize = 1;
const FILES: usize = 2;
/// How many there are.
pub(super) const MAPS: usize = 3;
/// Behind the header of a unit.
const ENTRIES_AT: usize = 11;

#[cfg(test)]
mod tests {
    use super::*;

    /// A Mach-O library of nothing but two symbols and their names.
    fn macho(symbols: u32) -> Vec<u8> {
        let header = [0xfeed_facf, 0x0100_000c, 0, 6, 1, 24, 0, 0];
        let command = [2, 24, 56, symbols, 88, 8];
        let words = header.into_iter().chain(command);
        let mut file: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        file.extend([0; 32]);
        file.extend(*b"\0one\0two");
        file
    }

    #[test]
    fn symbols_of_mach_o_are_records_and_their_names_a_region() {
        let sections = of(&macho(2));
        assert_eq!(sections.found, [(56, 88, 0)]);
        assert_eq!(sections.others, [(88, 96)]);
        let form = vec![Field::Word(NAMES), Field::Skip(4), Field::Address64];
        assert_eq!(sections.forms, [form]);
    }

    #[test]
    fn symbols_of_mach_o_beyond_the_file_are_none() {
        for symbols in [3, 1 << 28, u32::MAX] {
            let sections = of(&macho(symbols));
            assert!(sections.found.is_empty(), "{symbols}");
        }
    }
}
