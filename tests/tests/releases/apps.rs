//! Two made apps, a release and its patched build, and the files of a run over them.

use patchproof_testkit::made::{
    Container, Embedder, Layout, Machine, MadeApp, MadeLibraries, MadeSnapshot, Os,
};
use patchproof_tests::bench::{Bench, Ran, patch};

/// A release, its patched build and the patches between them, in a folder of their own.
pub(crate) struct Apps {
    pub(crate) release: MadeApp,
    pub(crate) patched: MadeApp,
    pub(crate) bench: Bench,
}

impl Apps {
    /// Both as they should be: the patched build differs in its Dart libraries alone.
    pub(crate) fn new() -> Self {
        let release = MadeApp::new();
        let mut patched = release.clone();
        for (abi, libraries) in &mut patched.abis {
            libraries.dart = android(abi).edited(7).build();
        }
        edit(
            &mut patched.linux,
            Container::Elf64,
            Machine::X64,
            Os::Linux,
        );
        edit(
            &mut patched.windows,
            Container::Elf64,
            Machine::X64,
            Os::Linux,
        );
        edit(
            &mut patched.macos,
            Container::Macho64,
            Machine::Arm64,
            Os::Macos,
        );
        edit(
            &mut patched.ios,
            Container::Macho64,
            Machine::Arm64,
            Os::Ios,
        );
        Self {
            release,
            patched,
            bench: Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test")),
        }
    }

    /// Writes both as APKs, and a patch for each ABI of the release.
    pub(crate) fn in_apks(self) -> Self {
        self.bench.put("release.apk", &self.release.apk());
        self.bench.put("patched.apk", &self.patched.apk());
        self.patches();
        self
    }

    /// Writes a patch for each ABI that both have, named by it.
    pub(crate) fn patches(&self) {
        for (abi, libraries) in &self.release.abis {
            if let Some(patched) = self.patched.abis.get(abi) {
                let bytes = patch(&libraries.dart, &patched.dart);
                self.bench.put(&format!("{abi}.patch"), &bytes);
            }
        }
    }

    /// Runs `verify-release` over the APKs with the patch of every ABI, and more arguments.
    pub(crate) fn verify(&self, more: &[&str]) -> Ran {
        self.verify_apks(&[more, &PATCHES].concat())
    }

    /// Runs `verify-release` over the APKs with these arguments besides.
    pub(crate) fn verify_apks(&self, more: &[&str]) -> Ran {
        let apks = ["--release", "release.apk", "--patched", "patched.apk"];
        self.verify_only(&[&apks[..], more].concat())
    }

    /// Runs `verify-release` with these arguments alone.
    pub(crate) fn verify_only(&self, args: &[&str]) -> Ran {
        self.bench.run(&[&["verify-release"], args].concat())
    }
}

/// The patch of every ABI that a made app has.
pub(crate) const PATCHES: [&str; 6] = [
    "--patch",
    "arm64-v8a=arm64-v8a.patch",
    "--patch",
    "armeabi-v7a=armeabi-v7a.patch",
    "--patch",
    "x86_64=x86_64.patch",
];

/// The snapshot of an ABI, as a made app has it.
pub(crate) fn android(abi: &str) -> MadeSnapshot {
    let (container, machine) = match abi {
        "arm64-v8a" => (Container::Elf64, Machine::Arm64),
        "armeabi-v7a" => (Container::Elf32, Machine::Arm),
        _ => (Container::Elf64, Machine::X64),
    };
    made(container, machine, Os::Android)
}

pub(crate) fn made(container: Container, machine: Machine, os: Os) -> MadeSnapshot {
    MadeSnapshot::new(container, machine, Layout::Split).for_target(os, Embedder::Flutter)
}

fn edit(libraries: &mut MadeLibraries, container: Container, machine: Machine, os: Os) {
    libraries.dart = made(container, machine, os).edited(7).build();
}
