//! A made app: what is in it, whatever it is then packed as.

use std::collections::BTreeMap;

use super::app_files;
use super::axml::MadeAxml;
use super::axml_strings::Strings;
use super::engine::MadeEngine;
use super::proto_xml::MadeProtoXml;
use super::snapshot::MadeSnapshot;
use super::target::{Container, Embedder, Layout, Machine, Os};
use super::xml::{Attribute, Element, Value};
use super::{dex, payload};

/// Contents by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A Flutter app to pack as whatever is released; every field may be set to something wrong.
///
/// ```
/// use patchproof_testkit::made::MadeApp;
///
/// let mut made = MadeApp::new();
/// made.version_code = 46;
/// let apk: Vec<u8> = made.apk();
/// # assert!(apk.starts_with(b"PK\x03\x04"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeApp {
    /// The app's id: package name, bundle identifier.
    pub app_id: String,
    /// The version that people see.
    pub version_name: String,
    /// The version that counts up; what is beyond 32 bits becomes `versionCodeMajor`.
    pub version_code: u64,
    /// `android:debuggable`, where the manifest has it.
    pub debuggable: Option<bool>,
    /// The permissions it uses.
    pub permissions: Vec<String>,
    /// How binary XML writes its strings.
    pub strings: Strings,
    /// The manifest of Android instead of the one that the fields above make.
    pub manifest: Option<Element>,
    /// The native libraries of Android by the name of their ABI.
    pub abis: BTreeMap<String, MadeLibraries>,
    /// The native libraries on Linux.
    pub linux: MadeLibraries,
    /// The native libraries on Windows; the engine is no real library of that system.
    pub windows: MadeLibraries,
    /// The native libraries on macOS.
    pub macos: MadeLibraries,
    /// The native libraries on iOS.
    pub ios: MadeLibraries,
    /// The DEX files: `classes.dex`, `classes2.dex` and so on.
    pub dex: Vec<Vec<u8>>,
    /// What is in `flutter_assets`.
    pub assets: Files,
    /// `resources.arsc`.
    pub resources: Vec<u8>,
    /// What is in `res`.
    pub res: Files,
    /// What is in `META-INF`.
    pub meta_inf: Files,
    /// Whether an APK deflates its native libraries, as old ones do; else they are stored and
    /// aligned to 16 KiB.
    pub libraries_deflated: bool,
}

/// The native libraries of an app for one processor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeLibraries {
    /// The app's Dart library.
    pub dart: Vec<u8>,
    /// The engine.
    pub engine: Vec<u8>,
    /// Further libraries by their file names.
    pub others: Files,
}

impl MadeLibraries {
    /// A snapshot and the engine that accepts it.
    #[must_use]
    pub fn of(snapshot: &MadeSnapshot) -> Self {
        Self {
            dart: snapshot.build(),
            engine: MadeEngine::accepting(snapshot).build(),
            others: Files::new(),
        }
    }

    fn made(container: Container, machine: Machine, os: Os) -> Self {
        let snapshot = MadeSnapshot::new(container, machine, Layout::Split);
        Self::of(&snapshot.for_target(os, Embedder::Flutter))
    }

    fn made_with(mut self, name: &str) -> Self {
        self.others
            .insert(name.to_owned(), payload::noise(OTHER, 3000));
        self
    }
}

impl MadeApp {
    /// A right app: three ABIs on Android, one on each other system.
    #[must_use]
    pub fn new() -> Self {
        let android = |container, machine| {
            MadeLibraries::made(container, machine, Os::Android).made_with("libsqlite3.so")
        };
        let abis = [
            ("arm64-v8a", android(Container::Elf64, Machine::Arm64)),
            ("armeabi-v7a", android(Container::Elf32, Machine::Arm)),
            ("x86_64", android(Container::Elf64, Machine::X64)),
        ];
        let apple = |os| MadeLibraries::made(Container::Macho64, Machine::Arm64, os);
        let desktop = || MadeLibraries::made(Container::Elf64, Machine::X64, Os::Linux);
        let mut windows = desktop();
        windows.engine = app_files::portable_executable();
        Self {
            app_id: "dev.patchproof.made".to_owned(),
            version_name: "1.2.3".to_owned(),
            version_code: 45,
            debuggable: None,
            permissions: vec!["android.permission.INTERNET".to_owned()],
            strings: Strings::Utf16,
            manifest: None,
            abis: abis.map(|(name, made)| (name.to_owned(), made)).into(),
            linux: desktop().made_with("libplugin.so"),
            windows: windows.made_with("plugin.dll"),
            macos: apple(Os::Macos),
            ios: apple(Os::Ios),
            dex: vec![dex::dex(1)],
            assets: app_files::assets(),
            resources: app_files::resources(),
            res: app_files::res(),
            meta_inf: app_files::meta_inf(),
            libraries_deflated: false,
        }
    }

