//! Writes the two headers of an entry and the descriptor behind its data.

use super::bytes::{Width, Writer, align_up, size};
use super::zip_entry::{Descriptor, MadeEntry, Packed, Padding};

/// What a header says instead of what is so; `None` is the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderLies {
    /// The first four bytes.
    pub signature: Option<u32>,
    /// The version needed to extract.
    pub version: Option<u16>,
    /// All flags.
    pub flags: Option<u16>,
    /// The compression method.
    pub method: Option<u16>,
    /// The CRC of the content.
    pub crc32: Option<u32>,
    /// The bytes in the file, in 32 bits.
    pub packed_bytes: Option<u32>,
    /// The size of the content, in 32 bits.
    pub size_bytes: Option<u32>,
    /// The name.
    pub name: Option<Vec<u8>>,
    /// The length of the name.
    pub name_bytes: Option<u16>,
    /// All extra fields, that of ZIP64 and the padding among them.
    pub extra: Option<Vec<u8>>,
    /// The length of the extra fields.
    pub extra_bytes: Option<u16>,
    /// The bytes in the file, in the ZIP64 field and in a wide descriptor.
    pub wide_packed_bytes: Option<u64>,
    /// The size of the content, in the ZIP64 field and in a wide descriptor.
    pub wide_size_bytes: Option<u64>,
    /// Directory: the position of the local header, in the ZIP64 field.
    pub wide_offset: Option<u64>,
    /// Directory: the position of the local header, in 32 bits.
    pub offset: Option<u32>,
    /// Directory: the number of the disk.
    pub disk: Option<u16>,
    /// Directory: the length of the comment.
    pub comment_bytes: Option<u16>,
}

impl MadeEntry {
    /// The local header, the data and the descriptor, behind what `writer` has.
    pub(super) fn write_local(&self, writer: &mut Writer, packed: &Packed) {
        let (name, extra) = self.local_strings(writer.position(), packed);
        let lies = &self.local;
        let behind = self.descriptor != Descriptor::None;
        let known = |value: u64| if behind { 0 } else { value };
        writer.u32(lies.signature.unwrap_or(LOCAL).into());
        self.write_start(writer, packed, lies);
        writer.u32(lies.crc32.map_or(known(packed.crc32.into()), u64::from));
        let [packed_bytes, size_bytes] = self.narrow(packed).map(known);
        writer.u32(lies.packed_bytes.map_or(packed_bytes, u64::from));
        writer.u32(lies.size_bytes.map_or(size_bytes, u64::from));
        writer.u16(lies.name_bytes.map_or(size(&name), u64::from));
        writer.u16(lies.extra_bytes.map_or(size(&extra), u64::from));
        writer.bytes(&name);
        writer.bytes(&extra);
        writer.bytes(&packed.bytes);
        self.write_descriptor(writer, packed);
    }

    /// The line in the directory.
    pub(super) fn write_central(&self, writer: &mut Writer, packed: &Packed, offset: u64) {
        let lies = &self.central;
        let name = lies.name.as_ref().unwrap_or(&self.name);
        let wide = self.wide(packed, lies, Some(lies.wide_offset.unwrap_or(offset)));
        let extra = lies.extra.clone();
        let extra = extra.unwrap_or_else(|| [&*wide, &*self.extra].concat());
        writer.u32(lies.signature.unwrap_or(CENTRAL).into());
        writer.u16(self.made_by.into());
        self.write_start(writer, packed, lies);
        writer.u32(lies.crc32.unwrap_or(packed.crc32).into());
        let [packed_bytes, size_bytes] = self.narrow(packed);
        writer.u32(lies.packed_bytes.map_or(packed_bytes, u64::from));
        writer.u32(lies.size_bytes.map_or(size_bytes, u64::from));
        writer.u16(lies.name_bytes.map_or(size(name), u64::from));
        writer.u16(lies.extra_bytes.map_or(size(&extra), u64::from));
        let comment_bytes = lies.comment_bytes.map_or(size(&self.comment), u64::from);
        writer.u16(comment_bytes);
        writer.u16(lies.disk.unwrap_or(0).into());
        writer.u16(0);
        writer.u32(self.attributes.into());
        let narrow_offset = if self.zip64 { u64::MAX } else { offset };
        writer.u32(lies.offset.map_or(narrow_offset, u64::from));
        writer.bytes(name);
        writer.bytes(&extra);
        writer.bytes(&self.comment);
    }

