//! What is done to files before a patch exists: they are fetched to the disk, and tried at the
//! desk.

use std::collections::HashMap;
use std::path::Path;

use patchproof_protocol::developer::{Container, PublishArtifact, PublishDownload};
use patchproof_trust::Remembered;
use tempfile::TempPath;

use super::shapes;
use crate::auth::Reach;
use crate::checking::{
    Claim, LIBRARY_BYTES_MAX, Library, Said, SaidDownload, Unfit, inflated, patch_statement,
};
use crate::http::Fault;
use crate::store::{Patch, Statement};

/// Which library is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) app_id: &'a str,
    pub(super) release_id: i64,
    pub(super) platform: &'a str,
    pub(super) arch: &'a str,
}

impl Asking<'_> {
    fn what(&self) -> String {
        format!("{} {}", self.platform, self.arch)
    }
}

/// The release's own library, as a file on the disk.
pub(super) async fn library_of(reach: &Reach, asking: &Asking<'_>) -> Result<TempPath, Fault> {
    let (arch, platform) = (Some(asking.arch), Some(asking.platform));
    let store = reach.store();
    let found = store
        .release_artifacts(asking.app_id, asking.release_id, arch, platform)
        .await?;
    let what = asking.what();
    let artifact = found
        .into_iter()
        .find(|artifact| artifact.uploaded && crate::checking::is_bare_library(&artifact.arch))
        .ok_or(Unfit::NoReleaseLibrary { what })?;
    let file = reach.inbox().empty_file()?;
    reach.blobs().to_file(&artifact.hash, &file).await?;
    Ok(file)
}

/// Tries a patch over the release's library. Answers with the size of what comes out.
pub(super) fn tried(
    base: &Path,
    patch: &Path,
    hash: &str,
    size_bytes: Option<u64>,
    container: Container,
) -> Result<u64, Unfit> {
    let base = Library::read_file(RELEASED, base)?;
    let claim = Claim {
        hash,
        size_bytes,
        container,
    };
    let output = inflated(&base, &patch_bytes(patch)?, &claim)?;
    output.fits(&base)?;
    Ok(u64::try_from(output.bytes.len()).unwrap_or(u64::MAX))
}

/// Everything that one artifact of a publication is tried with.
pub(super) struct Trial {
    pub(super) app_id: String,
    pub(super) version: String,
    pub(super) number: u64,
    pub(super) artifact: PublishArtifact,
    pub(super) root: Option<Remembered>,
    base: TempPath,
    patches: Vec<TempPath>,
    /// By what it becomes: the patch over the release's library that does, and how it is packed.
    earlier: HashMap<String, (TempPath, Container)>,
}

impl Trial {
    /// Fetches the files to the disk.
    pub(super) async fn fetch(
        reach: &Reach,
        of: TrialOf<'_>,
        artifact: PublishArtifact,
    ) -> Result<Self, Fault> {
        let asking = Asking {
            app_id: of.app_id,
            release_id: of.release_id,
            platform: artifact.platform.name(),
            arch: artifact.arch.name(),
        };
        let base = library_of(reach, &asking).await?;
        let mut patches = Vec::new();
        let mut earlier = HashMap::new();
        for download in &artifact.downloads {
            patches.push(blob(reach, &download.sha256, download.size_bytes).await?);
            let Some(from) = &download.from_sha256 else {
                continue;
            };
            if !earlier.contains_key(from) {
                let (found, container) = becoming(of.patches, &asking, from)?;
                let file = blob(reach, &found.sha256, found.size_bytes).await?;
                earlier.insert(from.clone(), (file, container));
            }
        }
        Ok(Self {
            app_id: of.app_id.to_owned(),
            version: of.version.to_owned(),
            number: of.number,
            root: of.root.cloned(),
            artifact,
            base,
            patches,
            earlier,
        })
    }

    /// Tries every download, and holds the statement against all of it. Takes a processor for a
    /// while.
    pub(super) fn run(&self) -> Result<Option<Statement>, Unfit> {
        let base = Library::read_file(RELEASED, &self.base)?;
        let mut fits = false;
        for (download, file) in self.artifact.downloads.iter().zip(&self.patches) {
            let patch = patch_bytes(file)?;
            let claim = self.claim(download);
            let output = match &download.from_sha256 {
                None => inflated(&base, &patch, &claim)?,
                Some(from) => inflated(&self.earlier_output(&base, from)?, &patch, &claim)?,
            };
            // All of them become the same bytes.
            if !fits {
                output.fits(&base)?;
                fits = true;
            }
        }
        self.statement(&base)
    }

