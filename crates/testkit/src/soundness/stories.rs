//! The honest runs that are tampered with. Each is verified as it is, and every link that it asks
//! holds.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use patchproof_patch::{CodecChoice, MakeOptions, make_with};

use super::rsa::Holder;
use super::world::{Packing, World};
use crate::made::{
    Container, Embedder, Files, Layout, Machine, MadeApp, MadeLibraries, MadeSnapshot, Os, example,
};

/// One honest run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Story {
    /// A made APK for two ABIs, with a root, statements, previous statements and channels.
    Signed,
    /// Made bare libraries with their engine and a rebuild, the patch in our own container.
    Unsigned,
    /// Made bare libraries, and Shorebird's signature over what the patch gives.
    Shorebird,
    /// An APK around real Android libraries, signed as the made one.
    RealApp,
    /// Real bare libraries of Linux with their engine, signed under a root beside them.
    RealLibrary,
}

impl Story {
    /// Those that need no artefact.
    pub const MADE: [Self; 3] = [Self::Signed, Self::Unsigned, Self::Shorebird];

    /// The word in reports of these tests.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Unsigned => "unsigned",
            Self::Shorebird => "shorebird",
            Self::RealApp => "real app",
            Self::RealLibrary => "real library",
        }
    }

    /// Whether it is about real artefacts.
    #[must_use]
    pub const fn is_real(self) -> bool {
        matches!(self, Self::RealApp | Self::RealLibrary)
    }

    /// The artefacts that it needs, by their ids.
    #[must_use]
    pub const fn artefacts(self) -> &'static [&'static str] {
        match self {
            Self::Signed | Self::Unsigned | Self::Shorebird => &[],
            Self::RealApp => &[
                "sass-embedded-android-arm64@1.97.1/sass.snapshot",
                "sass-embedded-android-arm64@1.97.2/sass.snapshot",
            ],
            Self::RealLibrary => &[
                "sass-embedded-linux-x64@1.97.2/sass.snapshot",
                "sass-embedded-linux-x64@1.97.3/sass.snapshot",
                "sass-embedded-linux-x64@1.97.2/dart",
            ],
        }
    }

    /// The publisher of a made story; `None` of a real one.
    pub(crate) fn made(self) -> Option<&'static World> {
        static SIGNED: OnceLock<World> = OnceLock::new();
        static UNSIGNED: OnceLock<World> = OnceLock::new();
        static SHOREBIRD: OnceLock<World> = OnceLock::new();
        match self {
            Self::Signed => Some(SIGNED.get_or_init(signed)),
            Self::Unsigned => Some(UNSIGNED.get_or_init(unsigned)),
            Self::Shorebird => Some(SHOREBIRD.get_or_init(shorebird)),
            Self::RealApp | Self::RealLibrary => None,
        }
    }

    /// The publisher over these artefacts, which are those of [`artefacts`](Self::artefacts).
    pub(crate) fn world(self, paths: &[PathBuf]) -> Result<World, String> {
        let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>();
        let mut files = files.map_err(|error| error.to_string())?.into_iter();
        let mut next = || files.next().ok_or("an artefact is missing".to_owned());
        match self {
            Self::RealApp => Ok(real_app(next()?, next()?)),
            Self::RealLibrary => Ok(real_library(next()?, next()?, next()?)),
            _ => Ok(self.made().cloned().ok_or("a made story")?),
        }
    }
}

/// The snapshot of the made app for one of its ABIs.
pub(crate) fn snapshot(abi: &str) -> MadeSnapshot {
    let (container, machine) = match abi {
        "arm64-v8a" => (Container::Elf64, Machine::Arm64),
        "armeabi-v7a" => (Container::Elf32, Machine::Arm),
        _ => (Container::Elf64, Machine::X64),
    };
    MadeSnapshot::new(container, machine, Layout::Split).for_target(Os::Android, Embedder::Flutter)
}

fn signed() -> World {
    let mut release = MadeApp::new();
    release.abis.retain(|abi, _| abi != "armeabi-v7a");
    let mut patched = release.clone();
    for (abi, libraries) in &mut patched.abis {
        libraries.dart = snapshot(abi).edited(7).build();
    }
    let mut world = World::unsigned(release, patched, Packing::Apk);
    world.snapshot = Some(snapshot);
    for abi in world.abis() {
        world.make_patch(&abi);
    }
    world.sign_all("android", &[]);
    world
}

/// The snapshot of the made bare library.
pub(crate) fn bare_snapshot(_: &str) -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

fn bare(release: Vec<u8>, patched: Vec<u8>) -> World {
    let app = |dart| {
        let mut app = MadeApp::new();
        let libraries = MadeLibraries {
            dart,
            engine: Vec::new(),
            others: Files::new(),
        };
        app.abis = [("x86_64".to_owned(), libraries)].into();
        app
    };
    let mut world = World::unsigned(app(release), app(patched), Packing::Library);
    world.is_labelled = false;
    world
}

fn unsigned() -> World {
    let made = example();
    let options = MakeOptions::patchproof(CodecChoice::Zstd).at_level(3);
    let patch = make_with(&made.release, &made.patched, options);
    let mut world = bare(made.release, made.patched);
    world.snapshot = Some(bare_snapshot);
    let patch = patch.expect("made libraries can be patched");
    world.patches.insert("x86_64".to_owned(), patch);
    world.engine = Some(made.engine);

    world
}

fn shorebird() -> World {
    let made = example();
    let mut world = bare(made.release, made.patched);
    world.snapshot = Some(bare_snapshot);
    world.make_patch("x86_64");
    world.engine = Some(made.engine);
    world.shorebird = Some(Holder::Publisher);
    world
}

fn real_app(release: Vec<u8>, patched: Vec<u8>) -> World {
    let app = |dart| {
        let mut app = MadeApp::new();
        let libraries = MadeLibraries {
            dart,
            engine: Vec::new(),
            others: Files::new(),
        };
        app.abis = [("arm64-v8a".to_owned(), libraries)].into();
        app
    };
    let mut world = World::unsigned(app(release), app(patched), Packing::Apk);
    world.make_patch("arm64-v8a");
    world.sign_all("android", &[]);
    world
}

fn real_library(release: Vec<u8>, patched: Vec<u8>, engine: Vec<u8>) -> World {
    let mut world = bare(release, patched);
    world.make_patch("x86_64");
    world.engine = Some(engine);
    world.sign_all("linux", &[("x86_64", "x86_64")]);
    if let Some(signing) = &mut world.signing {
        signing.is_embedded = false;
    }
    world
}
