//! A machine by its names: as reports call it, as devices do, as statements do.

use patchproof_rehearsal::Arch;

/// What statements call the ABI that reports call `abi`: the same on Android, elsewhere as devices
/// say it. The platform is as devices say it too.
#[must_use]
pub fn abi_as_signed<'a>(abi: &'a str, platform: &str) -> &'a str {
    match platform {
        "android" => abi,
        _ => arch(abi).map_or(abi, |arch| arch.name()),
    }
}

/// The machine of devices that reports call so; `None` where there are no such devices.
pub(crate) fn arch(abi: &str) -> Option<Arch> {
    match abi {
        "arm64-v8a" => Some(Arch::Aarch64),
        "armeabi-v7a" => Some(Arch::Arm),
        "x86_64" => Some(Arch::X64),
        "x86" => Some(Arch::X86),
        _ => None,
    }
}