    /// Version, flags, method, time and date: alike in both headers.
    fn write_start(&self, writer: &mut Writer, packed: &Packed, lies: &HeaderLies) {
        let needed = if self.zip64 { ZIP64_VERSION } else { VERSION };
        let behind = if self.descriptor == Descriptor::None {
            0
        } else {
            DESCRIPTOR_FLAG
        };
        let utf8 = if self.name.is_ascii() { 0 } else { UTF8_FLAG };
        writer.u16(lies.version.unwrap_or(needed).into());
        writer.u16(lies.flags.unwrap_or(self.flags | behind | utf8).into());
        writer.u16(lies.method.unwrap_or(packed.method).into());
        writer.u16(self.time.into());
        writer.u16(self.date.into());
    }

    /// Name and extra fields of the local header, padded for the data behind them.
    fn local_strings(&self, start: u64, packed: &Packed) -> (Vec<u8>, Vec<u8>) {
        let lies = &self.local;
        let name = lies.name.clone().unwrap_or_else(|| self.name.clone());
        if let Some(extra) = &lies.extra {
            return (name, extra.clone());
        }
        let mut extra = self.wide(packed, lies, None);
        extra.extend(&self.extra);
        let unpadded = start + LOCAL_BYTES + size(&name) + size(&extra);
        extra.extend(self.padding(unpadded));
        (name, extra)
    }

    fn padding(&self, unpadded: u64) -> Vec<u8> {
        let alignment = u64::from(self.alignment_bytes);
        let mut writer = Writer::new(Width::Eight);
        match self.padding {
            _ if alignment <= 1 => {}
            Padding::Zeros => writer.pad_to(align_up(unpadded, alignment) - unpadded),
            Padding::Field => {
                let fill = align_up(unpadded + FIELD_BYTES, alignment) - unpadded - FIELD_BYTES;
                writer.u16(ALIGNMENT_FIELD);
                writer.u16(fill + 2);
                writer.u16(alignment);
                writer.pad_to(fill + FIELD_BYTES);
            }
        }
        writer.into_bytes()
    }

    /// The packed and the unpacked size as 32 bits tell them.
    fn narrow(&self, packed: &Packed) -> [u64; 2] {
        let truth = [size(&packed.bytes), packed.size_bytes];
        truth.map(|value| if self.zip64 { u64::MAX } else { value })
    }

    /// The ZIP64 field, where the entry has one; the offset only in the directory.
    fn wide(&self, packed: &Packed, lies: &HeaderLies, offset: Option<u64>) -> Vec<u8> {
        let mut writer = Writer::new(Width::Eight);
        if self.zip64 {
            writer.u16(ZIP64_FIELD);
            writer.u16(if offset.is_some() { 24 } else { 16 });
            writer.u64(lies.wide_size_bytes.unwrap_or(packed.size_bytes));
            writer.u64(lies.wide_packed_bytes.unwrap_or(size(&packed.bytes)));
            offset.into_iter().for_each(|offset| writer.u64(offset));
        }
        writer.into_bytes()
    }

    fn write_descriptor(&self, writer: &mut Writer, packed: &Packed) {
        let lies = &self.described;
        match self.descriptor {
            Descriptor::None => return,
            Descriptor::Signed => writer.u32(lies.signature.unwrap_or(DESCRIPTOR).into()),
            Descriptor::Unsigned => {}
        }
        writer.u32(lies.crc32.unwrap_or(packed.crc32).into());
        if self.zip64 {
            writer.u64(lies.wide_packed_bytes.unwrap_or(size(&packed.bytes)));
            writer.u64(lies.wide_size_bytes.unwrap_or(packed.size_bytes));
        } else {
            let packed_bytes = size(&packed.bytes);
            writer.u32(lies.packed_bytes.map_or(packed_bytes, u64::from));
            writer.u32(lies.size_bytes.map_or(packed.size_bytes, u64::from));
        }
    }
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const LOCAL_BYTES: u64 = 30;
const VERSION: u16 = 20;
const ZIP64_VERSION: u16 = 45;
const DESCRIPTOR_FLAG: u16 = 1 << 3;
const UTF8_FLAG: u16 = 1 << 11;
const ZIP64_FIELD: u64 = 1;
const ALIGNMENT_FIELD: u64 = 0xd935;
/// The id and length of an extra field, and the alignment.
const FIELD_BYTES: u64 = 6;
