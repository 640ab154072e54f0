//! What a part of an app is for, told by its path.

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The app's compiled Dart code: `libapp.so` and its like.
    DartLibrary,
    /// Flutter's engine.
    Engine,
    /// Any other native library.
    NativeLibrary,
    /// Java bytecode for Android.
    Dex,
    /// A file that the app reads while it runs.
    Asset,
    /// What the system reads of the app: `AndroidManifest.xml`, `Info.plist`.
    Manifest,
    /// Android resources.
    Resource,
    /// A signature over the others.
    Signature,
    /// A record of how it was built.
    BuildRecord,
    /// An executable that starts the app.
    Program,
    /// Anything else.
    Other,
}

impl Role {
    /// One word for it, for reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::DartLibrary => "dart-library",
            Role::Engine => "engine",
            Role::NativeLibrary => "native-library",
            Role::Dex => "dex",
            Role::Asset => "asset",
            Role::Manifest => "manifest",
            Role::Resource => "resource",
            Role::Signature => "signature",
            Role::BuildRecord => "build-record",
            Role::Program => "program",
            Role::Other => "other",
        }
    }
}
