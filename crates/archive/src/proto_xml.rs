//! A bundle's manifest: aapt2's XML as protobuf.
//!
//! The messages are those of aapt2's `Resources.proto`, as far as they are used. Elements are read
//! as they come and not kept, and none below those at the top is looked at: neither depth nor
//! number can hurt.

use prost::Message;
use prost::bytes::{Buf, Bytes};
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use crate::manifest::{ANDROID, ATTRIBUTES_MAX, Attribute, ManifestFacts, TEXT_BYTES_MAX, Value};

/// The facts of a manifest in protobuf.
///
/// # Errors
///
/// What is wrong with it, to follow "cannot be read: ".
pub(crate) fn read(bytes: Vec<u8>) -> Result<ManifestFacts, String> {
    let mut facts = ManifestFacts::default();
    let node = element_of(Bytes::from(bytes))?.ok_or("it holds no element")?;
    let root = element(node, |child| {
        let Some(child) = element_of(child)? else {
            return Ok(()); // text between elements
        };
        let child = element(child, |_| Ok(()))?;
        facts.element(2, &child.name, &child.attributes)
    })?;
    facts.element(1, &root.name, &root.attributes)?;
    Ok(facts.finish())
}

/// The element of a node, as bytes; text has none.
fn element_of(node: Bytes) -> Result<Option<Bytes>, String> {
    let mut found = None;
    each_field(node, |tag, content| match (tag, &found) {
        (1, None) => {
            found = Some(content);
            Ok(())
        }
        (1, Some(_)) => Err("a node of it holds two elements".to_owned()),
        _ => Ok(()),
    })?;
    Ok(found)
}

#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<Attribute>,
}

/// Name and attributes of an element. Each child goes to `take` as it comes and is not kept.
fn element(
    bytes: Bytes,
    mut take: impl FnMut(Bytes) -> Result<(), String>,
) -> Result<Element, String> {
    let mut element = Element::default();
    each_field(bytes, |tag, content| match tag {
        3 if !element.name.is_empty() => Err("an element of it has two names".to_owned()),
        3 => {
            let name = std::str::from_utf8(&content).map_err(|error| error.to_string())?;
            name.clone_into(&mut element.name);
            Ok(())
        }
        4 if element.attributes.len() >= ATTRIBUTES_MAX => Err(format!(
            "an element has more than {ATTRIBUTES_MAX} attributes"
        )),
        4 => {
            element.attributes.push(attribute(content)?);
            Ok(())
        }
        5 => take(content),
        _ => Ok(()),
    })?;
    Ok(element)
}

/// Goes over the fields of a message that are bytes, text or messages themselves.
fn each_field(
    mut message: Bytes,
    mut take: impl FnMut(u32, Bytes) -> Result<(), String>,
) -> Result<(), String> {
    let broken = |error: prost::DecodeError| error.to_string();
    while message.has_remaining() {
        let (tag, kind) = decode_key(&mut message).map_err(broken)?;
        if kind != WireType::LengthDelimited {
            let context = DecodeContext::default();
            skip_field(kind, tag, &mut message, context).map_err(broken)?;
            continue;
        }
        let size_bytes = decode_varint(&mut message).map_err(broken)?;
        let size_bytes = usize::try_from(size_bytes).unwrap_or(usize::MAX);
        if size_bytes > message.remaining() {
            return Err("a field of it is cut short".to_owned());
        }
        take(tag, message.split_to(size_bytes))?;
    }
    Ok(())
}

fn attribute(bytes: Bytes) -> Result<Attribute, String> {
    let attribute = AttributeMessage::decode(bytes).map_err(|error| error.to_string())?;
    let value = match attribute.compiled_item {
        None => Value::Text(attribute.value),
        Some(item) => item.value(attribute.value),
    };
    let longest = match &value {
        Value::Text(text) => text.len().max(attribute.name.len()),
        _ => attribute.name.len(),
    };
    if longest > TEXT_BYTES_MAX {
        return Err(format!(
            "a text of it is longer than {TEXT_BYTES_MAX} bytes"
        ));
    }
    Ok(Attribute {
        is_android: attribute.namespace_uri == ANDROID,
        resource_id: attribute.resource_id,
        name: attribute.name,
        value,
    })
}

#[derive(Clone, PartialEq, Message)]
struct AttributeMessage {
    #[prost(string, tag = "1")]
    namespace_uri: String,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, tag = "3")]
    value: String,
    #[prost(uint32, tag = "5")]
    resource_id: u32,
    #[prost(message, optional, tag = "6")]
    compiled_item: Option<Item>,
}

#[derive(Clone, PartialEq, Message)]
struct Item {
    #[prost(bytes = "bytes", optional, tag = "1")]
    reference: Option<Bytes>,
    #[prost(message, optional, tag = "2")]
    string: Option<Text>,
    #[prost(message, optional, tag = "3")]
    raw_string: Option<Text>,
    #[prost(message, optional, tag = "7")]
    primitive: Option<Primitive>,
}

#[derive(Clone, PartialEq, Message)]
struct Text {
    #[prost(string, tag = "1")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct Primitive {
    #[prost(int32, optional, tag = "6")]
    decimal: Option<i32>,
    #[prost(uint32, optional, tag = "7")]
    hexadecimal: Option<u32>,
    #[prost(bool, optional, tag = "8")]
    boolean: Option<bool>,
}

impl Item {
    /// What the device will see; `written` is the text that it was made of.
    fn value(self, written: String) -> Value {
        if self.reference.is_some() {
            return Value::Reference;
        }
        if let Some(text) = self.string.or(self.raw_string) {
            return Value::Text(text.value);
        }
        let Some(primitive) = self.primitive else {
            return Value::Text(written);
        };
        if let Some(yes) = primitive.boolean {
            return Value::Bool(yes);
        }
        let decimal = primitive.decimal.map(i32::cast_unsigned);
        match decimal.or(primitive.hexadecimal) {
            Some(number) => Value::Number(number),
            None => Value::Text(written),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of bytes: its number, and what it holds.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2];
        prost::encoding::encode_varint(u64::try_from(content.len()).unwrap(), &mut bytes);
        bytes.extend(content);
        bytes
    }

    fn node(name: &str, inside: &[Vec<u8>]) -> Vec<u8> {
        let element = [vec![field(3, name.as_bytes())], inside.to_vec()].concat();
        field(1, &element.concat())
    }

    fn package(name: &str) -> Vec<u8> {
        let attribute = [field(2, b"package"), field(3, name.as_bytes())].concat();
        field(4, &attribute)
    }

    #[test]
    fn a_text_without_a_compiled_value_is_the_value() {
        let facts = read(node("manifest", &[package("org.example")])).unwrap();
        assert_eq!(facts.app_id.as_deref(), Some("org.example"));
    }

    #[test]
    fn no_depth_is_followed() {
        let mut deep = node("a", &[]);
        for _ in 0..10_000 {
            deep = node("a", &[field(5, &deep)]);
        }
        let facts = read(node("manifest", &[package("org.example"), field(5, &deep)]));
        assert_eq!(facts.unwrap().app_id.as_deref(), Some("org.example"));
    }

    #[test]
    fn text_where_the_root_should_be_is_refused() {
        assert!(read(field(2, b"text")).is_err());
    }
}
