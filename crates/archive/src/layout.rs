//! What a list of paths is: an APK, a bundle, an app folder.

use crate::abi::Abi;
use crate::error::OpenError;
use crate::role::Role;
use crate::{role_desktop, role_mobile};

/// What a release came as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A bare library.
    Library,
    /// One APK.
    Apk,
    /// Several APKs of one app, in a folder.
    SplitApks,
    /// A set of APKs in one file, as bundletool writes it.
    ApkSet,
    /// An Android app bundle.
    Aab,
    /// An Android library with an app's code.
    Aar,
    /// The folder of a Linux app.
    LinuxBundle,
    /// The folder of a Windows app.
    WindowsFolder,
    /// A macOS app.
    MacosApp,
    /// An iOS app.
    IosApp,
    /// A folder that Gradle wrote a build or its libraries to.
    GradleOutput,
    /// A zip archive that is none of the others.
    Zip,
    /// A folder that is none of the others.
    Folder,
}

impl Shape {
    /// One word for it, for reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Shape::Library => "library",
            Shape::Apk => "apk",
            Shape::SplitApks => "split-apks",
            Shape::ApkSet => "apk-set",
            Shape::Aab => "aab",
            Shape::Aar => "aar",
            Shape::LinuxBundle => "linux-bundle",
            Shape::WindowsFolder => "windows-folder",
            Shape::MacosApp => "macos-app",
            Shape::IosApp => "ios-app",
            Shape::GradleOutput => "gradle-output",
            Shape::Zip => "zip",
            Shape::Folder => "folder",
        }
    }
}

/// What some paths are, and which part of each leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) shape: Shape,
    pub(crate) roles: Roles,
    /// A folder above all paths, with its `/`, or nothing.
    pub(crate) above: String,
}

/// Whose rules give the paths their roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roles {
    Apk,
    Aab,
    Aar,
    Desktop,
    /// Nothing is known of the whole, so the paths alone are looked at.
    Loose,
}

impl Roles {
    /// What the file at `path` is for, and on which machine.
    pub(crate) fn of(self, path: &str) -> (Role, Option<Abi>) {
        match self {
            Roles::Apk => role_mobile::in_apk(path),
            Roles::Aab => role_mobile::in_bundle(path),
            Roles::Aar => role_mobile::in_library(path),
            Roles::Desktop => (role_desktop::in_folder(path), None),
            Roles::Loose => role_mobile::in_abi_folder(path).map_or_else(
                || (role_desktop::in_folder(path), None),
                |(role, abi)| (role, Some(abi)),
            ),
        }
    }
}

/// Tells what `paths` are, directly or below one folder that holds them all.
///
/// # Errors
///
/// [`OpenError::TwoShapes`] if they are two things at once; `name` is in its message.
pub(crate) fn of_paths(name: &str, paths: &[&str]) -> Result<Option<Layout>, OpenError> {
    if let Some(layout) = below(name, paths, "")? {
        return Ok(Some(layout));
    }
    match top_folder(paths) {
        Some(above) => below(name, paths, above),
        None => Ok(None),
    }
}

/// The first component of all paths, with its `/`.
fn top_folder<'a>(paths: &[&'a str]) -> Option<&'a str> {
    let first = paths.first()?;
    let (above, _) = first.split_at_checked(first.find('/')? + 1)?;
    paths
        .iter()
        .all(|path| path.starts_with(above))
        .then_some(above)
}

fn below(name: &str, paths: &[&str], above: &str) -> Result<Option<Layout>, OpenError> {
    let mut marks = Marks::default();
    for path in paths.iter().filter_map(|path| path.strip_prefix(above)) {
        marks.add(path);
    }
    let mut found = marks.found().into_iter();
    let Some((shape, roles)) = found.next() else {
        return Ok(None);
    };
    if let Some((second, _)) = found.next() {
        return Err(OpenError::TwoShapes {
            path: name.to_owned(),
            first: shape.word(),
            second: second.word(),
        });
    }
    let above = above.to_owned();
    Ok(Some(Layout {
        shape,
        roles,
        above,
    }))
}

