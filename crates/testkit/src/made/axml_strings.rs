//! The string pool of binary XML, in either encoding.

use super::axml::{MadeAxml, NONE, chunk};
use super::bytes::{Width, Writer, size};
use super::xml::{ANDROID, Attribute, Element, Value};

/// How the string pool writes its strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strings {
    /// As `aapt2` writes a manifest.
    Utf16,
    /// As it writes resources.
    Utf8,
}

impl MadeAxml {
    /// The chunk of the pool.
    pub(super) fn string_pool(&self, pool: &Pool) -> Vec<u8> {
        let mut strings = Writer::new(Width::Eight);
        let mut offsets = Writer::new(Width::Eight);
        for string in &pool.strings {
            offsets.u32(self.string_offset.map_or(strings.position(), u64::from));
            match self.strings {
                Strings::Utf16 => write_utf16(&mut strings, string),
                Strings::Utf8 => write_utf8(&mut strings, string),
            }
        }
        strings.align(4);
        let (strings, offsets) = (strings.into_bytes(), offsets.into_bytes());
        let start = POOL_HEADER_BYTES + size(&offsets);
        let count = size(&pool.strings);
        let mut writer = Writer::new(Width::Eight);
        chunk(
            &mut writer,
            STRING_POOL,
            POOL_HEADER_BYTES,
            start + size(&strings),
        );
        writer.u32(self.string_count.map_or(count, u64::from));
        writer.u32(0);
        writer.u32(if self.strings == Strings::Utf8 {
            UTF8
        } else {
            0
        });
        writer.u32(self.strings_start.map_or(start, u64::from));
        writer.u32(0);
        writer.bytes(&offsets);
        writer.bytes(&strings);
        writer.into_bytes()
    }
}

/// The strings of a file, each once; those with a resource id come first, in the ids' order.
pub(super) struct Pool {
    /// The ids of the first strings.
    pub(super) ids: Vec<u32>,
    names: Vec<(u32, String)>,
    strings: Vec<String>,
}

impl Pool {
    pub(super) fn of(made: &MadeAxml) -> Self {
        let mut pool = Self {
            ids: Vec::new(),
            names: Vec::new(),
            strings: Vec::new(),
        };
        pool.collect_names(&made.root);
        pool.names.sort();
        pool.names.dedup();
        pool.ids = pool.names.iter().map(|(id, _)| *id).collect();
        pool.strings = pool.names.iter().map(|(_, name)| name.clone()).collect();
        pool.strings.extend(made.extra_strings.iter().cloned());
        pool.add("android");
        pool.add(ANDROID);
        pool.collect(&made.root);
        pool
    }

    fn collect_names(&mut self, element: &Element) {
        for attribute in &element.attributes {
            let id = attribute.resource_id;
            self.names.extend(id.map(|id| (id, attribute.name.clone())));
        }
        element
            .children
            .iter()
            .for_each(|child| self.collect_names(child));
    }

    fn collect(&mut self, element: &Element) {
        self.add(&element.name);
        for attribute in &element.attributes {
            if attribute.resource_id.is_none() {
                self.add(&attribute.name);
            }
            if let Value::Text(text) = &attribute.value {
                self.add(text);
            }
        }
        element
            .children
            .iter()
            .for_each(|child| self.collect(child));
    }

    /// Puts a string behind those that name resources, which are never used for anything else.
    fn add(&mut self, string: &str) {
        if !self
            .strings
            .iter()
            .skip(self.names.len())
            .any(|it| it == string)
        {
            self.strings.push(string.to_owned());
        }
    }

    pub(super) fn find(&self, string: &str) -> u64 {
        let plain = self.strings.iter().skip(self.names.len());
        let at = plain.zip(0_u64..).find(|(it, _)| *it == string);
        at.map_or(NONE, |(_, at)| at + size(&self.names))
    }

    pub(super) fn find_attribute(&self, attribute: &Attribute) -> u64 {
        let Some(id) = attribute.resource_id else {
            return self.find(&attribute.name);
        };
        let wanted = (id, &attribute.name);
        let mut names = self.names.iter().zip(0_u64..);
        let at = names.find(|((id, name), _)| (*id, name) == wanted);
        at.map_or(NONE, |(_, at)| at)
    }
}

/// Length in units, units, NUL; a long length takes two units, the first with its top bit set.
fn write_utf16(writer: &mut Writer, string: &str) {
    let units: Vec<u16> = string.encode_utf16().collect();
    let length = size(&units);
    if length > 0x7fff {
        writer.u16(0x8000 | (length >> 16));
    }
    writer.u16(length & 0xffff);
    units.iter().for_each(|&unit| writer.u16(unit.into()));
    writer.u16(0);
}

/// Length in UTF-16 units, length in bytes, bytes, NUL; a long length takes two bytes.
fn write_utf8(writer: &mut Writer, string: &str) {
    let units = string.encode_utf16().fold(0_u64, |units, _| units + 1);
    for length in [units, size(string.as_bytes())] {
        let [low, high, ..] = length.to_le_bytes();
        if length > 0x7f {
            writer.u8(0x80 | high);
        }
        writer.u8(low);
    }
    writer.c_string(string.as_bytes());
}

const STRING_POOL: u64 = 0x0001;
const POOL_HEADER_BYTES: u64 = 28;
const UTF8: u64 = 1 << 8;
