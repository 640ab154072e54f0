//! The Dart libraries of a build, by ABI: which part holds which, and one of them read.

use std::collections::BTreeMap;

use patchproof_archive::{Part, Release, Role};
use patchproof_report::{Finding, Rule};
use patchproof_snapshot::{ReadError, Snapshot};

use crate::rows::{sha256, unread, unreadable};

/// Where a build has the library of each ABI.
pub(crate) struct Libraries<'a> {
    release: &'a Release,
    role: &'static str,
    parts: BTreeMap<String, &'a Part>,
    /// What is wrong with the build as a whole: nothing is looked up in it then.
    pub(crate) fault: Option<Finding>,
}

/// A library, read.
pub(crate) struct Library {
    /// Where it lies, as reports name it.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
    pub(crate) snapshot: Result<Snapshot, ReadError>,
}

impl<'a> Libraries<'a> {
    /// Learns which ABI each Dart library is for: by its folder, or where no folder says it, by
    /// what it is.
    pub(crate) fn of(release: &'a Release, role: &'static str) -> Self {
        let mut libraries = Self {
            release,
            role,
            parts: BTreeMap::new(),
            fault: None,
        };
        let mut fault = None;
        for part in release.of_role(Role::DartLibrary) {
            let abi = match part.abi {
                Some(abi) => Ok(abi.name().to_owned()),
                None => libraries.abi_by_content(part),
            };
            let entered = abi.and_then(|abi| libraries.enter(abi, part));
            fault = fault.or(entered.err());
        }
        if libraries.parts.is_empty() && fault.is_none() {
            fault = Some(no_library(release, role));
        }
        libraries.fault = fault;
        libraries
    }

    /// The ABIs there are.
    pub(crate) fn abis(&self) -> impl Iterator<Item = &str> {
        self.parts.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, abi: &str) -> bool {
        self.parts.contains_key(abi)
    }

    /// The part that holds an ABI's library.
    pub(crate) fn part(&self, abi: &str) -> Option<&'a Part> {
        self.parts.get(abi).copied()
    }

    /// The only library, where no folder says which ABI it is for: it stands for the one that is
    /// asked about, and is told to be for another machine rather than to be missing.
    pub(crate) fn read_lone(&self) -> Option<Result<Library, Finding>> {
        let mut parts = self.parts.values();
        let (part, None) = (parts.next()?, parts.next()) else {
            return None;
        };
        part.abi.is_none().then(|| self.read_part(part, None))
    }

    /// Reads an ABI's library; `None` where the build has none.
    pub(crate) fn read(&self, abi: &str) -> Option<Result<Library, Finding>> {
        let part = self.part(abi)?;
        Some(self.read_part(part, None))
    }

    /// Reads an ABI's library beside one that was read already: the same bytes are not taken apart
    /// twice.
    pub(crate) fn read_beside(
        &self,
        abi: &str,
        known: &Library,
    ) -> Option<Result<Library, Finding>> {
        let part = self.part(abi)?;
        Some(self.read_part(part, Some(known)))
    }

    fn read_part(&self, part: &Part, known: Option<&Library>) -> Result<Library, Finding> {
        let bytes = self.release.read(part);
        let bytes = bytes.map_err(|error| unread(self.role, &error))?;
        let name = part.location.clone();
        if let Some(known) = known.filter(|known| known.bytes == bytes) {
            return Ok(Library {
                name,
                bytes,
                sha256: known.sha256.clone(),
                snapshot: known.snapshot.clone(),
            });
        }
        let snapshot = Snapshot::read(&bytes);
        let sha256 = match &snapshot {
            Ok(snapshot) => hex::encode(snapshot.sha256),
            Err(_) => sha256(&bytes),
        };
        Ok(Library {
            name,
            bytes,
            sha256,
            snapshot,
        })
    }

    fn abi_by_content(&self, part: &Part) -> Result<String, Finding> {
        let library = self.read_part(part, None)?;
        let snapshot = library.snapshot(self.role)?;
        let no_abi = || {
            let why = "it is for a machine that no Dart compiler writes for";
            unreadable(self.role, &part.location, why)
        };
        snapshot.arch.abi().map(str::to_owned).ok_or_else(no_abi)
    }

    fn enter(&mut self, abi: String, part: &'a Part) -> Result<(), Finding> {
        let Some(known) = self.parts.get(&abi) else {
            self.parts.insert(abi, part);
            return Ok(());
        };
        let message = format!(
            "{} has two libraries for {abi}: {} and {}",
            self.release.name(),
            known.location,
            part.location
        );
        Err(Finding::new(Rule::ManyBuilds, message))
    }
}

impl Library {
    /// The snapshot in it.
    pub(crate) fn snapshot(&self, role: &str) -> Result<&Snapshot, Finding> {
        let snapshot = self.snapshot.as_ref();
        snapshot.map_err(|error| unreadable(role, &self.name, error))
    }
}

fn no_library(release: &Release, role: &str) -> Finding {
    let kernel = release
        .parts()
        .iter()
        .any(|part| part.path.ends_with("kernel_blob.bin"));
    let message = if kernel {
        format!(
            "{} ({}) is a debug build: it holds a kernel file, which the app runs from, and no \
             libapp.so",
            release.name(),
            release.shape().word()
        )
    } else {
        format!(
            "{} ({}) holds no libapp.so, so it has no {role}",
            release.name(),
            release.shape().word(),
            role = role.trim_start_matches("the ")
        )
    };
    Finding::new(Rule::NoDartLibrary, message)
}
