//! One updater behind both faces: the device library on the real disk, machine and network.

use std::path::{Path, PathBuf};
use std::time::Duration;

use patchproof_device::{
    BaseLibrary, Boot, Booted, Config, DeviceLimits, DiskFault, DiskStorage, HttpTransport, Policy,
    RealMachine, ReleaseIdentity, Settings, Trust, Updater,
};

use crate::built_for::{arch, platform};
use crate::failure::Failure;
use crate::native::codes;

/// The device library as it is embedded.
pub(crate) type Device = Updater<DiskStorage, RealMachine, HttpTransport>;

/// What both faces say of an app.
pub(crate) struct App {
    pub(crate) folder: PathBuf,
    pub(crate) version: String,
    pub(crate) base: BaseLibrary,
    pub(crate) settings: Settings,
    pub(crate) trust: Trust,
    pub(crate) limits: DeviceLimits,
    pub(crate) health_window: Duration,
}

/// Opens an updater.
pub(crate) fn open(app: App) -> Result<Device, Failure> {
    let storage = disk(&app.folder)?;
    let config = Config {
        release: ReleaseIdentity {
            platform: platform(),
            arch: arch(),
            version: app.version,
        },
        base: app.base,
        settings: app.settings,
        trust: app.trust,
        policy: Policy::default(),
        limits: app.limits,
        health_window: app.health_window,
    };
    let transport = HttpTransport::default();
    Ok(Updater::configure(
        storage,
        RealMachine::new(),
        transport,
        config,
    )?)
}

/// What a `shorebird.yaml` says.
pub(crate) fn settings(yaml: &str) -> Result<Settings, Failure> {
    Settings::parse(yaml).map_err(|error| {
        Failure::app(
            codes::PATCHPROOF_NOT_CONFIGURED,
            format!("shorebird.yaml: {error}"),
        )
    })
}

/// Where the engine finds the library of a boot; none where the bundled one boots.
pub(crate) fn library(device: &Device, boot: &Boot) -> Option<(u64, PathBuf)> {
    let Booted::Generation {
        number,
        folder,
        files,
        ..
    } = &boot.what
    else {
        return None;
    };
    let path = folder.join(&files.first()?.name).ok()?;
    Some((*number, device.storage().path_of(&path)))
}

/// A full or read-only disk must not keep a proven patch from booting, so the folder is gone on
/// with as it is; what is wrong with it is told by the start.
fn disk(folder: &Path) -> Result<DiskStorage, Failure> {
    match DiskStorage::configure(folder) {
        Ok(disk) => Ok(disk),
        Err(error) => match (error.source.fault, std::path::absolute(folder)) {
            (DiskFault::NoSpace | DiskFault::ReadOnly | DiskFault::Io, Ok(root))
                if root.is_dir() =>
            {
                Ok(DiskStorage::new(&root))
            }
            _ => Err(Failure::device(error.to_string())),
        },
    }
}
