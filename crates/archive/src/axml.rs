//! Android's binary XML, as far as a manifest's facts need it.
//!
//! It is read flat, chunk by chunk: no tree is built, and only the elements at the top are looked
//! at. So neither depth nor strings that many attributes share can cost more than the file's size.

mod strings;

use strings::Strings;

use crate::fields::Fields;
use crate::manifest::{ANDROID, ATTRIBUTES_MAX, Attribute, ManifestFacts, Value};

/// The facts of a manifest in binary XML.
///
/// # Errors
///
/// What is wrong with it, to follow "cannot be read: ".
pub(crate) fn read(bytes: &[u8]) -> Result<ManifestFacts, String> {
    let mut document = Fields::new(bytes);
    let (kind, content) = chunk(&mut document).ok_or("it does not start with a whole chunk")?;
    if kind != XML {
        return Err(format!(
            "it starts with a chunk {kind:#06x} where XML has {XML:#06x}"
        ));
    }
    let mut reader = Reader::default();
    let mut chunks = Fields::new(content.body);
    while !chunks.rest().is_empty() {
        let (kind, chunk) = chunk(&mut chunks).ok_or("a chunk of it is cut short")?;
        reader.chunk(kind, &chunk)?;
    }
    if !reader.has_root || reader.depth != 0 {
        return Err("its elements do not end".to_owned());
    }
    Ok(reader.facts.finish())
}

/// A chunk: its header without the first eight bytes, what follows the header, and both.
struct Chunk<'a> {
    header: &'a [u8],
    body: &'a [u8],
    whole: &'a [u8],
}

fn chunk<'a>(fields: &mut Fields<'a>) -> Option<(u16, Chunk<'a>)> {
    let mut header = *fields;
    let (kind, header_size) = (header.u16()?, usize::from(header.u16()?));
    let size = usize::try_from(header.u32()?).ok()?;
    let whole = fields.take(size)?;
    let (header, body) = whole.split_at_checked(header_size)?;
    let header = header.get(8..)?;
    Some((
        kind,
        Chunk {
            header,
            body,
            whole,
        },
    ))
}

#[derive(Default)]
struct Reader<'a> {
    strings: Option<Strings<'a>>,
    resource_ids: Option<&'a [u8]>,
    facts: ManifestFacts,
    depth: usize,
    has_root: bool,
}

