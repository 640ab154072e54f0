//! A release on the server: what the stores have, so that patches can be made for it.

use std::path::Path;

use patchproof_archive::Release as Build;
use patchproof_protocol::Platform;
use patchproof_protocol::developer::{
    NewRelease, NewReleaseArtifact, Release, ReleaseArtifact, ReleaseStatus,
};
use patchproof_trust::{Remembered, Word};
use serde::Serialize;

use crate::builds::{Libraries, whole};
use crate::client::Client;
use crate::error::PublishError;
use crate::packing::Packed;
use crate::roots;
use crate::version::version_of;
use crate::watch::{Step, Watch};

/// What is released.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever releases fills it in")]
pub struct ToRelease<'a> {
    /// The app's id on the server.
    pub app: &'a Word,
    /// Its version, where the build does not say it, or to be held against it.
    pub version: Option<&'a Word>,
    /// Which Flutter built it.
    pub flutter_revision: &'a str,
    /// The build as it goes to the stores.
    pub artefact: &'a Path,
    /// Roots of trust that the server is to know, in the order of their versions, besides the one
    /// that lies in the build.
    pub roots: &'a [Vec<u8>],
    /// Whether the app is made where it is not there; takes a token for that.
    pub create_app: bool,
}

/// A release that is on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Released {
    /// The app's id.
    pub app: String,
    /// What devices call it.
    pub version: String,
    /// Its platform.
    pub platform: &'static str,
    /// Its id on the server.
    pub release_id: i64,
    /// Whether it was there before, whole or in part.
    pub was_there: bool,
    /// Its files.
    pub artifacts: Vec<ReleasedArtifact>,
    /// The version of the newest root that the server has; none where nothing is signed.
    pub root_version: Option<u64>,
}

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReleasedArtifact {
    /// The machine, or what the whole build is.
    pub arch: String,
    /// In hex.
    pub sha256: String,
    /// In bytes.
    pub size_bytes: u64,
    /// Whether it was there before.
    pub was_there: bool,
}

/// Releases a build, or goes on where an interrupted run left it. Devices see it once all is there.
///
/// # Errors
///
/// [`PublishError`]; the same command goes on from there, unless another build was released under
/// this version.
pub fn release(
    client: &Client,
    wanted: &ToRelease<'_>,
    watch: &dyn Watch,
) -> Result<Released, PublishError> {
    watch.at(Step::Reading, 0, 0);
    let build = Build::open(wanted.artefact)?;
    let version = version_of(build.name(), build.app(), wanted.version)?;
    let libraries = Libraries::of(&build)?;
    let packed = Packed::of(wanted.artefact, &build)?;
    let files = files(&build, &libraries, &packed)?;
    let known_roots = read_roots(wanted.roots, wanted.app)?;
    if wanted.create_app {
        create_app(client, wanted.app)?;
    }
    let root_version = roots::place(client, wanted.app, &build, &known_roots)?;
    let (release, was_there) = find_or_create(client, wanted, &version)?;
    let there = client.artifacts(wanted.app, release.id)?;
    let mut artifacts = Vec::new();
    let uploading = Uploading {
        client,
        app: wanted.app,
        release: &release,
        platform: libraries.platform,
        there: &there,
        watch,
    };
    for file in &files {
        artifacts.push(uploading.once(file)?);
    }
    let status = release.platform_statuses.get(libraries.platform.name());
    if status != Some(&ReleaseStatus::Active) {
        client.activate(wanted.app, release.id, libraries.platform)?;
    }
    Ok(Released {
        app: wanted.app.to_string(),
        version: version.to_string(),
        platform: libraries.platform.name(),
        release_id: release.id,
        was_there,
        artifacts,
        root_version,
    })
}

/// A file of a release, here.
struct ToUpload<'a> {
    arch: String,
    file_name: String,
    sha256: String,
    size_bytes: u64,
    content: Content<'a>,
}

enum Content<'a> {
    File(&'a Path),
    Bytes(&'a [u8]),
}

/// The whole build first: while it is missing nobody can make a patch from the rest.
fn files<'a>(
    build: &Build,
    libraries: &'a Libraries,
    packed: &'a Packed,
) -> Result<Vec<ToUpload<'a>>, PublishError> {
    let mut files = Vec::new();
    let shape = Build::open(&packed.path)?.shape();
    if let Some(arch) = whole(shape, libraries.platform) {
        same_libraries(build, libraries, packed)?;
        files.push(ToUpload {
            arch: arch.to_owned(),
            file_name: packed.file_name.clone(),
            sha256: packed.sha256.clone(),
            size_bytes: packed.size_bytes,
            content: Content::File(&packed.path),
        });
    }
    for library in &libraries.all {
        files.push(ToUpload {
            arch: library.arch.name().to_owned(),
            file_name: "libapp.so".to_owned(),
            sha256: library.sha256(),
            size_bytes: library.snapshot.size,
            content: Content::Bytes(&library.bytes),
        });
    }
    Ok(files)
}

