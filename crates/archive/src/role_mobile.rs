//! Roles of paths in Android's containers.

use crate::abi::Abi;
use crate::role::Role;

/// In an APK, as Android installs it.
pub(crate) fn in_apk(path: &str) -> (Role, Option<Abi>) {
    if let Some(library) = path.strip_prefix("lib/").and_then(in_abi) {
        return library;
    }
    (of_apk_file(path), None)
}

/// In an app bundle: modules, each laid out like an APK taken apart.
pub(crate) fn in_bundle(path: &str) -> (Role, Option<Abi>) {
    let Some((module, inside)) = path.split_once('/') else {
        return (Role::BuildRecord, None);
    };
    match module {
        "META-INF" => return (of_meta(inside), None),
        "BUNDLE-METADATA" => return (Role::BuildRecord, None),
        _ => {}
    }
    if let Some(library) = inside.strip_prefix("lib/").and_then(in_abi) {
        return library;
    }
    let role = match inside.split_once('/') {
        None if inside == "resources.pb" => Role::Resource,
        None if inside.ends_with(".pb") => Role::BuildRecord,
        Some(("manifest", "AndroidManifest.xml")) => Role::Manifest,
        Some(("dex", name)) if is_dex(name) => Role::Dex,
        Some(("assets", _)) => Role::Asset,
        Some(("res", _)) => Role::Resource,
        _ => Role::Other,
    };
    (role, None)
}

/// In an AAR.
pub(crate) fn in_library(path: &str) -> (Role, Option<Abi>) {
    if let Some(library) = path.strip_prefix("jni/").and_then(in_abi) {
        return library;
    }
    let role = match path {
        "R.txt" | "public.txt" => Role::Resource,
        _ => of_apk_file(path),
    };
    (role, None)
}

/// Directly in a folder with a machine's name, wherever that is, as Gradle keeps libraries.
pub(crate) fn in_abi_folder(path: &str) -> Option<(Role, Abi)> {
    let (folders, name) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    Some((of_library(name)?, Abi::from_name(folder)?))
}

/// Whether Android would load the file at `path` of an APK as a library.
pub(crate) fn is_installed_library(path: &str) -> bool {
    path.strip_prefix("lib/")
        .and_then(in_abi)
        .is_some_and(|(_, abi)| abi.is_some())
}

/// `<abi>/<name>`, below the folder of libraries.
fn in_abi(path: &str) -> Option<(Role, Option<Abi>)> {
    let (folder, name) = path.split_once('/')?;
    if name.contains('/') {
        return None;
    }
    let role = of_library(name)?;
    match Abi::from_name(folder) {
        Some(abi) => Some((role, Some(abi))),
        None => Some((Role::NativeLibrary, None)),
    }
}

fn of_library(name: &str) -> Option<Role> {
    match name {
        "libapp.so" => Some(Role::DartLibrary),
        "libflutter.so" => Some(Role::Engine),
        _ if name.ends_with(".so") => Some(Role::NativeLibrary),
        _ => None,
    }
}

fn of_apk_file(path: &str) -> Role {
    match path.split_once('/') {
        None => match path {
            "AndroidManifest.xml" => Role::Manifest,
            "resources.arsc" => Role::Resource,
            "stamp-cert-sha256" => Role::Signature,
            _ if is_dex(path) => Role::Dex,
            _ if path.ends_with(".idsig") => Role::Signature,
            _ => Role::Other,
        },
        Some(("META-INF", inside)) => of_meta(inside),
        Some(("assets", _)) => Role::Asset,
        Some(("res", _)) => Role::Resource,
        Some(_) => Role::Other,
    }
}

fn of_meta(inside: &str) -> Role {
    let ending = inside.rsplit_once('.').map(|(_, ending)| ending);
    let is_signature =
        !inside.contains('/') && matches!(ending, Some("MF" | "SF" | "RSA" | "DSA" | "EC"));
    if is_signature {
        Role::Signature
    } else {
        Role::BuildRecord
    }
}

/// `classes.dex`, `classes2.dex` and so on: what the runtime loads.
fn is_dex(name: &str) -> bool {
    name.strip_prefix("classes")
        .and_then(|rest| rest.strip_suffix(".dex"))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_an_apk_has_its_role() {
        let known = [
            ("classes.dex", Role::Dex),
            ("classes2.dex", Role::Dex),
            ("assets/classes.dex", Role::Asset),
            ("assets/flutter_assets/AssetManifest.bin", Role::Asset),
            ("AndroidManifest.xml", Role::Manifest),
            ("res/layout/main.xml", Role::Resource),
            ("resources.arsc", Role::Resource),
            ("META-INF/CERT.SF", Role::Signature),
            ("META-INF/MANIFEST.MF", Role::Signature),
            ("META-INF/services/x.SF", Role::BuildRecord),
            ("META-INF/androidx.core_core.version", Role::BuildRecord),
            ("kotlin/kotlin.kotlin_builtins", Role::Other),
            ("base/lib/x86/libapp.so", Role::Other),
        ];
        for (path, role) in known {
            assert_eq!(in_apk(path), (role, None), "{path}");
        }
    }

    #[test]
    fn a_library_has_the_machine_of_its_folder() {
        let arm64 = Some(Abi::Arm64V8a);
        assert_eq!(
            in_apk("lib/arm64-v8a/libapp.so"),
            (Role::DartLibrary, arm64)
        );
        assert_eq!(in_apk("lib/arm64-v8a/libflutter.so"), (Role::Engine, arm64));
        assert_eq!(
            in_apk("lib/arm64-v8a/libsqlite3.so"),
            (Role::NativeLibrary, arm64)
        );
        assert_eq!(
            in_bundle("base/lib/x86_64/libapp.so"),
            (Role::DartLibrary, Some(Abi::X86_64))
        );
        assert_eq!(
            in_library("jni/x86/libapp.so"),
            (Role::DartLibrary, Some(Abi::X86))
        );
    }

    #[test]
    fn a_library_that_android_does_not_load_is_not_the_apps_code() {
        for path in [
            "lib/mips/libapp.so",
            "assets/arm64-v8a/libapp.so",
            "lib/x86/a/libapp.so",
        ] {
            assert_ne!(in_apk(path).0, Role::DartLibrary, "{path}");
        }
    }

    #[test]
    fn every_path_of_a_bundle_has_its_role() {
        let known = [
            ("BundleConfig.pb", Role::BuildRecord),
            ("BUNDLE-METADATA/com.android.tools/x", Role::BuildRecord),
            ("META-INF/KEY0.RSA", Role::Signature),
            ("base/manifest/AndroidManifest.xml", Role::Manifest),
            ("base/dex/classes.dex", Role::Dex),
            ("base/assets/flutter_assets/x", Role::Asset),
            ("base/res/x.png", Role::Resource),
            ("base/resources.pb", Role::Resource),
            ("base/native.pb", Role::BuildRecord),
            ("base/root/kotlin/x", Role::Other),
        ];
        for (path, role) in known {
            assert_eq!(in_bundle(path), (role, None), "{path}");
        }
    }

    #[test]
    fn gradle_keeps_a_library_below_any_folder() {
        let path = "release/out/lib/armeabi-v7a/libapp.so";
        let found = in_abi_folder(path);
        assert_eq!(found, Some((Role::DartLibrary, Abi::ArmeabiV7a)));
    }
}