/// What was seen among the paths.
#[derive(Default)]
struct Marks {
    manifest: bool,
    library: bool,
    installed: bool,
    bundle: bool,
    set: bool,
    linux: bool,
    windows: bool,
    macos: bool,
    ios: bool,
}

impl Marks {
    fn add(&mut self, path: &str) {
        self.manifest |= path == "AndroidManifest.xml";
        self.library |= path == "classes.jar" || path.starts_with("jni/");
        self.installed |= path == "classes.dex" || path == "resources.arsc";
        self.installed |= role_mobile::is_installed_library(path);
        self.bundle |= path == "BundleConfig.pb" || path == "base/manifest/AndroidManifest.xml";
        self.set |= path == "toc.pb";
        self.linux |= path == "lib/libapp.so" || path == "lib/libflutter_linux_gtk.so";
        self.windows |= path == "data/app.so" || path == "flutter_windows.dll";
        self.macos |= role_desktop::is_in_macos_app(path);
        self.ios |= role_desktop::is_in_ios_app(path);
    }

    /// Everything that it could be. Android installs whatever has a manifest at its root, so what
    /// else lies in an APK changes nothing.
    fn found(&self) -> Vec<(Shape, Roles)> {
        let mut found = Vec::new();
        let mut add = |is_there, shape, roles| {
            if is_there {
                found.push((shape, roles));
            }
        };
        add(self.bundle, Shape::Aab, Roles::Aab);
        let is_library = self.library && !self.installed;
        add(self.manifest && !is_library, Shape::Apk, Roles::Apk);
        add(self.manifest && is_library, Shape::Aar, Roles::Aar);
        if self.manifest || self.bundle {
            return found;
        }
        add(self.set, Shape::ApkSet, Roles::Apk);
        add(self.linux, Shape::LinuxBundle, Roles::Desktop);
        add(self.windows, Shape::WindowsFolder, Roles::Desktop);
        add(self.macos, Shape::MacosApp, Roles::Desktop);
        add(self.ios, Shape::IosApp, Roles::Desktop);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(paths: &[&str]) -> Option<Shape> {
        of_paths("it", paths).unwrap().map(|layout| layout.shape)
    }

    #[test]
    fn every_shape_is_told_by_its_own_files() {
        let known: [(&[&str], Shape); 8] = [
            (&["AndroidManifest.xml", "classes.dex"], Shape::Apk),
            (&["AndroidManifest.xml", "classes.jar"], Shape::Aar),
            (&["BundleConfig.pb", "base/dex/classes.dex"], Shape::Aab),
            (&["toc.pb", "splits/base-master.apk"], Shape::ApkSet),
            (&["lib/libapp.so", "app"], Shape::LinuxBundle),
            (&["data/app.so", "app.exe"], Shape::WindowsFolder),
            (
                &["A.app/Contents/Frameworks/App.framework/App"],
                Shape::MacosApp,
            ),
            (
                &["Payload/A.app/Frameworks/App.framework/App"],
                Shape::IosApp,
            ),
        ];
        for (paths, expected) in known {
            assert_eq!(shape(paths), Some(expected), "{paths:?}");
        }
    }

    #[test]
    fn one_folder_above_all_files_changes_nothing_but_the_prefix() {
        let layout = of_paths("it", &["app/lib/libapp.so", "app/data/x"]);
        let layout = layout.unwrap().unwrap();
        assert_eq!((layout.shape, &*layout.above), (Shape::LinuxBundle, "app/"));
    }

    #[test]
    fn an_apk_with_a_librarys_files_is_still_what_android_installs() {
        let paths = ["AndroidManifest.xml", "classes.jar", "lib/x86/libapp.so"];
        assert_eq!(shape(&paths), Some(Shape::Apk));
    }

    #[test]
    fn an_apk_that_is_a_bundle_too_is_refused() {
        let refused = of_paths("it", &["AndroidManifest.xml", "BundleConfig.pb"]);
        assert!(matches!(refused, Err(OpenError::TwoShapes { .. })));
    }
}
