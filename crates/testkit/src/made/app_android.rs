//! Packs a made app as Android's tools do: APK, split APKs, their set, app bundle, library.

use super::app::{Files, MadeApp, MadeLibraries};
use super::payload;
use super::zip::MadeZip;
use super::zip_entry::MadeEntry;

/// Each method ending in `_zip` gives the archive before it is written, so that a test may change
/// an entry; the one without that ending gives the file.
impl MadeApp {
    /// One APK for every ABI, signed by a block that signs nothing.
    #[must_use]
    pub fn apk(&self) -> Vec<u8> {
        self.apk_zip().build()
    }

    /// One APK for every ABI.
    #[must_use]
    pub fn apk_zip(&self) -> MadeZip {
        let mut entries = self.base_entries();
        for (abi, libraries) in &self.abis {
            entries.extend(self.library_entries(abi, libraries));
        }
        signed(entries)
    }

    /// The base APK and one for each ABI, by the names under which a phone keeps them.
    #[must_use]
    pub fn split_apks(&self) -> Vec<(String, Vec<u8>)> {
        let build = |(name, made): (String, MadeZip)| (name, made.build());
        self.split_zips().into_iter().map(build).collect()
    }

    /// The base APK and one for each ABI.
    #[must_use]
    pub fn split_zips(&self) -> Vec<(String, MadeZip)> {
        let mut splits = vec![("base.apk".to_owned(), signed(self.base_entries()))];
        for (abi, libraries) in &self.abis {
            let split = format!("config.{}", abi.replace('-', "_"));
            let manifest = self.axml(self.split_manifest_element(&split));
            let mut entries = vec![MadeEntry::deflated("AndroidManifest.xml", &manifest)];
            entries.extend(self.library_entries(abi, libraries));
            splits.push((format!("split_{split}.apk"), signed(entries)));
        }
        splits
    }

    /// The split APKs in one archive, as `bundletool build-apks` writes it.
    #[must_use]
    pub fn apks(&self) -> Vec<u8> {
        self.apks_zip().build()
    }

    /// The split APKs in one archive: stored, by the names of `bundletool`.
    #[must_use]
    pub fn apks_zip(&self) -> MadeZip {
        let mut entries = vec![MadeEntry::deflated("toc.pb", &payload::noise(TABLE, 200))];
        for (name, file) in self.split_apks() {
            let name = match name.strip_prefix("split_config.") {
                Some(config) => format!("splits/base-{config}"),
                None => "splits/base-master.apk".to_owned(),
            };
            entries.push(MadeEntry::stored(&name, &file));
        }
        MadeZip::new(entries)
    }

    /// An app bundle of one module.
    #[must_use]
    pub fn aab(&self) -> Vec<u8> {
        self.aab_zip().build()
    }

    /// An app bundle of one module, everything deflated.
    #[must_use]
    pub fn aab_zip(&self) -> MadeZip {
        let mut files = Files::new();
        let mut put = |path: &str, bytes: &[u8]| {
            files.insert(path.to_owned(), bytes.to_vec());
        };
        put("BundleConfig.pb", &payload::noise(TABLE, 40));
        put(
            "BUNDLE-METADATA/com.android.tools.build.libraries/dependencies.pb",
            &payload::noise(TABLE, 120),
        );
        put("base/manifest/AndroidManifest.xml", &self.proto_xml());
        for (name, bytes) in self.dex_files() {
            put(&format!("base/dex/{name}"), &bytes);
        }
        for (abi, libraries) in &self.abis {
            for (name, bytes) in android_libraries(libraries) {
                put(&format!("base/lib/{abi}/{name}"), bytes);
            }
        }
        for (name, bytes) in &self.assets {
            put(&format!("base/assets/flutter_assets/{name}"), bytes);
        }
        put("base/native.pb", &payload::noise(TABLE, 60));
        put("base/resources.pb", &payload::noise(TABLE, 80));
        for (name, bytes) in &self.res {
            put(&format!("base/res/{name}"), bytes);
        }
        for (name, bytes) in &self.meta_inf {
            put(&format!("META-INF/{name}"), bytes);
        }
        deflated(&files)
    }

    /// An Android library of the app, for another app to embed.
    #[must_use]
    pub fn aar(&self) -> Vec<u8> {
        self.aar_zip().build()
    }

