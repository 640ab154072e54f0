//! Roles of paths in the folders of desktop apps, and of iOS.

use crate::role::Role;

/// In the folder of an app: Linux, Windows, macOS and iOS differ in every name that matters.
pub(crate) fn in_folder(path: &str) -> Role {
    if let Some(inside) = bundle_contents(path) {
        return in_apple_app(inside);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match path {
        "lib/libapp.so" | "data/app.so" | "libapp.so" => return Role::DartLibrary,
        _ => {}
    }
    if let Some(role) = engine(name) {
        return role;
    }
    match path.split_once('/') {
        None => of_top_file(name),
        Some(("data", _)) => Role::Asset,
        Some(("flutter_assets" | "assets", _)) => Role::Asset,
        Some(_) if is_library(name) => Role::NativeLibrary,
        Some(_) if path.contains("/flutter_assets/") => Role::Asset,
        Some(_) => Role::Other,
    }
}

/// A bare library: by its name an engine, or else the app's code.
pub(crate) fn of_bare_library(name: &str) -> Role {
    let name = name.rsplit('/').next().unwrap_or(name);
    engine(name).unwrap_or(Role::DartLibrary)
}

/// Whether only a macOS app has such a path.
pub(crate) fn is_in_macos_app(path: &str) -> bool {
    bundle_contents(path).is_some_and(|inside| {
        inside.starts_with("Contents/Frameworks/App.framework/")
            || inside.starts_with("Contents/Frameworks/FlutterMacOS.framework/")
    })
}

/// Whether only an iOS app has such a path.
pub(crate) fn is_in_ios_app(path: &str) -> bool {
    bundle_contents(path).is_some_and(|inside| {
        inside.starts_with("Frameworks/App.framework/")
            || inside.starts_with("Frameworks/Flutter.framework/")
    })
}

/// What follows `[Payload/]X.app/`; from inside an app, what follows nothing.
fn bundle_contents(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("Payload/").unwrap_or(path);
    if let Some((app, inside)) = inside.split_once('/')
        && app.ends_with(".app")
    {
        return Some(inside);
    }
    let is_inside = ["Contents/", "Frameworks/", "Info.plist", "_CodeSignature/"];
    is_inside
        .iter()
        .any(|start| path.starts_with(start))
        .then_some(path)
}

fn in_apple_app(inside: &str) -> Role {
    let inside = inside.strip_prefix("Contents/").unwrap_or(inside);
    if inside.contains("flutter_assets/") {
        return Role::Asset;
    }
    if inside
        .split('/')
        .any(|component| component == "_CodeSignature")
        || inside.ends_with(".mobileprovision")
        || inside.ends_with(".provisionprofile")
    {
        return Role::Signature;
    }
    match inside.split_once('/') {
        None if inside == "Info.plist" => Role::Manifest,
        None if !inside.contains('.') && inside != "PkgInfo" => Role::Program,
        Some(("MacOS", _)) => Role::Program,
        Some(("Resources", _)) => Role::Resource,
        Some(("Frameworks", library)) => in_frameworks(library),
        _ => Role::Other,
    }
}

/// `N.framework/[Versions/V/]N` is the library of the framework N.
fn in_frameworks(path: &str) -> Role {
    let Some((framework, inside)) = path.split_once('/') else {
        return if path.ends_with(".dylib") {
            Role::NativeLibrary
        } else {
            Role::Other
        };
    };
    let Some(name) = framework.strip_suffix(".framework") else {
        return Role::Other;
    };
    let unversioned = inside
        .strip_prefix("Versions/")
        .and_then(|versioned| versioned.split_once('/'))
        .map_or(inside, |(_, file)| file);
    match name {
        _ if unversioned != name => Role::Other,
        "App" => Role::DartLibrary,
        "Flutter" | "FlutterMacOS" => Role::Engine,
        _ => Role::NativeLibrary,
    }
}

fn engine(name: &str) -> Option<Role> {
    let engines = [
        "libflutter.so",
        "libflutter_linux_gtk.so",
        "libflutter_engine.so",
        "flutter_windows.dll",
        "flutter_engine.dll",
        "FlutterMacOS",
    ];
    (engines.contains(&name) || name == "Flutter").then_some(Role::Engine)
}

fn of_top_file(name: &str) -> Role {
    if is_library(name) {
        return Role::NativeLibrary;
    }
    let is_program = name.ends_with(".exe") || !name.contains('.');
    if is_program {
        Role::Program
    } else {
        Role::Other
    }
}

/// `libx.so`, `libx.so.1.2`, `x.dll`, `libx.dylib`.
fn is_library(name: &str) -> bool {
    name.ends_with(".dll")
        || name.ends_with(".dylib")
        || name.ends_with(".so")
        || name.contains(".so.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(known: &[(&str, Role)]) {
        for (path, role) in known {
            assert_eq!(in_folder(path), *role, "{path}");
        }
    }

    #[test]
    fn every_path_of_a_linux_bundle_has_its_role() {
        all(&[
            ("flet", Role::Program),
            ("lib/libapp.so", Role::DartLibrary),
            ("lib/libflutter_linux_gtk.so", Role::Engine),
            ("lib/libx_plugin.so", Role::NativeLibrary),
            ("lib/libmimalloc.so.2", Role::NativeLibrary),
            ("data/icudtl.dat", Role::Asset),
            ("data/flutter_assets/version.json", Role::Asset),
            ("README.md", Role::Other),
        ]);
    }

    #[test]
    fn every_path_of_a_windows_folder_has_its_role() {
        all(&[
            ("app.exe", Role::Program),
            ("flutter_windows.dll", Role::Engine),
            ("x_plugin.dll", Role::NativeLibrary),
            ("data/app.so", Role::DartLibrary),
        ]);
    }

    #[test]
    fn every_path_of_a_macos_app_has_its_role() {
        all(&[
            ("A.app/Contents/Info.plist", Role::Manifest),
            ("A.app/Contents/MacOS/A", Role::Program),
            (
                "A.app/Contents/Frameworks/App.framework/Versions/A/App",
                Role::DartLibrary,
            ),
            (
                "A.app/Contents/Frameworks/App.framework/Versions/A/Resources/flutter_assets/x",
                Role::Asset,
            ),
            (
                "A.app/Contents/Frameworks/FlutterMacOS.framework/Versions/A/FlutterMacOS",
                Role::Engine,
            ),
            (
                "Contents/Frameworks/x.framework/Versions/A/x",
                Role::NativeLibrary,
            ),
            (
                "Contents/Frameworks/x.framework/Versions/A/_CodeSignature/C",
                Role::Signature,
            ),
        ]);
    }

    #[test]
    fn every_path_of_an_ios_app_has_its_role() {
        all(&[
            ("Payload/Runner.app/Runner", Role::Program),
            ("Payload/Runner.app/Info.plist", Role::Manifest),
            (
                "Payload/Runner.app/Frameworks/App.framework/App",
                Role::DartLibrary,
            ),
            (
                "Runner.app/Frameworks/Flutter.framework/Flutter",
                Role::Engine,
            ),
            (
                "Runner.app/Frameworks/App.framework/flutter_assets/x",
                Role::Asset,
            ),
            (
                "Runner.app/Frameworks/App.framework/Info.plist",
                Role::Other,
            ),
        ]);
    }
}
