//! A manifest as a tree, whatever form it is then written in.

/// An element of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes, in the order in which they are written.
    pub attributes: Vec<Attribute>,
    /// The elements in it.
    pub children: Vec<Element>,
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute {
    /// Whether it is in Android's namespace.
    pub android: bool,
    /// Its name.
    pub name: String,
    /// The id of the resource that the name stands for; what Android goes by where there is one.
    pub resource_id: Option<u32>,
    /// Its value.
    pub value: Value,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(u32),
    /// True or false.
    Boolean(bool),
    /// The id of a resource that has the value.
    Reference(u32),
    /// A type of binary XML and its 32 bits, of whatever meaning; a number in protobuf XML.
    Other(u8, u32),
}

impl Element {
    /// An element of this name with nothing in it.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    /// The element with a further attribute.
    #[must_use]
    pub fn with(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// The element with a further element in it.
    #[must_use]
    pub fn containing(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
}

impl Attribute {
    /// `android:name`, with the id that Android's own table gives the name, where it is known here.
    #[must_use]
    pub fn android(name: &str, value: Value) -> Self {
        let known = RESOURCE_IDS.iter().find(|(known, _)| *known == name);
        Self {
            android: true,
            name: name.to_owned(),
            resource_id: known.map(|(_, id)| *id),
            value,
        }
    }

    /// An attribute without a namespace.
    #[must_use]
    pub fn plain(name: &str, value: Value) -> Self {
        Self {
            android: false,
            name: name.to_owned(),
            resource_id: None,
            value,
        }
    }
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The namespace of Android's attributes.
pub(super) const ANDROID: &str = "http://schemas.android.com/apk/res/android";

/// From Android's public resources, which never change; `aapt` resolves these names by them.
const RESOURCE_IDS: [(&str, u32); 13] = [
    ("label", 0x0101_0001),
    ("name", 0x0101_0003),
    ("hasCode", 0x0101_000c),
    ("debuggable", 0x0101_000f),
    ("exported", 0x0101_0010),
    ("minSdkVersion", 0x0101_020c),
    ("versionCode", 0x0101_021b),
    ("versionName", 0x0101_021c),
    ("maxSdkVersion", 0x0101_0271),
    ("targetSdkVersion", 0x0101_0270),
    ("extractNativeLibs", 0x0101_04ea),
    ("isFeatureSplit", 0x0101_055b),
    ("versionCodeMajor", 0x0101_0576),
];
