//! Whoever signs for an app, and a device that believes them alone.

use libtest_mimic::Failed;
use patchproof_snapshot::Snapshot as Facts;
use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::{Publisher, SignedPatch};
use patchproof_trust::{
    ChannelStatement, Device, Digest, Download, Extensions, FileName, Freshness, OutputFile,
    PatchStatement, Question, Release as Named, Remembered, Root, Snapshot, Text, Verified,
    Verifier, Word,
};
use serde_json::json;

use crate::choosing::now_s;
use crate::world::{App, Release};

/// The keys of an app, of which the server has that of the channel role.
pub(crate) struct Signer {
    pub(crate) publisher: Publisher,
    pub(crate) root: Root,
    pub(crate) envelope: Vec<u8>,
}

impl Signer {
    /// The first root of an app, put up.
    pub(crate) fn of(app: &App) -> Result<Self, Failed> {
        let signer = Self::unknown(app)?;
        signer.put(app, 1, &signer.envelope)?;
        Ok(signer)
    }

    /// The same, and the server knows nothing of it.
    pub(crate) fn unknown(app: &App) -> Result<Self, Failed> {
        let publisher = Publisher::new();
        let mut root = publisher.root();
        root.app = Word::new(&app.id)?;
        root.expires_s = None;
        let envelope = publisher.signed_root(&root);
        Ok(Self {
            publisher,
            root,
            envelope,
        })
    }

    pub(crate) fn put(&self, app: &App, version: u64, envelope: &[u8]) -> Result<(), Failed> {
        put_root(app, version, envelope)?.success()?;
        Ok(())
    }

    /// What is said of a patch with this content.
    pub(crate) fn statement(
        &self,
        release: &Release,
        number: u64,
        content: u8,
    ) -> Result<PatchStatement, Failed> {
        let mut statement = self
            .publisher
            .statement(number, &Library::patched(0, content));
        statement.app = self.root.app.clone();
        statement.release.version = Word::new(&release.version)?;
        Ok(statement)
    }

    /// What is said of a patch of a library for x64 on Linux, with each download and what it is
    /// applied to.
    pub(crate) fn statement_of(
        &self,
        release: &Release,
        number: u64,
        library: &[u8],
        downloads: &[(Vec<u8>, &[u8])],
    ) -> Result<PatchStatement, Failed> {
        let base = &*release.library;
        let facts = Facts::read(base)?;
        let name = FileName::new("libapp.so")?;
        let download = |(bytes, from): &(Vec<u8>, &[u8])| -> Result<Download, Failed> {
            let ours = !bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
            Ok(Download {
                codec: Word::new(codec_of(bytes)?)?,
                container: Word::new(if ours { "patchproof" } else { "shorebird" })?,
                from_sha256: Some(Digest::of(from)),
                makes: name.clone(),
                sha256: Digest::of(bytes),
                size_bytes: u64::try_from(bytes.len())?,
            })
        };
        let mut downloads = downloads
            .iter()
            .map(download)
            .collect::<Result<Vec<_>, _>>()?;
        downloads.sort_by_key(|download| download.sha256);
        let features = facts.features().map(Text::new);
        Ok(PatchStatement {
            app: self.root.app.clone(),
            base_size_bytes: u64::try_from(base.len())?,
            created_s: now_s()?,
            data_epoch: 0,
            downloads,
            extensions: Extensions::new(),
            files: vec![OutputFile {
                name,
                sha256: Digest::of(library),
                size_bytes: u64::try_from(library.len())?,
            }],
            minimum_number: 0,
            number,
            reads_data_epoch: 0,
            release: Named {
                abi: Word::new("x86_64")?,
                base_sha256: Digest::of(base),
                platform: Word::new("linux")?,
                version: Word::new(&release.version)?,
            },
            snapshot: Snapshot {
                features: features.collect::<Result<_, _>>()?,
                version: Word::new(&facts.header().version)?,
            },
        })
    }

    /// Publishes a patch with its statement.
    pub(crate) fn publish(
        &self,
        app: &App,
        release: &Release,
        number: u64,
        content: u8,
    ) -> Result<(i64, SignedPatch), Failed> {
        let signed = self
            .publisher
            .signed_patch(self.statement(release, number, content)?);
        let mut asked = app.publication(release, number, content);
        asked["artifacts"][0]["statement"] = json!(std::str::from_utf8(&signed.envelope)?);
        let id = app.publish_as(asked, content)?;
        Ok((id, signed))
    }
}

/// A device that runs the release and has a root in its app.
pub(crate) struct Believer {
    pub(crate) device: Device,
    pub(crate) remembered: Remembered,
}

impl Believer {
    pub(crate) fn new(signer: &Signer, release: &Release) -> Result<Self, Failed> {
        let facts = Facts::read(&release.library)?;
        let features = facts.features().map(Text::new);
        let statement = signer.statement(release, 1, 1)?;
        Ok(Self {
            device: Device {
                app: signer.root.app.clone(),
                release: statement.release,
                base_size_bytes: u64::try_from(release.library.len())?,
                snapshot: Snapshot {
                    features: features.collect::<Result<_, _>>()?,
                    version: Word::new(&facts.header().version)?,
                },
            },
            remembered: Remembered::from_embedded(&signer.envelope)?,
        })
    }

    /// The name of its release.
    pub(crate) fn release_sha256(&self) -> String {
        self.device.release.sha256().to_string()
    }

    /// What a channel says, if it is believed; it is remembered then.
    pub(crate) fn believes(
        &mut self,
        envelope: &[u8],
        freshness: Freshness,
    ) -> Result<Verified<ChannelStatement>, Failed> {
        let question = Question {
            channel: Word::new("stable")?,
            freshness,
            now_s: now_s()?,
        };
        let verifier = Verifier::new(&self.device, &self.remembered)?;
        let accepted = verifier.channel(envelope, &question)?;
        self.remembered = accepted.remembered;
        Ok(accepted.statement)
    }

    /// Whether it takes a patch under these words.
    pub(crate) fn takes(
        &self,
        envelope: &[u8],
        channel: &Verified<ChannelStatement>,
    ) -> Result<u64, Failed> {
        let verifier = Verifier::new(&self.device, &self.remembered)?;
        Ok(verifier.patch(envelope, channel)?.statement.number)
    }
}

pub(crate) fn put_root(
    app: &App,
    version: u64,
    envelope: &[u8],
) -> Result<patchproof_tests::servers::Answer, Failed> {
    let kind = [("content-type", "application/json")];
    let path = app.path(&format!("roots/{version}"));
    app.api.ask("PUT", &path, &kind, envelope)
}

fn codec_of(patch: &[u8]) -> Result<&'static str, Failed> {
    match patchproof_patch::Header::of(patch) {
        Some(header) => match header?.codec {
            patchproof_patch::Codec::Brotli => Ok("brotli"),
            _ => Ok("zstd"),
        },
        None => Ok("zstd"),
    }
}
