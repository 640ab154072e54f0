//! A release, its patched build and its engine that belong together.

use super::engine::MadeEngine;
use super::snapshot::MadeSnapshot;
use super::target::{Container, Layout, Machine};

/// Three files, as a release of a Flutter app for Linux on x64 and its next build would have them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// The app's snapshot as it was released.
    pub release: Vec<u8>,
    /// A later build of the same app by the same compiler.
    pub patched: Vec<u8>,
    /// The engine that accepts both.
    pub engine: Vec<u8>,
}

/// The example: always the same bytes.
#[must_use]
pub fn example() -> Example {
    let release = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    let engine = MadeEngine::accepting(&release).build();
    let patched = release.clone().edited(1).build();
    Example {
        release: release.build(),
        patched,
        engine,
    }
}

#[cfg(test)]
mod tests {
    use super::example;

    #[test]
    fn the_patched_build_differs_from_the_release_and_is_nearly_as_long() {
        let made = example();
        assert_ne!(made.release, made.patched);
        assert!(made.release.len().abs_diff(made.patched.len()) < 4096);
    }
}