    /// An Android library of the app: no engine, and the manifest as text.
    #[must_use]
    pub fn aar_zip(&self) -> MadeZip {
        let mut files = Files::new();
        files.insert("AndroidManifest.xml".to_owned(), self.library_manifest());
        files.insert("R.txt".to_owned(), Vec::new());
        let classes = [("META-INF/MANIFEST.MF".to_owned(), Vec::new())].into();
        files.insert("classes.jar".to_owned(), deflated(&classes).build());
        for (abi, libraries) in &self.abis {
            let path = format!("jni/{abi}/libapp.so");
            files.insert(path, libraries.dart.clone());
        }
        for (name, bytes) in &self.assets {
            files.insert(format!("assets/flutter_assets/{name}"), bytes.clone());
        }
        deflated(&files)
    }

    /// What a Gradle build leaves of the native libraries: those of each ABI, stripped, by path.
    #[must_use]
    pub fn gradle_files(&self) -> Files {
        let mut files = Files::new();
        for (abi, libraries) in &self.abis {
            for (name, bytes) in android_libraries(libraries) {
                let path = format!("{STRIPPED}/{abi}/{name}");
                files.insert(path, bytes.to_vec());
            }
        }
        files
    }

    /// What is in every base APK.
    fn base_entries(&self) -> Vec<MadeEntry> {
        let manifest = self.axml(self.manifest_element());
        let mut entries = vec![MadeEntry::deflated("AndroidManifest.xml", &manifest)];
        for (name, bytes) in self.dex_files() {
            entries.push(MadeEntry::deflated(&name, &bytes));
        }
        for (name, bytes) in &self.assets {
            let path = format!("assets/flutter_assets/{name}");
            entries.push(MadeEntry::deflated(&path, bytes));
        }
        for (name, bytes) in &self.res {
            entries.push(MadeEntry::stored(&format!("res/{name}"), bytes).aligned(4));
        }
        // Android 11 and later wants this one stored and aligned.
        entries.push(MadeEntry::stored("resources.arsc", &self.resources).aligned(4));
        for (name, bytes) in &self.meta_inf {
            entries.push(MadeEntry::deflated(&format!("META-INF/{name}"), bytes));
        }
        entries
    }

    fn library_entries(&self, abi: &str, libraries: &MadeLibraries) -> Vec<MadeEntry> {
        let entry = |(name, bytes): (&str, &[u8])| {
            let path = format!("lib/{abi}/{name}");
            if self.libraries_deflated {
                MadeEntry::deflated(&path, bytes)
            } else {
                MadeEntry::stored(&path, bytes).aligned(PAGE_BYTES)
            }
        };
        android_libraries(libraries).map(entry).collect()
    }

    fn dex_files(&self) -> Vec<(String, Vec<u8>)> {
        let name = |number| match number {
            1 => "classes.dex".to_owned(),
            _ => format!("classes{number}.dex"),
        };
        let files = (1..).zip(self.dex.iter().cloned());
        files.map(|(number, bytes)| (name(number), bytes)).collect()
    }

    fn library_manifest(&self) -> Vec<u8> {
        let id = &self.app_id;
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <manifest xmlns:android=\"http://schemas.android.com/apk/res/android\"\n    \
             package=\"{id}\" >\n\n    <uses-sdk android:minSdkVersion=\"24\" />\n\n</manifest>"
        )
        .into_bytes()
    }
}

/// The libraries by their file names; an empty one is not there.
fn android_libraries(libraries: &MadeLibraries) -> impl Iterator<Item = (&str, &[u8])> {
    let own = [
        ("libapp.so", &libraries.dart),
        ("libflutter.so", &libraries.engine),
    ];
    let others = libraries.others.iter();
    let others = others.map(|(name, bytes)| (name.as_str(), bytes));
    let all = own.into_iter().filter(|(_, bytes)| !bytes.is_empty());
    all.chain(others)
        .map(|(name, bytes)| (name, bytes.as_slice()))
}

/// An archive of these files, each deflated.
pub(super) fn deflated(files: &Files) -> MadeZip {
    let entry = |(name, bytes): (&String, &Vec<u8>)| MadeEntry::deflated(name, bytes);
    MadeZip::new(files.iter().map(entry).collect())
}

fn signed(entries: Vec<MadeEntry>) -> MadeZip {
    let mut made = MadeZip::new(entries);
    made.signing_block = Some(vec![(SCHEME_V2, payload::noise(SIGNATURE, 1000))]);
    made
}

const PAGE_BYTES: u16 = 0x4000;
const SCHEME_V2: u32 = 0x7109_871a;
const SIGNATURE: u64 = 0x5165;
const TABLE: u64 = 0x7ab1;
const STRIPPED: &str =
    "intermediates/stripped_native_libs/release/stripReleaseDebugSymbols/out/lib";