/// What is uploaded must be what was read: patches are made from it.
fn same_libraries(
    build: &Build,
    libraries: &Libraries,
    packed: &Packed,
) -> Result<(), PublishError> {
    let again = Libraries::of(&Build::open(&packed.path)?)?;
    let hashes = |libraries: &Libraries| {
        let mut all: Vec<String> = libraries.all.iter().map(|it| it.sha256()).collect();
        all.sort();
        (libraries.platform, all)
    };
    if hashes(&again) == hashes(libraries) {
        return Ok(());
    }
    Err(PublishError::Build {
        name: build.name().to_owned(),
        why: "packed into one file it is another build; name the one archive that is shipped"
            .to_owned(),
    })
}

fn read_roots(roots: &[Vec<u8>], app: &Word) -> Result<Vec<(u64, Vec<u8>)>, PublishError> {
    let read = |envelope: &Vec<u8>| {
        let root = roots::read("the root", envelope)?;
        of_this_app(&root, app)?;
        Ok((root.root().version, envelope.clone()))
    };
    roots.iter().map(read).collect()
}

fn of_this_app(root: &Remembered, app: &Word) -> Result<(), PublishError> {
    let found = &root.root().app;
    if found == app {
        return Ok(());
    }
    Err(PublishError::Build {
        name: "the root".to_owned(),
        why: format!("it is of the app {found}, and this is {app}"),
    })
}

fn create_app(client: &Client, app: &Word) -> Result<(), PublishError> {
    let apps = client.apps()?.apps;
    if apps.iter().all(|known| known.app_id != app.as_str()) {
        client.create_app(app, app.as_str())?;
    }
    Ok(())
}

fn find_or_create(
    client: &Client,
    wanted: &ToRelease<'_>,
    version: &Word,
) -> Result<(Release, bool), PublishError> {
    if let Some(known) = client.release(wanted.app, version)? {
        return Ok((known, true));
    }
    let new = NewRelease {
        version: version.to_string(),
        flutter_revision: wanted.flutter_revision.to_owned(),
        flutter_version: None,
        display_name: None,
    };
    Ok((client.create_release(wanted.app, &new)?, false))
}

struct Uploading<'a> {
    client: &'a Client,
    app: &'a Word,
    release: &'a Release,
    platform: Platform,
    there: &'a [ReleaseArtifact],
    watch: &'a dyn Watch,
}

impl Uploading<'_> {
    /// Uploads a file, unless it is there.
    fn once(&self, file: &ToUpload<'_>) -> Result<ReleasedArtifact, PublishError> {
        let mut there = self.there.iter();
        let known = there.find(|it| it.arch == file.arch && it.platform == self.platform.name());
        if let Some(known) = known.filter(|known| known.hash != file.sha256) {
            return Err(PublishError::OtherBuild {
                version: self.release.version.clone(),
                what: file.arch.clone(),
                on_server: known.hash.clone(),
                here: file.sha256.clone(),
            });
        }
        if known.is_none() {
            self.upload(file)?;
        }
        Ok(ReleasedArtifact {
            arch: file.arch.clone(),
            sha256: file.sha256.clone(),
            size_bytes: file.size_bytes,
            was_there: known.is_some(),
        })
    }

    fn upload(&self, file: &ToUpload<'_>) -> Result<(), PublishError> {
        let new = NewReleaseArtifact {
            arch: file.arch.clone(),
            platform: self.platform,
            hash: file.sha256.clone(),
            size: file.size_bytes,
            filename: file.file_name.clone(),
            can_sideload: ["apk", "apks", "bundle", "app", "win_archive"]
                .contains(&file.arch.as_str()),
            podfile_lock_hash: None,
        };
        let created = self
            .client
            .create_artifact(self.app, self.release.id, &new)?;
        self.watch.at(Step::Uploading, 0, file.size_bytes);
        match file.content {
            Content::File(path) => self.client.upload_file(&created.url, path, self.watch)?,
            Content::Bytes(bytes) => self.client.upload_bytes(&created.url, bytes)?,
        }
        Ok(())
    }
}
