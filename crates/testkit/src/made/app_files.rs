//! The small files of a made app: assets, resources, records of the build.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::app::Files;
use super::bytes::{Width, Writer, size};
use super::payload;

/// What a release build puts in `flutter_assets`, with an image, a font and a configuration.
pub(super) fn assets() -> Files {
    let notices = b"made\n\nA licence of no consequence.\n";
    files([
        ("AssetManifest.bin", asset_manifest(&["images/logo.png"])),
        ("FontManifest.json", FONTS.into()),
        ("NOTICES.Z", gzip(notices)),
        ("NativeAssetsManifest.json", NATIVE_ASSETS.into()),
        ("fonts/MaterialIcons-Regular.otf", font()),
        ("images/logo.png", payload::noise(IMAGE, 900)),
        ("shaders/ink_sparkle.frag", payload::noise(SHADER, 300)),
        ("shorebird.yaml", SHOREBIRD.into()),
    ])
}

/// `META-INF`: two records of the build and an old signature.
pub(super) fn meta_inf() -> Files {
    files([
        ("CERT.RSA", payload::noise(CERTIFICATE, 700)),
        ("CERT.SF", b"Signature-Version: 1.0\r\n\r\n".to_vec()),
        ("MANIFEST.MF", b"Manifest-Version: 1.0\r\n\r\n".to_vec()),
        (
            "com/android/build/gradle/app-metadata.properties",
            b"appMetadataVersion=1.1\nandroidGradlePluginVersion=8.11.1\n".to_vec(),
        ),
        (
            "version-control-info.textproto",
            b"generate_error_reason: NO_SUPPORTED_VCS_FOUND\n".to_vec(),
        ),
    ])
}

/// `res`: an image of the launcher.
pub(super) fn res() -> Files {
    files([("mipmap-hdpi-v4/ic_launcher.png", payload::noise(ICON, 500))])
}

/// `resources.arsc`: a table of no package, and the pool of strings that it must have.
pub(super) fn resources() -> Vec<u8> {
    let mut writer = Writer::new(Width::Eight);
    writer.u16(RESOURCE_TABLE);
    writer.u16(12);
    writer.u32(12 + 28);
    writer.u32(0);
    writer.u16(1);
    writer.u16(28);
    writer.u32(28);
    writer.pad_to(12 + 28);
    writer.into_bytes()
}

/// Bytes that start as a library of Windows does, and are none.
pub(super) fn portable_executable() -> Vec<u8> {
    let mut bytes = b"MZ".to_vec();
    bytes.extend(payload::noise(WINDOWS, 2000));
    bytes
}

/// The files by their names.
pub(super) fn files<const N: usize>(files: [(&str, Vec<u8>); N]) -> Files {
    files
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .into_iter()
        .collect()
}

/// The table of assets in the standard encoding of messages: each asset is its own only variant.
fn asset_manifest(assets: &[&str]) -> Vec<u8> {
    let mut writer = Writer::new(Width::Eight);
    let text = |writer: &mut Writer, text: &str| {
        writer.u8(MESSAGE_STRING);
        write_small(writer, size(text.as_bytes()));
        writer.bytes(text.as_bytes());
    };
    writer.u8(MESSAGE_MAP);
    write_small(&mut writer, size(assets));
    for asset in assets {
        text(&mut writer, asset);
        writer.bytes(&[MESSAGE_LIST, 1, MESSAGE_MAP, 1]);
        text(&mut writer, "asset");
        text(&mut writer, asset);
    }
    writer.into_bytes()
}

/// A size below 254, which takes one byte.
fn write_small(writer: &mut Writer, size: u64) {
    writer.u8(u8::try_from(size).unwrap_or(u8::MAX));
}

fn font() -> Vec<u8> {
    [b"OTTO".to_vec(), payload::noise(FONT, 1600)].concat()
}

/// Nothing where the encoder fails, which it does not into memory.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes);
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

const FONTS: &[u8] =
    br#"[{"family":"MaterialIcons","fonts":[{"asset":"fonts/MaterialIcons-Regular.otf"}]}]"#;
const NATIVE_ASSETS: &[u8] = br#"{"format-version":[1,0,0],"native-assets":{}}"#;
const SHOREBIRD: &[u8] = b"app_id: 8c0b4a36-1f0e-4c7a-9d7b-3f8a2f4f3c11\nauto_update: false\n";
const MESSAGE_STRING: u8 = 7;
const MESSAGE_LIST: u8 = 12;
const MESSAGE_MAP: u8 = 13;
const RESOURCE_TABLE: u64 = 2;
const IMAGE: u64 = 0x109e;
const SHADER: u64 = 0x5ade;
const FONT: u64 = 0xf047;
const ICON: u64 = 0x1c07;
const CERTIFICATE: u64 = 0xce47;
const WINDOWS: u64 = 0x3e11;
