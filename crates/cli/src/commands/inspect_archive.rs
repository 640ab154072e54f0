//! `patchproof inspect` on an archive or app folder: what a release is made of.

use std::collections::BTreeMap;
use std::path::Path;

use patchproof_archive::{Part, Release, Role};
use serde::Serialize;

use crate::commands::inspect::{Facts, Inspected, facts};

/// What an archive or app folder holds.
#[derive(Serialize)]
pub(crate) struct ArchiveFacts {
    pub(crate) shape: &'static str,
    pub(crate) app_id: Option<String>,
    pub(crate) version_name: Option<String>,
    pub(crate) version_code: Option<u64>,
    pub(crate) debuggable: Option<bool>,
    pub(crate) permissions: Vec<String>,
    /// What could not be read of manifests, and where they disagree.
    pub(crate) remarks: Vec<String>,
    /// The parts by what they are.
    pub(crate) parts: BTreeMap<&'static str, PartsOfARole>,
    /// The Dart libraries and engines, each as `inspect` would show the file.
    pub(crate) members: Vec<Inspected>,
}

/// How much of a release is of one role.
#[derive(Default, Serialize)]
pub(crate) struct PartsOfARole {
    pub(crate) count: u64,
    pub(crate) size: u64,
    pub(crate) stored_size: u64,
}

pub(crate) fn archive_facts(path: &Path) -> Facts {
    match Release::open(path) {
        Ok(release) => Facts::Archive(Box::new(of(&release))),
        Err(error) => Facts::Unreadable {
            error: error.to_string(),
        },
    }
}

fn of(release: &Release) -> ArchiveFacts {
    let app = release.app();
    let mut parts: BTreeMap<&'static str, PartsOfARole> = BTreeMap::new();
    for part in release.parts() {
        let of_role = parts.entry(part.role.word()).or_default();
        of_role.count += 1;
        of_role.size = of_role.size.saturating_add(part.size_bytes);
        of_role.stored_size = of_role.stored_size.saturating_add(part.stored_size_bytes);
    }
    let looked_into = |part: &&Part| matches!(part.role, Role::DartLibrary | Role::Engine);
    let members = release.parts().iter().filter(looked_into);
    ArchiveFacts {
        shape: release.shape().word(),
        app_id: app.app_id.clone(),
        version_name: app.version_name.clone(),
        version_code: app.version_code,
        debuggable: app.debuggable,
        permissions: app.permissions.iter().cloned().collect(),
        remarks: [&app.unreadable[..], &app.disagreements[..]].concat(),
        parts,
        members: members.map(|part| member(release, part)).collect(),
    }
}

/// One member at a time is in memory.
fn member(release: &Release, part: &Part) -> Inspected {
    let facts = match release.read(part) {
        Ok(bytes) => facts(&bytes),
        Err(error) => Facts::Unreadable {
            error: error.to_string(),
        },
    };
    Inspected {
        path: part.path.clone(),
        facts,
    }
}
