//! What one Android manifest says of the app, whatever encoding it is in.

use std::collections::BTreeSet;

/// The facts of one manifest that this room is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ManifestFacts {
    pub(crate) app_id: Option<String>,
    pub(crate) version_name: Option<String>,
    pub(crate) version_code: Option<u64>,
    pub(crate) debuggable: Option<bool>,
    pub(crate) permissions: BTreeSet<String>,
    /// The name of the split; the base has none.
    pub(crate) split: Option<String>,
    /// Whether the attribute is there, and may have a value that cannot be read here.
    pub(crate) debuggable_is_said: bool,
    pub(crate) has_application: bool,
}

/// An attribute of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    /// Whether it is in Android's namespace.
    pub(crate) is_android: bool,
    /// Android's number for it, or 0.
    pub(crate) resource_id: u32,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Number(u32),
    Bool(bool),
    /// It stands in the resource table, for each configuration anew.
    Reference,
}

impl ManifestFacts {
    /// Takes the element `name` at `depth`: 1 is the root, 2 is directly in it.
    pub(crate) fn element(
        &mut self,
        depth: usize,
        name: &str,
        attributes: &[Attribute],
    ) -> Result<(), String> {
        match (depth, name) {
            (1, "manifest") => self.root(attributes),
            (1, _) => Err(format!(
                "its root is <{name}> where <manifest> was expected"
            )),
            (2, "application") => self.application(attributes),
            (2, "uses-permission" | "uses-permission-sdk-23" | "uses-permission-sdk-m") => {
                self.permission(attributes)
            }
            _ => Ok(()),
        }
    }

    /// Android's answer where a manifest says nothing. A split's says nothing on purpose.
    pub(crate) fn finish(mut self) -> ManifestFacts {
        if self.split.is_none() && self.debuggable.is_none() && !self.debuggable_is_said {
            self.debuggable = Some(false);
        }
        self
    }

    fn root(&mut self, attributes: &[Attribute]) -> Result<(), String> {
        self.app_id = text(by_name(attributes, "package")?);
        self.split = text(by_name(attributes, "split")?);
        self.version_name = text(android(attributes, VERSION_NAME)?);
        let low = number(android(attributes, VERSION_CODE)?);
        let high = number(android(attributes, VERSION_CODE_MAJOR)?);
        self.version_code = low.map(|low| high.unwrap_or(0) << 32 | low);
        Ok(())
    }

    /// Android reads the first and passes over any other.
    fn application(&mut self, attributes: &[Attribute]) -> Result<(), String> {
        if self.has_application {
            return Ok(());
        }
        self.has_application = true;
        let value = android(attributes, DEBUGGABLE)?;
        self.debuggable_is_said |= value.is_some();
        self.debuggable = match value {
            Some(Value::Bool(yes)) => Some(*yes),
            Some(Value::Number(number)) => Some(*number != 0),
            Some(Value::Text(text)) if text == "true" => Some(true),
            Some(Value::Text(text)) if text == "false" => Some(false),
            _ => None,
        };
        Ok(())
    }

    fn permission(&mut self, attributes: &[Attribute]) -> Result<(), String> {
        self.permissions.extend(text(android(attributes, NAME)?));
        if self.permissions.len() > PERMISSIONS_MAX {
            return Err(format!(
                "it asks for more than {PERMISSIONS_MAX} permissions"
            ));
        }
        Ok(())
    }
}

/// An attribute of Android's: its number, and its name where there is no number.
#[derive(Clone, Copy)]
struct Known(u32, &'static str);

/// The one attribute that is `known`. The number decides where there is one, as on a device.
fn android(attributes: &[Attribute], known: Known) -> Result<Option<&Value>, String> {
    let Known(id, name) = known;
    only(name, attributes, |attribute| match attribute.resource_id {
        0 => attribute.is_android && attribute.name == name,
        other => other == id,
    })
}

/// The one attribute without a namespace that is called `name`.
fn by_name<'a>(attributes: &'a [Attribute], name: &str) -> Result<Option<&'a Value>, String> {
    only(name, attributes, |attribute| {
        !attribute.is_android && attribute.resource_id == 0 && attribute.name == name
    })
}

