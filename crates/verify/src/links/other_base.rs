//! Which of the other given libraries a patch fits, when it does not fit the released one.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{Limits, inflate_through};

use super::base_and_inflate::Given;
use crate::libraries::{Libraries, Library};
use crate::rows::{PATCHED, wide};

/// A library over which the patch gives what it should.
pub(super) struct Fits {
    pub(super) sha256: String,
    /// A clause for the finding.
    pub(super) words: String,
}

impl Given<'_> {
    /// Looks among the other given libraries for the base that this patch was made against.
    pub(super) fn library_that_fits(&self) -> Option<Fits> {
        self.fits_the_rebuilt()
            .or_else(|| self.fits_the_patched())
            .or_else(|| self.fits_another_abi())
    }

    /// The usual one: the patch was made from a rebuild, not from what was shipped.
    fn fits_the_rebuilt(&self) -> Option<Fits> {
        let rebuilt = self.one.rebuilt.library()?;
        let gives = self.output_over(rebuilt)? == self.patched.bytes;
        gives.then(|| Fits {
            sha256: rebuilt.sha256.clone(),
            words: format!("it was made against {}, the rebuilt library", rebuilt.name),
        })
    }

    fn fits_the_patched(&self) -> Option<Fits> {
        let output = self.output_over(self.patched)?;
        let name = &self.patched.name;
        let words = if output == self.one.released.bytes {
            format!(
                "over {name} ({PATCHED}) it gives the released library: base and new file were \
                 swapped"
            )
        } else if output == self.patched.bytes {
            format!(
                "it fits {name} ({PATCHED}) itself: it was made from the patched build to itself"
            )
        } else {
            return None;
        };
        Some(Fits {
            sha256: self.patched.sha256.clone(),
            words,
        })
    }

    /// The patch of one ABI given for another.
    fn fits_another_abi(&self) -> Option<Fits> {
        let scene = self.one.scene;
        let Some(Ok(patched)) = &scene.patched else {
            return None;
        };
        let others = scene.released.abis().filter(|abi| *abi != self.one.abi);
        others.into_iter().find_map(|abi| {
            let base = library(scene.released, abi)?;
            let wanted = library(patched, abi)?;
            let gives = self.output_over(&base)? == wanted.bytes;
            gives.then(|| Fits {
                words: format!("it is the patch for {abi}: it fits {}", base.name),
                sha256: base.sha256,
            })
        })
    }

    fn output_over(&self, base: &Library) -> Option<Vec<u8>> {
        let limits = Limits::for_base(wide(base.bytes.len()));
        inflate_through(&base.bytes, self.patch_bytes, limits, KNOWN).ok()
    }
}

fn library(libraries: &Libraries<'_>, abi: &str) -> Option<Library> {
    libraries.read(abi)?.ok()
}