    /// The manifest of Android as a tree: the one that is set, or the one of the other fields.
    #[must_use]
    pub fn manifest_element(&self) -> Element {
        if let Some(manifest) = &self.manifest {
            return manifest.clone();
        }
        let application = Element::new("application")
            .with(Attribute::android("label", Value::text("Made")))
            .with(Attribute::android(
                "name",
                Value::text("android.app.Application"),
            ));
        let debuggable = self.debuggable.map(Value::Boolean);
        let application = debuggable.into_iter().fold(application, |element, value| {
            element.with(Attribute::android("debuggable", value))
        });
        let packed = Value::Boolean(self.libraries_deflated);
        let application = application
            .with(Attribute::android("extractNativeLibs", packed))
            .containing(main_activity());
        let sdk = Element::new("uses-sdk")
            .with(Attribute::android("minSdkVersion", Value::Integer(24)))
            .with(Attribute::android("targetSdkVersion", Value::Integer(36)));
        let root = self.manifest_root().containing(sdk);
        let permission = |element: Element, name: &String| {
            let name = Attribute::android("name", Value::text(name));
            element.containing(Element::new("uses-permission").with(name))
        };
        let root = self.permissions.iter().fold(root, permission);
        root.containing(application)
    }

    /// The manifest of an APK that adds to the base one, such as `config.arm64_v8a`.
    #[must_use]
    pub fn split_manifest_element(&self, split: &str) -> Element {
        let has_code = Attribute::android("hasCode", Value::Boolean(false));
        self.manifest_root()
            .with(Attribute::plain("split", Value::text(split)))
            .containing(Element::new("application").with(has_code))
    }

    /// The manifest as binary XML, as an APK has it.
    #[must_use]
    pub fn axml(&self, element: Element) -> Vec<u8> {
        let mut made = MadeAxml::new(element);
        made.strings = self.strings;
        made.build()
    }

    /// The manifest as protobuf XML, as an app bundle has it.
    #[must_use]
    pub fn proto_xml(&self) -> Vec<u8> {
        MadeProtoXml::new(self.manifest_element()).build()
    }

    /// `manifest` with the app's id and version.
    fn manifest_root(&self) -> Element {
        let [low, high] = halves(self.version_code);
        let root = Element::new("manifest")
            .with(Attribute::android("versionCode", Value::Integer(low)))
            .with(Attribute::android(
                "versionName",
                Value::text(&self.version_name),
            ));
        let root = if high == 0 {
            root
        } else {
            root.with(Attribute::android("versionCodeMajor", Value::Integer(high)))
        };
        root.with(Attribute::plain("package", Value::text(&self.app_id)))
    }
}

impl Default for MadeApp {
    fn default() -> Self {
        Self::new()
    }
}

fn main_activity() -> Element {
    let named = |element: &str, name: &str| {
        let name = Attribute::android("name", Value::text(name));
        Element::new(element).with(name)
    };
    let filter = Element::new("intent-filter")
        .containing(named("action", "android.intent.action.MAIN"))
        .containing(named("category", "android.intent.category.LAUNCHER"));
    named("activity", "dev.patchproof.made.MainActivity")
        .with(Attribute::android("exported", Value::Boolean(true)))
        .containing(filter)
}

/// The lower and the upper 32 bits.
fn halves(number: u64) -> [u32; 2] {
    let half = |shifted: u64| u32::try_from(shifted & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    [half(number), half(number >> 32)]
}

const OTHER: u64 = 0x07e4;