    fn claim<'a>(&'a self, download: &PublishDownload) -> Claim<'a> {
        Claim {
            hash: &self.artifact.hash,
            size_bytes: Some(self.artifact.size_bytes),
            container: download.container,
        }
    }

    fn earlier_output(&self, base: &Library, from: &str) -> Result<Library, Unfit> {
        let Some((file, container)) = self.earlier.get(from) else {
            return Err(Unfit::UnknownBase {
                sha256: from.to_owned(),
                what: self.what(),
            });
        };
        let claim = Claim {
            hash: from,
            size_bytes: None,
            container: *container,
        };
        inflated(base, &patch_bytes(file)?, &claim)
    }

    fn statement(&self, base: &Library) -> Result<Option<Statement>, Unfit> {
        let (envelope, root) = match (&self.artifact.statement, &self.root) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(Unfit::StatementMissing { what: self.what() }),
            (Some(_), None) => return Err(Unfit::NoRoot),
            (Some(envelope), Some(root)) => (envelope, root),
        };
        let artifact = &self.artifact;
        let downloads = artifact.downloads.iter().map(|download| SaidDownload {
            sha256: &download.sha256,
            size_bytes: download.size_bytes,
            container: download.container.name(),
            from_sha256: download.from_sha256.as_deref(),
        });
        let said = Said {
            app_id: &self.app_id,
            version: &self.version,
            platform: artifact.platform.name(),
            abi: artifact.arch.abi(artifact.platform),
            number: self.number,
            base,
            hash: &artifact.hash,
            size_bytes: artifact.size_bytes,
            downloads: downloads.collect(),
        };
        let statement = patch_statement(root, envelope.as_bytes(), &said)?;
        Ok(Some(Statement {
            sha256: statement.sha256().to_string(),
            envelope: envelope.clone(),
        }))
    }

    fn what(&self) -> String {
        let artifact = &self.artifact;
        format!("{} {}", artifact.platform.name(), artifact.arch.name())
    }
}

/// What the artifacts of one publication have in common.
#[derive(Clone, Copy)]
pub(super) struct TrialOf<'a> {
    pub(super) app_id: &'a str,
    pub(super) release_id: i64,
    pub(super) version: &'a str,
    pub(super) number: u64,
    pub(super) root: Option<&'a Remembered>,
    pub(super) patches: &'a [Patch],
}

/// The download over the release's library by which devices came to run `from`.
fn becoming(
    patches: &[Patch],
    asking: &Asking<'_>,
    from: &str,
) -> Result<(crate::store::Download, Container), Unfit> {
    let published = patches.iter().filter(|patch| patch.published);
    let artifacts = published.flat_map(|patch| &patch.artifacts);
    artifacts
        .filter(|of| of.platform == asking.platform && of.arch == asking.arch && of.hash == from)
        .flat_map(|of| &of.downloads)
        .find(|download| download.from_sha256.is_none())
        .map(|download| (download.clone(), shapes::container(download.container)))
        .ok_or_else(|| Unfit::UnknownBase {
            sha256: from.to_owned(),
            what: asking.what(),
        })
}

/// A blob as a file on the disk.
async fn blob(reach: &Reach, sha256: &str, size_bytes: u64) -> Result<TempPath, Fault> {
    let missing = || Unfit::BlobMissing {
        sha256: sha256.to_owned(),
    };
    let found = reach.blobs().head(sha256).await?.ok_or_else(missing)?;
    if found != size_bytes {
        let expected = size_bytes;
        return Err(Unfit::Size { expected, found }.into());
    }
    let file = reach.inbox().empty_file()?;
    reach.blobs().to_file(sha256, &file).await?;
    Ok(file)
}

fn patch_bytes(file: &Path) -> Result<Vec<u8>, Unfit> {
    let what = "the patch";
    let unreadable = |error: std::io::Error| Unfit::Archive {
        what: what.to_owned(),
        why: error.kind().to_string(),
    };
    let found = std::fs::metadata(file).map_err(unreadable)?.len();
    if found > LIBRARY_BYTES_MAX {
        return Err(Unfit::LibraryTooLarge {
            what: what.to_owned(),
            found,
            limit: LIBRARY_BYTES_MAX,
        });
    }
    std::fs::read(file).map_err(unreadable)
}

const RELEASED: &str = "the release's library";
