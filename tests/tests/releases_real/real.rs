//! Real snapshots, the apps around them and the patches between them.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use libtest_mimic::Failed;
use patchproof_testkit::made::{MadeApp, MadeLibraries};
use patchproof_tests::bench::{Bench, patch};

/// Which two snapshots, and the patch between them.
type MadePatch = ((usize, usize), Vec<u8>);

/// Real snapshots of two versions for two ABIs, and the engine of one.
pub(crate) struct Real {
    bytes: Vec<Vec<u8>>,
}

pub(crate) const ARTEFACTS: [&str; 7] = [
    "sass-embedded-android-arm64@1.97.1/sass.snapshot",
    "sass-embedded-android-arm64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.1/dart",
    "sass-embedded-linux-musl-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-x64@1.89.0/sass.snapshot",
];
pub(crate) const ARM64: usize = 0;
pub(crate) const ARM64_NEXT: usize = 1;
pub(crate) const X64: usize = 2;
pub(crate) const X64_NEXT: usize = 3;
pub(crate) const ENGINE: usize = 4;
pub(crate) const X64_OTHER_HOST: usize = 5;
pub(crate) const X64_OTHER_COMPILER: usize = 6;

impl Real {
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Failed> {
        let bytes = paths.iter().map(fs::read).collect::<Result<_, _>>()?;
        Ok(Self { bytes })
    }

    pub(crate) fn file(&self, at: usize) -> Vec<u8> {
        self.bytes.get(at).cloned().unwrap_or_default()
    }

    /// An app around two of the snapshots; the engine of the one lies beside it.
    pub(crate) fn app(&self, arm64: usize, x64: usize) -> MadeApp {
        let mut app = MadeApp::new();
        app.abis.clear();
        let mut one = MadeLibraries::default();
        one.dart = self.file(arm64);
        app.abis.insert("arm64-v8a".to_owned(), one);
        let mut other = MadeLibraries::default();
        other.dart = self.file(x64);
        other.engine = self.file(ENGINE);
        app.abis.insert("x86_64".to_owned(), other);
        app
    }

    /// A folder with release, patched build and patches of both ABIs.
    pub(crate) fn bench(&self) -> Bench {
        let bench = crate::bench();
        bench.put("release.apk", &self.app(ARM64, X64).apk());
        bench.put("patched.apk", &self.app(ARM64_NEXT, X64_NEXT).apk());
        for (name, base, new) in [("arm64", ARM64, ARM64_NEXT), ("x64", X64, X64_NEXT)] {
            bench.put(&format!("{name}.patch"), &self.patch(base, new));
        }
        bench
    }

    /// A patch, made once for all trials of this run.
    pub(crate) fn patch(&self, base: usize, new: usize) -> Vec<u8> {
        static MADE: Mutex<Vec<MadePatch>> = Mutex::new(Vec::new());
        let mut made = MADE.lock().expect("no trial panics while it holds this");
        if let Some((_, bytes)) = made.iter().find(|(pair, _)| *pair == (base, new)) {
            return bytes.clone();
        }
        let bytes = patch(&self.file(base), &self.file(new));
        made.push(((base, new), bytes.clone()));
        bytes
    }
}
