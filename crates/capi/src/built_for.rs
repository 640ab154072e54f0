//! What this library was built for.

use patchproof_device::{Arch, Platform};

/// The system that this was built for.
pub(crate) const fn platform() -> Platform {
    if cfg!(target_os = "android") {
        Platform::Android
    } else if cfg!(target_os = "ios") {
        Platform::Ios
    } else if cfg!(target_os = "macos") {
        Platform::Macos
    } else {
        Platform::Linux
    }
}

/// The machine that this was built for.
pub(crate) const fn arch() -> Arch {
    if cfg!(target_arch = "aarch64") {
        Arch::Aarch64
    } else if cfg!(target_arch = "arm") {
        Arch::Arm
    } else if cfg!(target_arch = "x86") {
        Arch::X86
    } else {
        Arch::X64
    }
}
