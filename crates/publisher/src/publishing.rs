//! The last steps: a number, the statements under it, the blobs, and the one request.

use std::collections::BTreeMap;

use patchproof_protocol::Platform;
use patchproof_protocol::developer::{CreatedPatch, Publish, PublishArtifact};

use crate::attempts::{self, Attempt};
use crate::client::Client;
use crate::error::{ClientError, PublishError};
use crate::making::Made;
use crate::patch::ToPatch;
use crate::published::{Published, PublishedArtifact, PublishedDownload};
use crate::signing::{Signed, Signer};
use crate::watch::{Step, Watch};

/// A patch on its way.
pub(crate) struct Publishing<'a> {
    client: &'a Client,
    wanted: &'a ToPatch<'a>,
    release_id: i64,
    platform: Platform,
    made: &'a [Made<'a>],
    signer: Option<&'a Signer<'a>>,
    number: u64,
    /// Under each number that was taken so far: an answer that went missing may be found to have
    /// taken an earlier one. One for each of `made`, where there is a root.
    statements: BTreeMap<u64, Vec<Signed>>,
}

impl<'a> Publishing<'a> {
    /// With the number that is the next one now.
    pub(crate) fn new(
        client: &'a Client,
        wanted: &'a ToPatch<'a>,
        (release_id, platform): (i64, Platform),
        made: &'a [Made<'a>],
        signer: Option<&'a Signer<'a>>,
    ) -> Result<Self, PublishError> {
        let mut publishing = Self {
            client,
            wanted,
            release_id,
            platform,
            made,
            signer,
            number: 0,
            statements: BTreeMap::new(),
        };
        publishing.take_number()?;
        Ok(publishing)
    }

    /// Under the number that it would get.
    pub(crate) fn statements(&self) -> &[Signed] {
        self.statements_of(self.number)
    }

    fn statements_of(&self, number: u64) -> &[Signed] {
        self.statements.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Brings every patch file to the server. Nobody sees one before it is named.
    pub(crate) fn upload(&self, watch: &dyn Watch) -> Result<(), PublishError> {
        let files = || self.made.iter().flat_map(|made| &made.files);
        let of = u64::try_from(files().count()).unwrap_or(u64::MAX);
        for (done, file) in (0..).zip(files()) {
            watch.at(Step::Uploading, done, of);
            self.client
                .put_blob(self.wanted.app, &file.sha256, &file.bytes)?;
        }
        Ok(())
    }

    /// Makes it visible.
    pub(crate) fn publish(&mut self) -> Result<CreatedPatch, PublishError> {
        attempts::publish(self)
    }

    fn request(&self) -> Publish {
        let wanted = self.wanted;
        Publish {
            release_id: self.release_id,
            number: self.number,
            channel: Some(wanted.channel.to_string()),
            rollout_basis_points: wanted.rollout_basis_points,
            notes: wanted.notes.map(str::to_owned),
            force_update: wanted.force_update,
            expires_at: wanted.expires_s,
            artifacts: self.artifacts(),
        }
    }

    fn artifacts(&self) -> Vec<PublishArtifact> {
        let statements = self.statements().iter().map(Some);
        let statements = statements.chain(std::iter::repeat(None));
        let artifacts = self.made.iter().zip(statements);
        let artifact = |(made, signed): (&Made<'_>, Option<&Signed>)| PublishArtifact {
            platform: self.platform,
            arch: made.new.arch,
            hash: made.new.sha256(),
            size_bytes: made.new.snapshot.size,
            hash_signature: None,
            statement: signed.map(|signed| signed.envelope.clone()),
            downloads: made.files.iter().map(|file| file.download()).collect(),
        };
        artifacts.map(artifact).collect()
    }

    /// What is on the server now.
    pub(crate) fn published(&self, created: CreatedPatch, verified: Vec<String>) -> Published {
        let statements = self.statements_of(created.number).iter();
        let statements = statements.map(|signed| Some(signed.sha256.clone()));
        let statements = statements.chain(std::iter::repeat(None));
        let artifact = |(made, statement_sha256): (&Made<'_>, Option<String>)| PublishedArtifact {
            abi: made.new.abi,
            arch: made.new.arch.name(),
            sha256: made.new.sha256(),
            size_bytes: made.new.snapshot.size,
            statement_sha256,
            downloads: downloads(made),
        };
        Published {
            app: self.wanted.app.to_string(),
            release: self.wanted.release.to_string(),
            platform: self.platform.name(),
            number: created.number,
            patch_id: created.id,
            channel: self.wanted.channel.to_string(),
            rollout_basis_points: self.wanted.rollout_basis_points,
            artifacts: self.made.iter().zip(statements).map(artifact).collect(),
            verified,
        }
    }
}

impl Attempt for Publishing<'_> {
    fn number(&self) -> u64 {
        self.number
    }

    fn take_number(&mut self) -> Result<(), PublishError> {
        let number = self.client.next_number(self.wanted.app, self.release_id)?;
        self.number = number;
        if !self.statements.contains_key(&number) {
            let signer = self.signer.iter();
            let signed = signer
                .flat_map(|signer| self.made.iter().map(|made| signer.sign(made, number)))
                .collect::<Result<_, _>>()?;
            self.statements.insert(number, signed);
        }
        Ok(())
    }

    fn ask(&self) -> Result<CreatedPatch, ClientError> {
        self.client.publish(self.wanted.app, &self.request())
    }

    fn there(&self, numbers: &[u64]) -> Result<Option<CreatedPatch>, ClientError> {
        let all = self.client.patches(self.wanted.app, self.release_id)?;
        let ours = all.patches.into_iter().find(|patch| {
            let has = |made: &Made<'_>| {
                let mut artifacts = patch.artifacts.iter();
                artifacts.any(|it| it.hash == made.new.sha256())
            };
            numbers.contains(&patch.number) && self.made.iter().all(has)
        });
        Ok(ours.map(|patch| CreatedPatch {
            id: patch.id,
            number: patch.number,
        }))
    }
}

fn downloads(made: &Made<'_>) -> Vec<PublishedDownload> {
    let files = made.files.iter();
    let download = files.map(|file| PublishedDownload {
        sha256: file.sha256.clone(),
        size_bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        container: file.container,
        from_number: file.from.as_ref().map(|from| from.number),
    });
    download.collect()
}
