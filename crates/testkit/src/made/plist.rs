//! `Info.plist` of a made app, as text and in the binary form that iOS has.

use super::bytes::{Width, Writer, size};

/// What `Info.plist` says: keys and texts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeInfo {
    /// The keys and their texts, in the order in which they are written.
    pub entries: Vec<(String, String)>,
}

impl MadeInfo {
    /// The right one of an app.
    #[must_use]
    pub fn new(app_id: &str, version_name: &str, version_code: u64) -> Self {
        let entries = [
            ("CFBundleExecutable", "made".to_owned()),
            ("CFBundleIdentifier", app_id.to_owned()),
            ("CFBundlePackageType", "APPL".to_owned()),
            ("CFBundleShortVersionString", version_name.to_owned()),
            ("CFBundleVersion", version_code.to_string()),
        ];
        Self {
            entries: entries.map(|(key, text)| (key.to_owned(), text)).into(),
        }
    }

    /// As text.
    #[must_use]
    pub fn xml(&self) -> Vec<u8> {
        let entry = |(key, text): &(String, String)| {
            format!("\t<key>{key}</key>\n\t<string>{text}</string>\n")
        };
        let entries: String = self.entries.iter().map(entry).collect();
        format!("{XML_START}<plist version=\"1.0\">\n<dict>\n{entries}</dict>\n</plist>\n")
            .into_bytes()
    }

    /// As a binary one: one dictionary, its keys, its texts, their positions, a trailer.
    ///
    /// At most 100 entries, each text below 32 KiB: positions and references take two bytes.
    #[must_use]
    pub fn binary(&self) -> Vec<u8> {
        let mut writer = Writer::new(Width::Eight);
        let mut offsets = vec![size(BINARY_MAGIC)];
        writer.bytes(BINARY_MAGIC);
        let count = size(&self.entries);
        write_marker(&mut writer, DICTIONARY, count);
        // The keys are the objects behind the dictionary, the texts those behind the keys.
        (1..=2 * count).for_each(|reference| write_big(&mut writer, reference));
        let keys = self.entries.iter().map(|(key, _)| key);
        let texts = self.entries.iter().map(|(_, text)| text);
        for string in keys.chain(texts) {
            offsets.push(writer.position());
            write_string(&mut writer, string);
        }
        let table = writer.position();
        offsets
            .iter()
            .for_each(|&offset| write_big(&mut writer, offset));
        writer.bytes(&[0, 0, 0, 0, 0, 0, 2, 2]);
        for number in [size(&offsets), 0, table] {
            writer.bytes(&number.to_be_bytes());
        }
        writer.into_bytes()
    }
}

/// The `Info.plist` of a framework, whose identity is not the app's.
pub(super) fn framework(name: &str) -> Vec<u8> {
    let id = format!("io.flutter.flutter.{}", name.to_lowercase());
    MadeInfo::new(&id, "1.0", 1).xml()
}

/// ASCII as it is, else UTF-16 with the high byte first.
fn write_string(writer: &mut Writer, string: &str) {
    if string.is_ascii() {
        write_marker(writer, ASCII, size(string.as_bytes()));
        writer.bytes(string.as_bytes());
    } else {
        let units: Vec<u16> = string.encode_utf16().collect();
        write_marker(writer, UTF16, size(&units));
        units
            .iter()
            .for_each(|unit| writer.bytes(&unit.to_be_bytes()));
    }
}

/// The kind and the size; one of 15 and more stands behind it as a number of two bytes.
fn write_marker(writer: &mut Writer, kind: u8, size: u64) {
    match u8::try_from(size) {
        Ok(small) if small < 15 => writer.u8(kind | small),
        _ => {
            writer.u8(kind | 15);
            writer.u8(INTEGER_OF_TWO_BYTES);
            write_big(writer, size);
        }
    }
}

fn write_big(writer: &mut Writer, number: u64) {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    writer.bytes(&number.to_be_bytes());
}

const XML_START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
    \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";
const BINARY_MAGIC: &[u8] = b"bplist00";
const ASCII: u8 = 0x50;
const UTF16: u8 = 0x60;
const DICTIONARY: u8 = 0xd0;
const INTEGER_OF_TWO_BYTES: u8 = 0x11;
