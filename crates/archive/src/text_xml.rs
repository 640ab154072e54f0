//! An AAR's manifest: XML as text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

use crate::manifest::{ANDROID, ATTRIBUTES_MAX, Attribute, ManifestFacts, TEXT_BYTES_MAX, Value};

/// The facts of a manifest in text.
///
/// # Errors
///
/// What is wrong with it, to follow "cannot be read: ".
pub(crate) fn read(bytes: &[u8]) -> Result<ManifestFacts, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let mut reader = NsReader::from_str(text);
    let mut facts = ManifestFacts::default();
    let (mut depth, mut has_root) = (0_usize, false);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(element) => {
                depth += 1;
                has_root = once(depth, has_root)?;
                take(&mut facts, &reader, depth, &element)?;
            }
            Event::Empty(element) => {
                has_root = once(depth + 1, has_root)?;
                take(&mut facts, &reader, depth + 1, &element)?;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err("it has a document type, as no manifest does".into()),
            Event::Eof if depth == 0 && has_root => return Ok(facts.finish()),
            Event::Eof => return Err("its elements do not end".to_owned()),
            _ => {}
        }
    }
}

fn once(depth: usize, has_root: bool) -> Result<bool, String> {
    if depth == 1 && has_root {
        return Err("it has two roots".to_owned());
    }
    if depth > DEPTH_MAX {
        return Err(format!("it is deeper than {DEPTH_MAX} elements"));
    }
    Ok(true)
}

fn take(
    facts: &mut ManifestFacts,
    reader: &NsReader<&[u8]>,
    depth: usize,
    element: &BytesStart<'_>,
) -> Result<(), String> {
    if depth > 2 {
        return Ok(());
    }
    let mut attributes = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        if attributes.len() >= ATTRIBUTES_MAX {
            return Err(format!(
                "an element has more than {ATTRIBUTES_MAX} attributes"
            ));
        }
        if value.len() > TEXT_BYTES_MAX {
            return Err(format!(
                "a text of it is longer than {TEXT_BYTES_MAX} bytes"
            ));
        }
        attributes.push(Attribute {
            name: name.as_ref().to_owned(),
            is_android: is_android(&namespace),
            resource_id: 0,
            value: Value::Text(value.into_owned()),
        });
    }
    facts.element(depth, element.local_name().as_ref(), &attributes)
}

fn is_android(namespace: &ResolveResult<'_>) -> bool {
    match namespace {
        ResolveResult::Bound(namespace) => namespace.as_ref() == ANDROID,
        _ => false,
    }
}

/// Deeper than any manifest, and little to keep.
const DEPTH_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    const NAMESPACE: &str = r#"xmlns:a="http://schemas.android.com/apk/res/android""#;

    fn manifest(attributes: &str, content: &str) -> String {
        format!("<manifest {NAMESPACE} {attributes}>{content}</manifest>")
    }

    #[test]
    fn a_manifest_is_read_under_any_prefix() {
        let text = manifest(
            r#"package="org.example" a:versionCode="7" a:versionName="1 &amp; 2""#,
            r#"<uses-permission a:name="p"/><application a:debuggable="true"/>"#,
        );
        let facts = read(text.as_bytes()).unwrap();
        assert_eq!(facts.app_id.as_deref(), Some("org.example"));
        assert_eq!(facts.version_code, Some(7));
        assert_eq!(facts.version_name.as_deref(), Some("1 & 2"));
        assert_eq!(facts.debuggable, Some(true));
        assert!(facts.permissions.contains("p"));
    }

    #[test]
    fn an_attribute_of_another_namespace_is_another_attribute() {
        let facts = read(manifest(r#"versionCode="7""#, "").as_bytes()).unwrap();
        assert_eq!(facts.version_code, None);
    }

    #[test]
    fn a_document_type_is_refused_with_whatever_it_defines() {
        let text = format!(r#"<!DOCTYPE m [<!ENTITY a "b">]>{}"#, manifest("", ""));
        assert!(read(text.as_bytes()).is_err());
    }

    #[test]
    fn no_depth_is_followed_without_end() {
        let deep = "<a>".repeat(1_000_000);
        assert!(read(manifest("", &deep).as_bytes()).is_err());
    }

    #[test]
    fn elements_that_do_not_end_are_refused() {
        assert!(read(b"<manifest>").is_err());
        assert!(read(b"").is_err());
    }
}
