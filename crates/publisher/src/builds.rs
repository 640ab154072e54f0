//! What of a build is released and patched: its platform and the library of each machine.

use patchproof_archive::{Part, Release as Build, Role, Shape};
use patchproof_protocol::{Arch, Platform};
use patchproof_snapshot::{Arch as Machine, Os, Snapshot};

use crate::error::PublishError;

/// The libraries of a build.
#[derive(Debug)]
pub(crate) struct Libraries {
    pub(crate) platform: Platform,
    /// At least one, no two for one machine.
    pub(crate) all: Vec<Library>,
}

/// A library, read and taken apart.
#[derive(Debug)]
pub(crate) struct Library {
    /// Where it lies.
    pub(crate) name: String,
    /// As reports call its machine.
    pub(crate) abi: &'static str,
    /// As devices call it.
    pub(crate) arch: Arch,
    pub(crate) bytes: Vec<u8>,
    pub(crate) snapshot: Snapshot,
}

impl Library {
    pub(crate) fn sha256(&self) -> String {
        hex::encode(self.snapshot.sha256)
    }
}

impl Libraries {
    /// Reads every library of a build.
    pub(crate) fn of(build: &Build) -> Result<Self, PublishError> {
        let parts = build.of_role(Role::DartLibrary);
        let all: Vec<Library> = parts
            .map(|part| library(build, part))
            .collect::<Result<_, _>>()?;
        let fault = |why: String| PublishError::Build {
            name: build.name().to_owned(),
            why,
        };
        let Some(first) = all.first() else {
            let shape = build.shape().word();
            return Err(fault(format!(
                "this {shape} holds no libapp.so, so there is nothing that a patch could replace: \
                 name a release build"
            )));
        };
        let mut seen: Vec<&Library> = Vec::new();
        for library in &all {
            if let Some(known) = seen.iter().find(|known| known.arch == library.arch) {
                let (one, other) = (&known.name, &library.name);
                let arch = library.arch;
                return Err(fault(format!(
                    "two libraries are for {arch}: {one} and {other}"
                )));
            }
            seen.push(library);
        }
        let platform = platform(build.shape(), &first.snapshot).ok_or_else(|| {
            fault("neither its shape nor its library says which system it is for".to_owned())
        })?;
        Ok(Self { platform, all })
    }

    pub(crate) fn for_arch(&self, arch: Arch) -> Option<&Library> {
        self.all.iter().find(|library| library.arch == arch)
    }
}

fn library(build: &Build, part: &Part) -> Result<Library, PublishError> {
    let bytes = build.read(part)?;
    let name = part.location.clone();
    let snapshot = Snapshot::read(&bytes).map_err(|error| PublishError::NoSnapshot {
        name: name.clone(),
        error,
    })?;
    let machine = snapshot.arch;
    let named = machine.abi().zip(arch(machine));
    let Some((abi, arch)) = named else {
        return Err(PublishError::Build {
            name,
            why: format!(
                "it is for {}, and there are clients for arm, arm64, x86 and x64 alone",
                machine.word()
            ),
        });
    };
    Ok(Library {
        name,
        abi,
        arch,
        bytes,
        snapshot,
    })
}

const fn arch(machine: Machine) -> Option<Arch> {
    match machine {
        Machine::Arm => Some(Arch::Arm),
        Machine::Arm64 => Some(Arch::Aarch64),
        Machine::X86 => Some(Arch::X86),
        Machine::X64 => Some(Arch::X64),
        _ => None,
    }
}

fn platform(shape: Shape, snapshot: &Snapshot) -> Option<Platform> {
    match shape {
        Shape::Apk
        | Shape::SplitApks
        | Shape::ApkSet
        | Shape::Aab
        | Shape::Aar
        | Shape::GradleOutput => Some(Platform::Android),
        Shape::LinuxBundle => Some(Platform::Linux),
        Shape::WindowsFolder => Some(Platform::Windows),
        Shape::MacosApp => Some(Platform::Macos),
        Shape::IosApp => Some(Platform::Ios),
        _ => match snapshot.os? {
            Os::Android => Some(Platform::Android),
            Os::Ios => Some(Platform::Ios),
            Os::Linux => Some(Platform::Linux),
            Os::Macos => Some(Platform::Macos),
            Os::Windows => Some(Platform::Windows),
            _ => None,
        },
    }
}

/// What a server calls the artefact as a whole; `None` where it is nothing but a library.
pub(crate) const fn whole(shape: Shape, platform: Platform) -> Option<&'static str> {
    match (shape, platform) {
        (Shape::Library, _) => None,
        (Shape::Aab, _) => Some("aab"),
        (Shape::Aar, _) => Some("aar"),
        (Shape::Apk, _) => Some("apk"),
        (Shape::SplitApks | Shape::ApkSet | Shape::GradleOutput, _) | (_, Platform::Android) => {
            Some("apks")
        }
        (_, Platform::Windows) => Some("win_archive"),
        (_, Platform::Macos) => Some("app"),
        (_, Platform::Ios) => Some("xcarchive"),
        _ => Some("bundle"),
    }
}

/// Whether an artefact of this name is one library and not the whole build.
pub(crate) fn is_library(arch: &str) -> bool {
    [Arch::Aarch64, Arch::Arm, Arch::X64, Arch::X86]
        .iter()
        .any(|known| known.name() == arch)
}
