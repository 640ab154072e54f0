//! The patches of one machine: two from the release, and deltas from what devices run.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{
    CodecChoice, Limits, MakeError, MakeOptions, inflate_through, make_through, make_with,
};
use patchproof_protocol::Platform;
use patchproof_protocol::developer::{Container, PatchState, PublishDownload};
use patchproof_trust::{Digest, Word};

use crate::builds::Library;
use crate::client::Client;
use crate::earlier::{Earlier, earlier, worth_it};
use crate::error::PublishError;
use crate::http::Wanted;
use crate::watch::{Step, Watch};

/// The patches of one machine.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    pub(crate) base: &'a Library,
    pub(crate) new: &'a Library,
    /// From the release, in Shorebird's container first.
    pub(crate) files: Vec<PatchFile>,
}

/// A patch file.
#[derive(Debug)]
pub(crate) struct PatchFile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
    pub(crate) container: Container,
    /// The earlier patch that it is made from; without it, the release's library.
    pub(crate) from: Option<From>,
}

/// An earlier patch and what it gives.
#[derive(Clone, Debug)]
pub(crate) struct From {
    pub(crate) number: u64,
    pub(crate) sha256: Digest,
}

/// What all machines of a patch have in common.
pub(crate) struct Making<'a> {
    pub(crate) client: &'a Client,
    pub(crate) app: &'a Word,
    pub(crate) platform: Platform,
    pub(crate) patches: &'a [PatchState],
    pub(crate) deltas: usize,
    pub(crate) watch: &'a dyn Watch,
}

impl Making<'_> {
    /// Makes every patch from one library to another.
    pub(crate) fn all<'a>(
        &self,
        base: &'a Library,
        new: &'a Library,
    ) -> Result<Made<'a>, PublishError> {
        let ours = MakeOptions::patchproof(CodecChoice::Auto);
        let fault = |error| fault(new, error);
        let shorebird = make_with(&base.bytes, &new.bytes, MakeOptions::shorebird());
        let shorebird = shorebird.map_err(fault)?;
        let mut smallest = shorebird.len();
        let mut files = vec![PatchFile::new(shorebird, Container::Shorebird, None)];
        let patchproof = make_through(&base.bytes, &new.bytes, ours, KNOWN).map_err(fault)?;
        if worth_it(patchproof.len(), smallest) {
            smallest = patchproof.len();
            files.push(PatchFile::new(patchproof, Container::Patchproof, None));
        }
        let not_from = [base.sha256(), new.sha256()];
        let not_from = not_from.each_ref().map(String::as_str);
        let here = (self.platform, new.arch);
        for known in earlier(self.patches, here, &not_from, self.deltas) {
            let output = self.rebuilt(base, &known)?;
            let delta = make_through(&output, &new.bytes, ours, KNOWN).map_err(fault)?;
            if worth_it(delta.len(), smallest) {
                let from = From {
                    number: known.number,
                    sha256: Digest::of(&output),
                };
                files.push(PatchFile::new(delta, Container::Patchproof, Some(from)));
            }
        }
        Ok(Made { base, new, files })
    }

    /// What an earlier patch gives, had as devices have it.
    fn rebuilt(&self, base: &Library, known: &Earlier) -> Result<Vec<u8>, PublishError> {
        self.watch
            .at(Step::Downloading, 0, known.download.size_bytes);
        let wanted = Wanted {
            sha256: &known.download.sha256,
            size_bytes: known.download.size_bytes,
        };
        let patch = self.client.blob(self.app, wanted, self.watch)?;
        let limits = Limits::for_base(base.snapshot.size);
        let output = inflate_through(&base.bytes, &patch, limits, KNOWN);
        let output = output.map_err(|error| PublishError::EarlierPatch {
            number: known.number,
            abi: base.abi.to_owned(),
            error,
        })?;
        let found = Digest::of(&output).to_string();
        if found == known.sha256 {
            return Ok(output);
        }
        Err(PublishError::OtherBuild {
            version: format!("patch {}", known.number),
            what: "library".to_owned(),
            on_server: known.sha256.clone(),
            here: found,
        })
    }
}

impl PatchFile {
    fn new(bytes: Vec<u8>, container: Container, from: Option<From>) -> Self {
        Self {
            sha256: Digest::of(&bytes).to_string(),
            bytes,
            container,
            from,
        }
    }

    /// As it is published.
    pub(crate) fn download(&self) -> PublishDownload {
        PublishDownload {
            sha256: self.sha256.clone(),
            size_bytes: u64::try_from(self.bytes.len()).unwrap_or(u64::MAX),
            container: self.container,
            from_sha256: self.from.as_ref().map(|from| from.sha256.to_string()),
        }
    }
}

fn fault(new: &Library, error: MakeError) -> PublishError {
    PublishError::Make {
        abi: new.abi.to_owned(),
        error,
    }
}