impl<'a> Reader<'a> {
    fn chunk(&mut self, kind: u16, chunk: &Chunk<'a>) -> Result<(), String> {
        match kind {
            STRING_POOL if self.strings.is_some() => Err("it has two string pools".to_owned()),
            STRING_POOL => {
                let strings = Strings::read(chunk).ok_or("its string pool is broken")?;
                self.strings = Some(strings);
                Ok(())
            }
            RESOURCE_MAP if self.resource_ids.is_some() => {
                Err("it has two resource maps".to_owned())
            }
            RESOURCE_MAP => {
                self.resource_ids = Some(chunk.body);
                Ok(())
            }
            START_ELEMENT => self.start(chunk.body),
            END_ELEMENT => {
                let depth = self.depth.checked_sub(1);
                self.depth = depth.ok_or("an element ends that did not start")?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, body: &[u8]) -> Result<(), String> {
        self.depth += 1;
        if self.depth == 1 && self.has_root {
            return Err("it has two roots".to_owned());
        }
        self.has_root = true;
        if self.depth > DEPTH_READ {
            return Ok(());
        }
        let element = Element::read(body).ok_or("an element of it is cut short")?;
        let name = self.string(element.name)?;
        if element.count > ATTRIBUTES_MAX {
            return Err(format!(
                "<{name}> has more than {ATTRIBUTES_MAX} attributes"
            ));
        }
        let mut attributes = Vec::new();
        for index in 0..element.count {
            let fields = element.attribute(index);
            let fields = fields.ok_or("an attribute of it is cut short")?;
            attributes.extend(self.attribute(fields)?);
        }
        self.facts.element(self.depth, &name, &attributes)
    }

    /// An attribute, if it may be one of those that are asked for.
    fn attribute(&self, mut fields: Fields<'_>) -> Result<Option<Attribute>, String> {
        let cut = "an attribute of it is cut short";
        let (namespace, name) = (fields.u32().ok_or(cut)?, fields.u32().ok_or(cut)?);
        fields.take(7).ok_or(cut)?; // the text as written, and the size of what follows
        let [kind] = *fields.take(1).ok_or(cut)? else {
            return Err(cut.to_owned());
        };
        let data = fields.u32().ok_or(cut)?;
        let resource_id = self.resource_id(name);
        let is_android =
            namespace != NONE && resource_id == 0 && self.string(namespace)? == ANDROID;
        let value = match kind {
            REFERENCE | ATTRIBUTE | DYNAMIC_REFERENCE | DYNAMIC_ATTRIBUTE => Value::Reference,
            STRING => match self.string(data) {
                Ok(text) => Value::Text(text),
                Err(_) if self.depth == DEPTH_READ => return Ok(None),
                Err(error) => return Err(error),
            },
            BOOLEAN => Value::Bool(data != 0),
            INTEGER_FIRST..=INTEGER_LAST => Value::Number(data),
            _ => return Ok(None),
        };
        let name = if resource_id == 0 {
            self.string(name)?
        } else {
            String::new()
        };
        Ok(Some(Attribute {
            name,
            is_android,
            resource_id,
            value,
        }))
    }

    /// Android's number for the attribute whose name is string `index`, or 0.
    fn resource_id(&self, index: u32) -> u32 {
        let number = |index: u32| {
            let start = usize::try_from(index).ok()?.checked_mul(4)?;
            let bytes = self.resource_ids?.get(start..)?.first_chunk()?;
            Some(u32::from_le_bytes(*bytes))
        };
        number(index).unwrap_or(0)
    }

    fn string(&self, index: u32) -> Result<String, String> {
        let strings = self
            .strings
            .as_ref()
            .ok_or("an element comes before the strings")?;
        let found = strings.get(index);
        found.ok_or_else(|| format!("its string {index} cannot be read"))
    }
}

struct Element<'a> {
    name: u32,
    attributes: &'a [u8],
    size: usize,
    count: usize,
}

impl<'a> Element<'a> {
    fn read(body: &'a [u8]) -> Option<Element<'a>> {
        let mut fields = Fields::new(body);
        fields.u32()?; // its namespace
        let name = fields.u32()?;
        let (start, size) = (usize::from(fields.u16()?), usize::from(fields.u16()?));
        let count = usize::from(fields.u16()?);
        let attributes = body.get(start..)?;
        (size >= ATTRIBUTE_LEN).then_some(Element {
            name,
            attributes,
            size,
            count,
        })
    }

    fn attribute(&self, index: usize) -> Option<Fields<'a>> {
        let start = index.checked_mul(self.size)?;
        let bytes = self.attributes.get(start..start.checked_add(self.size)?)?;
        Some(Fields::new(bytes))
    }
}

const XML: u16 = 0x0003;
const STRING_POOL: u16 = 0x0001;
const RESOURCE_MAP: u16 = 0x0180;
const START_ELEMENT: u16 = 0x0102;
const END_ELEMENT: u16 = 0x0103;
/// A string index that leads to nothing.
const NONE: u32 = u32::MAX;
const ATTRIBUTE_LEN: usize = 20;
/// The root, and what is directly in it.
const DEPTH_READ: usize = 2;

const REFERENCE: u8 = 0x01;
const ATTRIBUTE: u8 = 0x02;
const STRING: u8 = 0x03;
const DYNAMIC_REFERENCE: u8 = 0x07;
const DYNAMIC_ATTRIBUTE: u8 = 0x08;
const INTEGER_FIRST: u8 = 0x10;
const BOOLEAN: u8 = 0x12;
const INTEGER_LAST: u8 = 0x1f;

#[cfg(test)]
mod tests;
