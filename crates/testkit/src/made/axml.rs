//! Writes a manifest as binary XML, the form in which an APK carries it.
//!
//! Checked by hand, with the strings in both encodings: `aapt` and `aapt2` (`dump badging`, `dump
//! xmltree`) and `pyaxmlparser` read what was put in.

use super::axml_strings::{Pool, Strings};
use super::bytes::{Width, Writer, size};
use super::xml::{ANDROID, Attribute, Element, Value};

/// A manifest as binary XML; what the file says of itself may be set to something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeAxml {
    /// The root element.
    pub root: Element,
    /// How the strings are written.
    pub strings: Strings,
    /// Strings in the pool that nothing uses, in front of the others that have no resource id.
    pub extra_strings: Vec<String>,
    /// The type in the file's header, instead of 0x0003.
    pub kind: Option<u16>,
    /// The size in the file's header.
    pub size_bytes: Option<u32>,
    /// How many strings the pool says that it has.
    pub string_count: Option<u32>,
    /// Where the pool says that its strings start, from its own start.
    pub strings_start: Option<u32>,
    /// The position of every string, from where the strings start.
    pub string_offset: Option<u32>,
    /// How many attributes each element says that it has.
    pub attribute_count: Option<u16>,
    /// How large each element says that an attribute is.
    pub attribute_bytes: Option<u16>,
    /// The string that stands for the name of every element, by its index.
    pub element_name: Option<u32>,
    /// The size in the header of every chunk that starts an element.
    pub element_bytes: Option<u32>,
    /// Whether the elements are left open at the end.
    pub unclosed: bool,
}

impl MadeAxml {
    /// A right file of this element, its strings in UTF-16.
    #[must_use]
    pub const fn new(root: Element) -> Self {
        Self {
            root,
            strings: Strings::Utf16,
            extra_strings: Vec::new(),
            kind: None,
            size_bytes: None,
            string_count: None,
            strings_start: None,
            string_offset: None,
            attribute_count: None,
            attribute_bytes: None,
            element_name: None,
            element_bytes: None,
            unclosed: false,
        }
    }

    /// The file.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let pool = Pool::of(self);
        let mut tree = Writer::new(Width::Eight);
        let namespace = |tree: &mut Writer, kind| {
            node(tree, kind, 8);
            tree.u32(pool.find("android"));
            tree.u32(pool.find(ANDROID));
        };
        namespace(&mut tree, START_NAMESPACE);
        self.write_element(&mut tree, &pool, &self.root);
        namespace(&mut tree, END_NAMESPACE);
        let strings = self.string_pool(&pool);
        let ids: Vec<u8> = pool.ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        let tree = tree.into_bytes();
        let size_bytes = [&strings, &ids, &tree].map(|part| size(part)).iter().sum();
        let mut file = Writer::new(Width::Eight);
        let total: u64 = size_bytes;
        chunk(
            &mut file,
            self.kind.map_or(XML, u64::from),
            8,
            self.size_bytes.map_or(total + 16, u64::from),
        );
        file.bytes(&strings);
        chunk(&mut file, RESOURCE_MAP, 8, size(&ids) + 8);
        file.bytes(&ids);
        file.bytes(&tree);
        file.into_bytes()
    }

    fn write_element(&self, tree: &mut Writer, pool: &Pool, element: &Element) {
        let name = self
            .element_name
            .map_or(pool.find(&element.name), u64::from);
        let attributes = size(&element.attributes);
        let right = HEADER_BYTES + ELEMENT_BYTES + ATTRIBUTE_BYTES * attributes;
        node_of(
            tree,
            START_ELEMENT,
            self.element_bytes.map_or(right, u64::from),
        );
        tree.u32(NONE);
        tree.u32(name);
        tree.u16(ELEMENT_BYTES);
        tree.u16(self.attribute_bytes.map_or(ATTRIBUTE_BYTES, u64::from));
        tree.u16(self.attribute_count.map_or(attributes, u64::from));
        for _ in ["id", "class", "style"] {
            tree.u16(0);
        }
        for attribute in &element.attributes {
            write_attribute(tree, pool, attribute);
        }
        for child in &element.children {
            self.write_element(tree, pool, child);
        }
        if !self.unclosed {
            node(tree, END_ELEMENT, 8);
            tree.u32(NONE);
            tree.u32(name);
        }
    }
}

fn write_attribute(tree: &mut Writer, pool: &Pool, attribute: &Attribute) {
    tree.u32(if attribute.android {
        pool.find(ANDROID)
    } else {
        NONE
    });
    tree.u32(pool.find_attribute(attribute));
    let (raw, kind, data) = match &attribute.value {
        Value::Text(text) => (pool.find(text), STRING, pool.find(text)),
        Value::Integer(number) => (NONE, INTEGER, (*number).into()),
        Value::Boolean(value) => (NONE, BOOLEAN, if *value { NONE } else { 0 }),
        Value::Reference(id) => (NONE, REFERENCE, (*id).into()),
        Value::Other(kind, data) => (NONE, *kind, (*data).into()),
    };
    tree.u32(raw);
    tree.u16(VALUE_BYTES);
    tree.u8(0);
    tree.u8(kind);
    tree.u32(data);
}

/// A chunk of the tree with `body_bytes` behind its header of line and comment.
fn node(writer: &mut Writer, kind: u64, body_bytes: u64) {
    node_of(writer, kind, HEADER_BYTES + body_bytes);
}

fn node_of(writer: &mut Writer, kind: u64, size_bytes: u64) {
    chunk(writer, kind, HEADER_BYTES, size_bytes);
    writer.u32(1);
    writer.u32(NONE);
}

pub(super) fn chunk(writer: &mut Writer, kind: u64, header_bytes: u64, size_bytes: u64) {
    writer.u16(kind);
    writer.u16(header_bytes);
    writer.u32(size_bytes);
}

const XML: u64 = 0x0003;
const START_NAMESPACE: u64 = 0x0100;
const END_NAMESPACE: u64 = 0x0101;
const START_ELEMENT: u64 = 0x0102;
const END_ELEMENT: u64 = 0x0103;
const RESOURCE_MAP: u64 = 0x0180;
const HEADER_BYTES: u64 = 16;
const ELEMENT_BYTES: u64 = 20;
const ATTRIBUTE_BYTES: u64 = 20;
const VALUE_BYTES: u64 = 8;
const REFERENCE: u8 = 0x01;
const STRING: u8 = 0x03;
const INTEGER: u8 = 0x10;
const BOOLEAN: u8 = 0x12;
/// No string; also every bit of what is true.
pub(super) const NONE: u64 = 0xffff_ffff;
