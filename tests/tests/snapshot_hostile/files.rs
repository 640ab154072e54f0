//! Library files out of parts chosen freely: what testkit's careful writers would not write.

/// An ELF64 file for x64: headers, the body from [`BODY_AT`] on, then the section headers.
#[derive(Default)]
pub(crate) struct Elf {
    /// Type, offset, address, size in the file, alignment.
    pub(crate) programs: Vec<[u64; 5]>,
    /// Type, offset, size, link, entry size.
    pub(crate) sections: Vec<[u64; 5]>,
    pub(crate) body: Vec<u8>,
}

impl Elf {
    pub(crate) fn build(&self) -> Vec<u8> {
        let sections_at = BODY_AT + length(&self.body).next_multiple_of(8);
        let mut file = Numbers::default();
        file.bytes.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
        file.u16s(&[3, 62]);
        file.u32s(&[1]);
        file.u64s(&[
            0,
            64,
            if self.sections.is_empty() {
                0
            } else {
                sections_at
            },
        ]);
        file.u32s(&[0]);
        file.u16s(&[
            64,
            56,
            length(&self.programs),
            64,
            length(&self.sections),
            0,
        ]);
        for [kind, offset, address, size, align] in &self.programs {
            file.u32s(&[*kind, 4]);
            file.u64s(&[*offset, *address, *address, *size, *size, *align]);
        }
        file.pad_to(BODY_AT);
        file.bytes.extend(&self.body);
        file.pad_to(sections_at);
        for [kind, offset, size, link, entry_size] in &self.sections {
            file.u32s(&[0, *kind]);
            file.u64s(&[0, 0, *offset, *size]);
            file.u32s(&[*link, 0]);
            file.u64s(&[8, *entry_size]);
        }
        file.bytes
    }

    /// One segment over the whole file, at address 0.
    pub(crate) fn mapped_whole(mut self) -> Self {
        let size = length(&self.build()) + 56;
        self.programs.push([PT_LOAD, 0, 0, size, 0x4000]);
        self
    }

    /// A dynamic symbol table of symbols at [`BODY_AT`] of 64 bytes, by the positions of their
    /// names in a table of names.
    pub(crate) fn with_symbols(mut self, names: &[u8], positions: &[u64]) -> Self {
        let names_at = BODY_AT + length(&self.body);
        self.body.extend(names);
        self.body.resize(self.body.len().next_multiple_of(8), 0);
        let symbols_at = BODY_AT + length(&self.body);
        let mut symbols = Numbers::default();
        for position in positions {
            symbols.u32s(&[*position]);
            symbols.bytes.extend([0x11, 0]);
            symbols.u16s(&[1]);
            symbols.u64s(&[BODY_AT, 64]);
        }
        self.sections.push([0; 5]);
        self.sections
            .push([SHT_DYNSYM, symbols_at, length(&symbols.bytes), 2, 24]);
        self.sections
            .push([SHT_STRTAB, names_at, length(names), 0, 0]);
        self.body.extend(symbols.bytes);
        self
    }
}

/// A Mach-O file for arm64: the load commands, each without its size, then the body.
pub(crate) struct Macho {
    /// Number and contents.
    pub(crate) commands: Vec<(u64, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Macho {
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut commands = Numbers::default();
        for (number, contents) in &self.commands {
            commands.u32s(&[*number, length(contents) + 8]);
            commands.bytes.extend(contents);
        }
        let mut file = Numbers::default();
        let sizes = [length(&self.commands), length(&commands.bytes)];
        file.u32s(&[0xfeed_facf, 0x0100_000c, 0, 6, sizes[0], sizes[1], 0, 0]);
        file.bytes.extend(commands.bytes);
        file.bytes.extend(&self.body);
        file.bytes
    }

    /// Where the body starts.
    pub(crate) fn body_at(&self) -> u64 {
        length(&self.build()) - length(&self.body)
    }
}

/// Little-endian numbers behind one another.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) bytes: Vec<u8>,
}

impl Numbers {
    pub(crate) fn u16s(&mut self, values: &[u64]) {
        self.write(values, 2);
    }

    pub(crate) fn u32s(&mut self, values: &[u64]) {
        self.write(values, 4);
    }

    pub(crate) fn u64s(&mut self, values: &[u64]) {
        self.write(values, 8);
    }

    fn write(&mut self, values: &[u64], width: usize) {
        for value in values {
            self.bytes.extend(value.to_le_bytes().iter().take(width));
        }
    }

    fn pad_to(&mut self, size: u64) {
        let size = usize::try_from(size).unwrap_or(0);
        self.bytes.resize(size.max(self.bytes.len()), 0);
    }
}

pub(crate) fn length<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// Behind the greatest number of program headers that is read.
pub(crate) const BODY_AT: u64 = 0x4000;
pub(crate) const PT_LOAD: u64 = 1;
pub(crate) const PT_DYNAMIC: u64 = 2;
pub(crate) const PT_NOTE: u64 = 4;
const SHT_STRTAB: u64 = 3;
const SHT_DYNSYM: u64 = 11;
