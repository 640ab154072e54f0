//! Signs the statements of a patch, one for each machine, by the keys that the root names.

use patchproof_protocol::Platform;
use patchproof_trust::{Digest, PatchStatement, Sign, Unverified, Word, sign};

use crate::error::PublishError;
use crate::making::Made;
use crate::patch::ToPatch;
use crate::roots::Signing;
use crate::statement::{Described, OnePatch, StatementError, patch_statement};

/// Who signs, and under which root.
pub(crate) struct Signer<'a> {
    root: &'a Signing,
    wanted: &'a ToPatch<'a>,
    platform: Platform,
}

/// A signed statement.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) envelope: String,
    /// What it is called, in hex.
    pub(crate) sha256: String,
}

impl<'a> Signer<'a> {
    /// Refuses before any work is done where the keys would not do.
    pub(crate) fn new(
        root: &'a Signing,
        wanted: &'a ToPatch<'a>,
        platform: Platform,
    ) -> Result<Self, PublishError> {
        let role = &root.newest.root().roles.patch;
        let version = root.newest.root().version;
        for signer in wanted.signers {
            let key = signer.public_key().id();
            if !role.keys.contains(&key) {
                return Err(PublishError::Unsigned(format!(
                    "root {version} of {} does not name the key {key} for patches: name another \
                     key with --key or --signer",
                    wanted.app
                )));
            }
        }
        let there = u64::try_from(wanted.signers.len()).unwrap_or(u64::MAX);
        if there < role.threshold {
            return Err(PublishError::Unsigned(format!(
                "root {version} of {} has the threshold {} for patches, and the number of keys \
                 that were named is {there}: name more with --key or --signer",
                wanted.app, role.threshold
            )));
        }
        Ok(Self {
            root,
            wanted,
            platform,
        })
    }

    /// The statement of one machine's patches under a number.
    pub(crate) fn sign(&self, made: &Made<'_>, number: u64) -> Result<Signed, PublishError> {
        let statement = self.statement(made, number)?;
        let root = self.root.newest.root();
        let floor = root.minimum_number(&statement.release);
        if number < floor {
            return Err(PublishError::Unsigned(format!(
                "root {} lets no patch below {floor} run of this release, and the next number of \
                 the server is {number}",
                root.version
            )));
        }
        let signers: Vec<&dyn Sign> = self.wanted.signers.iter().map(AsRef::as_ref).collect();
        let envelope = sign(&statement, &signers)?;
        let not_ours = |name: &str| PublishError::Unsigned(format!("{name} cannot be read back"));
        let document =
            Unverified::<PatchStatement>::read(&envelope).map_err(|_| not_ours("the statement"))?;
        Ok(Signed {
            sha256: document.sha256().to_string(),
            envelope: String::from_utf8(envelope).map_err(|_| not_ours("the envelope"))?,
        })
    }

    fn statement(&self, made: &Made<'_>, number: u64) -> Result<PatchStatement, PublishError> {
        let base_sha256 = Digest::of_bytes(made.base.snapshot.sha256);
        let patches = made.files.iter().map(|file| OnePatch {
            bytes: &file.bytes,
            // The server offers each for what it was made from, also one that holds all.
            from_sha256: Some(file.from.as_ref().map_or(base_sha256, |from| from.sha256)),
        });
        let patches: Vec<OnePatch<'_>> = patches.collect();
        let statement = patch_statement(&Described {
            app: self.wanted.app,
            version: self.wanted.release,
            platform: &Word::new(self.platform.name())?,
            abi: made.new.abi,
            base: &made.base.bytes,
            snapshot: &made.base.snapshot,
            output: &made.new.bytes,
            patches: &patches,
            number,
            words: self.wanted.words,
            created_s: self.wanted.now_s,
        });
        statement.map_err(|error| match error {
            StatementError::Unwritable(error) => error.into(),
            StatementError::Patch(error) => PublishError::Unsigned(error.to_string()),
        })
    }
}
