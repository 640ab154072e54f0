//! One updater behind both faces: the device library on the real disk, machine and network.

use std::path::{Path, PathBuf};
use std::time::Duration;

use patchproof_device::{
    BaseLibrary, Boot, Booted, Config, DeviceLimits, DiskFault, DiskStorage, HttpTransport, Policy,
    RealMachine, ReleaseIdentity, Settings, StoragePath, Trust, Updater,
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
    // Else something could be chosen that C cannot be told of, and would not load.
    if storage.path_of(&StoragePath::root()).to_str().is_none() {
        return Err(Failure::device(
            "the folder's path is not UTF-8, and cannot be told to C".to_owned(),
        ));
    }
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
pub(crate) fn library(device: &Device, boot: &Boot) -> Option<(u64, String)> {
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
    let path = device.storage().path_of(&path).into_os_string();
    Some((*number, path.into_string().ok()?))
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn a_folder_whose_path_cannot_be_told_to_c_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let app = App {
            folder: folder.path().join(OsStr::from_bytes(b"\xff")),
            version: "1.0.0+1".to_owned(),
            base: BaseLibrary::File(folder.path().join("libapp.so")),
            settings: settings("app_id: an-app\n").unwrap(),
            trust: Trust::Shorebird,
            limits: DeviceLimits::default(),
            health_window: Duration::ZERO,
        };
        let failure = open(app).map(|_| ()).unwrap_err();
        assert_eq!(failure.code, codes::PATCHPROOF_DEVICE_FAILED);
        assert!(failure.text.contains("not UTF-8"), "{}", failure.text);
    }
}