fn only<'a>(
    name: &str,
    attributes: &'a [Attribute],
    is_it: impl Fn(&Attribute) -> bool,
) -> Result<Option<&'a Value>, String> {
    let mut found = attributes.iter().filter(|attribute| is_it(attribute));
    let first = found.next().map(|attribute| &attribute.value);
    match found.next() {
        Some(_) => Err(format!("an element has two attributes `{name}`")),
        None => Ok(first),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Text(text) if is_reference(text) => None,
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Reference => None,
    }
}

/// In text, `@string/x` stands for a resource and `${x}` for what Gradle fills in.
fn is_reference(text: &str) -> bool {
    (text.starts_with('@') && text.contains('/')) || text.contains("${")
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => Some(u64::from(*number)),
        Value::Text(text) => text
            .parse()
            .ok()
            .filter(|number| *number <= u64::from(u32::MAX)),
        Value::Bool(_) | Value::Reference => None,
    }
}

const NAME: Known = Known(0x0101_0003, "name");
const DEBUGGABLE: Known = Known(0x0101_000f, "debuggable");
const VERSION_CODE: Known = Known(0x0101_021b, "versionCode");
const VERSION_NAME: Known = Known(0x0101_021c, "versionName");
const VERSION_CODE_MAJOR: Known = Known(0x0101_0576, "versionCodeMajor");

/// The namespace of Android's attributes.
pub(crate) const ANDROID: &str = "http://schemas.android.com/apk/res/android";
/// The largest manifest that is read, in bytes.
pub(crate) const MANIFEST_BYTES_MAX: u64 = 8 << 20;
/// The longest name or value that is read, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 1024;
/// The most attributes of an element that are read.
pub(crate) const ATTRIBUTES_MAX: usize = 256;
const PERMISSIONS_MAX: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, resource_id: u32, value: Value) -> Attribute {
        Attribute {
            name: name.to_owned(),
            is_android: resource_id != 0,
            resource_id,
            value,
        }
    }

    fn of_root(attributes: &[Attribute]) -> Result<ManifestFacts, String> {
        let mut facts = ManifestFacts::default();
        facts.element(1, "manifest", attributes)?;
        Ok(facts)
    }

    #[test]
    fn the_major_version_code_is_the_upper_half() {
        let facts = of_root(&[
            attribute("", 0x0101_0576, Value::Number(1)),
            attribute("", 0x0101_021b, Value::Number(2)),
        ]);
        assert_eq!(facts.unwrap().version_code, Some((1 << 32) + 2));
    }

    #[test]
    fn a_name_with_another_number_is_not_the_attribute() {
        let facts = of_root(&[attribute("versionCode", 0x0101_0001, Value::Number(2))]);
        assert_eq!(facts.unwrap().version_code, None);
    }

    #[test]
    fn what_gradle_would_fill_in_is_not_a_version() {
        let facts = of_root(&[attribute(
            "package",
            0,
            Value::Text("${applicationId}".into()),
        )]);
        assert_eq!(facts.unwrap().app_id, None);
    }

    #[test]
    fn a_split_that_says_nothing_of_debugging_leaves_it_open() {
        let split = attribute("split", 0, Value::Text("config.en".into()));
        assert_eq!(of_root(&[split]).unwrap().finish().debuggable, None);
        assert_eq!(of_root(&[]).unwrap().finish().debuggable, Some(false));
    }

    #[test]
    fn more_permissions_than_any_app_asks_for_are_not_kept() {
        let mut facts = ManifestFacts::default();
        let asked = (0..5000).map(|number| {
            let name = attribute("", 0x0101_0003, Value::Text(number.to_string()));
            facts.element(2, "uses-permission", &[name])
        });
        assert!(asked.last().unwrap().is_err());
    }
}
