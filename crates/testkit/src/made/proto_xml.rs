//! Writes a manifest as protobuf XML, the form in which an app bundle carries it.
//!
//! The field numbers are those of `Resources.proto` of `aapt2`. Checked by hand with
//! `aapt2 convert`: what it makes of this is the tree of the binary XML that `axml` writes, and
//! what it makes of that binary XML is this, without the texts of compiled values.

use super::bytes::size;
use super::xml::{ANDROID, Attribute, Element, Value};

/// A manifest as protobuf XML; what it says may be set to something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeProtoXml {
    /// The root element.
    pub root: Element,
    /// Whether numbers and booleans are written as text only, without the compiled value.
    pub uncompiled: bool,
    /// Whether they are written compiled only, without the text, as `aapt2 convert` does.
    pub untold: bool,
    /// Whether names have no resource ids.
    pub without_ids: bool,
    /// Fields behind the root element, as bytes.
    pub extra_fields: Vec<u8>,
}

impl MadeProtoXml {
    /// A right file of this element.
    #[must_use]
    pub const fn new(root: Element) -> Self {
        Self {
            root,
            uncompiled: false,
            untold: false,
            without_ids: false,
            extra_fields: Vec::new(),
        }
    }

    /// The file.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let mut namespace = Vec::new();
        bytes_field(&mut namespace, NAMESPACE_PREFIX, b"android");
        bytes_field(&mut namespace, NAMESPACE_URI, ANDROID.as_bytes());
        let mut root = Vec::new();
        bytes_field(&mut root, ELEMENT_NAMESPACE, &namespace);
        root.extend(self.element(&self.root));
        let mut file = Vec::new();
        bytes_field(&mut file, NODE_ELEMENT, &root);
        file.extend(source());
        file.extend(&self.extra_fields);
        file
    }

    fn element(&self, element: &Element) -> Vec<u8> {
        let mut message = Vec::new();
        bytes_field(&mut message, ELEMENT_NAME, element.name.as_bytes());
        for attribute in &element.attributes {
            bytes_field(&mut message, ELEMENT_ATTRIBUTE, &self.attribute(attribute));
        }
        for child in &element.children {
            let mut node = Vec::new();
            bytes_field(&mut node, NODE_ELEMENT, &self.element(child));
            node.extend(source());
            bytes_field(&mut message, ELEMENT_CHILD, &node);
        }
        message
    }

    fn attribute(&self, attribute: &Attribute) -> Vec<u8> {
        let mut message = Vec::new();
        if attribute.android {
            bytes_field(&mut message, ATTRIBUTE_URI, ANDROID.as_bytes());
        }
        bytes_field(&mut message, ATTRIBUTE_NAME, attribute.name.as_bytes());
        let text = match &attribute.value {
            Value::Text(text) => text.clone(),
            Value::Integer(number) | Value::Other(_, number) => signed(*number).to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Reference(id) => format!("@0x{id:08x}"),
        };
        let compiled = compiled(&attribute.value);
        if compiled.is_none() || !self.untold {
            bytes_field(&mut message, ATTRIBUTE_VALUE, text.as_bytes());
        }
        if let Some(id) = attribute.resource_id.filter(|_| !self.without_ids) {
            number_field(&mut message, ATTRIBUTE_RESOURCE, id.into());
        }
        if let Some(item) = compiled.filter(|_| !self.uncompiled) {
            bytes_field(&mut message, ATTRIBUTE_ITEM, &item);
        }
        message
    }
}

/// The compiled form of a value; a text has none.
fn compiled(value: &Value) -> Option<Vec<u8>> {
    let mut inner = Vec::new();
    let field = match value {
        Value::Text(_) => return None,
        Value::Integer(number) | Value::Other(_, number) => {
            let number = signed(*number).cast_unsigned();
            number_field(&mut inner, PRIMITIVE_DECIMAL, number);
            ITEM_PRIMITIVE
        }
        Value::Boolean(value) => {
            number_field(&mut inner, PRIMITIVE_BOOLEAN, (*value).into());
            ITEM_PRIMITIVE
        }
        Value::Reference(id) => {
            number_field(&mut inner, REFERENCE_ID, (*id).into());
            ITEM_REFERENCE
        }
    };
    let mut item = Vec::new();
    bytes_field(&mut item, field, &inner);
    Some(item)
}

/// The number as the signed one of 32 bits that it is in both forms.
fn signed(number: u32) -> i64 {
    number.cast_signed().into()
}

/// Where a node stood in the text: line 1 of nothing.
fn source() -> Vec<u8> {
    let mut position = Vec::new();
    number_field(&mut position, POSITION_LINE, 1);
    let mut field = Vec::new();
    bytes_field(&mut field, NODE_SOURCE, &position);
    field
}

fn bytes_field(message: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(message, field << 3 | LENGTH_DELIMITED);
    varint(message, size(bytes));
    message.extend_from_slice(bytes);
}

fn number_field(message: &mut Vec<u8>, field: u64, number: u64) {
    varint(message, field << 3);
    varint(message, number);
}

/// Seven bits at a time, the lowest first; all but the last with the top bit set.
fn varint(message: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    loop {
        let [low, ..] = rest.to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            message.push(low & 0x7f);
            return;
        }
        message.push(low | 0x80);
    }
}

const LENGTH_DELIMITED: u64 = 2;
const NODE_ELEMENT: u64 = 1;
const NODE_SOURCE: u64 = 3;
const POSITION_LINE: u64 = 1;
const NAMESPACE_PREFIX: u64 = 1;
const NAMESPACE_URI: u64 = 2;
const ELEMENT_NAMESPACE: u64 = 1;
const ELEMENT_NAME: u64 = 3;
const ELEMENT_ATTRIBUTE: u64 = 4;
const ELEMENT_CHILD: u64 = 5;
const ATTRIBUTE_URI: u64 = 1;
const ATTRIBUTE_NAME: u64 = 2;
const ATTRIBUTE_VALUE: u64 = 3;
const ATTRIBUTE_RESOURCE: u64 = 5;
const ATTRIBUTE_ITEM: u64 = 6;
const ITEM_REFERENCE: u64 = 1;
const ITEM_PRIMITIVE: u64 = 7;
const REFERENCE_ID: u64 = 2;
const PRIMITIVE_DECIMAL: u64 = 6;
const PRIMITIVE_BOOLEAN: u64 = 8;
