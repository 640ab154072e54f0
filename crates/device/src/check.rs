//! The question to the server, and what is made of its answer.

use patchproof_lifecycle::{Answer, Content, Event, GenerationId, Offer, ReleaseKey, Validity};
use patchproof_protocol::{
    ANSWER_BYTES_MAX, CHECK_PATH, CheckAnswer, CheckRequest, Offer as Offered, WebUrl,
};
use patchproof_storage::Storage;
use patchproof_trust::{Download, PatchStatement};

use crate::boot::Booted;
use crate::error::CheckError;
use crate::machine::Machine;
use crate::notice::Notice;
use crate::operation::{Decided, With};
use crate::origin::Origin;
use crate::transport::{Cancel, Transport, TransportError};
use crate::updater::{LIBRARY_NAME, Updater};
use crate::vouch::Voucher;

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// What an update would fetch now.
    pub available: Option<Available>,
    /// What was seen on the way, such as an offer that is not taken, and why.
    pub notices: Vec<Notice>,
}

/// A patch that could be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Available {
    /// Its number within the release.
    pub number: u64,
    /// What it becomes.
    pub id: GenerationId,
    /// How many bytes an update would download, where that was said.
    pub download_bytes: Option<u64>,
    /// What the publisher says of it to whoever uses the app; at most
    /// [`NOTES_BYTES_MAX`](patchproof_protocol::NOTES_BYTES_MAX) bytes.
    pub notes: Option<String>,
    /// Whether the publisher asks that the app does not go on without it. It is for the embedder
    /// to act upon.
    pub force_update: bool,
}

/// What a publisher says of a patch to the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) notes: Option<String>,
    pub(crate) force_update: bool,
}

impl Said {
    /// The extensions of a statement that are for the app.
    pub(crate) fn of(patch: &PatchStatement) -> Self {
        let extension = |name: &str| {
            let mut all = patch.extensions.iter();
            let found = all.find(|(found, _)| found.as_str() == name);
            found.map(|(_, text)| text.as_str())
        };
        Self {
            notes: extension("notes").map(str::to_owned),
            force_update: extension("force_update") == Some("true"),
        }
    }
}

/// A patch to be fetched or read, and what vouches for it. Lengths are known under a signed
/// statement alone; in Shorebird's profile a server says the hash of the library and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) release: ReleaseKey,
    pub(crate) offer: Offer,
    /// What the library must have once inflated.
    pub(crate) library_sha256: [u8; 32],
    /// How long it must be, where that was signed.
    pub(crate) library_bytes: Option<u64>,
    /// What the patch itself must have, where that was said beforehand.
    pub(crate) patch_sha256: Option<[u8; 32]>,
    /// How long it may be at most, where that was said; how long it must be, where it was signed.
    pub(crate) patch_bytes: Option<u64>,
    /// What it is applied to.
    pub(crate) origin: Origin,
    pub(crate) said: Said,
    pub(crate) vouched: Vouched,
}

impl Plan {
    /// The same, to be made of this signed download, which is applied to this.
    pub(crate) fn out_of(mut self, download: &Download, origin: Origin) -> Self {
        self.origin = origin;
        self.patch_sha256 = Some(*download.sha256.bytes());
        self.patch_bytes = Some(download.size_bytes);
        self
    }

    /// Whether what does not inflate to its library is held against the content for good. Under a
    /// statement it is not: another download of it may do, or a newer updater, or more memory. Nor
    /// where it is made against what this device wrote.
    pub(crate) fn blames_the_patch(&self) -> bool {
        let is_signed = matches!(self.vouched, Vouched::Statement { .. });
        self.patch_sha256.is_some() && !is_signed && self.origin == Origin::Release
    }

    fn available(self) -> Available {
        Available {
            number: self.offer.number,
            id: self.offer.content.id,
            download_bytes: self.patch_bytes,
            notes: self.said.notes,
            force_update: self.said.force_update,
        }
    }
}

/// What vouches for a patch, to be kept with what it becomes.
#[derive(Clone, Debug)]
pub(crate) enum Vouched {
    /// The server's word, or the app's.
    Server,
    /// Shorebird's signature, in base64.
    Signature(String),
    /// A signed patch statement; and the answer that chose it, unless the app brought it itself.
    Statement {
        envelope: Vec<u8>,
        answer: Option<crate::statements::Answer>,
    },
}

impl Vouched {
    /// What is kept; statements that were read are ASCII.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Server => None,
            Self::Signature(signature) => Some(signature),
            Self::Statement { envelope, .. } => std::str::from_utf8(envelope).ok(),
        }
    }
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Asks the server, and carries out what it withdraws: that is gone at the next start. Nothing
    /// is fetched.
    ///
    /// # Errors
    /// [`CheckError`], where the server cannot be asked, its answer is none, or it cannot be made
    /// to last.
    pub fn check(&self, cancel: &Cancel) -> Result<Checked, CheckError> {
        self.check_channel(None, cancel)
    }

    /// As [`Updater::check`], of another channel than the settings name, this once.
    ///
    /// # Errors
    /// As [`Updater::check`]; and [`CheckError::OtherChannel`] under signed statements, which are
    /// held against the channel of the settings alone.
    pub fn check_channel(
        &self,
        channel: Option<&str>,
        cancel: &Cancel,
    ) -> Result<Checked, CheckError> {
        let (decided, wanted) = self.ask(channel, cancel)?;
        Ok(Checked {
            available: wanted.map(|(plan, _)| plan.available()),
            notices: decided.notices,
        })
    }

    /// Asks, and gives what is to be fetched from where.
    pub(crate) fn ask(
        &self,
        channel: Option<&str>,
        cancel: &Cancel,
    ) -> Result<(Decided, Option<(Plan, WebUrl)>), CheckError> {
        if let Voucher::Statements(statements) = &self.voucher {
            let own = statements.channel.as_str();
            if let Some(other) = channel.filter(|channel| *channel != own) {
                return Err(CheckError::OtherChannel {
                    found: other.to_owned(),
                    own: own.to_owned(),
                });
            }
            return self.ask_signed(statements, cancel);
        }
        let client_id = self.peek()?.document.client_id;
        let mut question = self.about(client_id, &self.config.release.version, channel);
        question.patchproof_runs_sha256 = self.wanted_origin().map(hex::encode);
        let answer = self.post_question(question.clone(), cancel)?;
        let answer = CheckAnswer::parse_to(&question, &answer)?;
        let plan = match &answer.offer {
            None => Ok(None),
            Some(offer) => self.plan_of(offer).map(Some),
        };
        let offered = plan.as_ref().ok().and_then(Option::as_ref);
        let event = Event::Answered {
            release: self.release,
            answer: Answer {
                offer: offered.map(|plan| plan.offer.clone()),
                rolled_back: answer.rolled_back,
            },
            now_ms: self.machine.now_ms(),
        };
        // What is withdrawn is carried out even if the offer is not believed.
        let with = With {
            plan: offered,
            ..With::default()
        };
        let decided = self.decide(&event, with)?;
        let url = answer.offer.map(|offer| offer.download_url);
        let wanted = plan?.zip(url).filter(|_| decided.fetch.is_some());
        Ok((decided, wanted))
    }

    /// The answer to a question, which tells what runs here.
    pub(crate) fn post_question(
        &self,
        mut question: CheckRequest,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        question.current_patch_number = self.running_number();
        let url = self.config.settings.endpoint(CHECK_PATH);
        let bytes_max = u64::try_from(ANSWER_BYTES_MAX).unwrap_or(u64::MAX);
        self.transport
            .post(&url, &question.to_json(), bytes_max, cancel)
    }

    /// What an answer offers, its signature verified where one is asked for.
    fn plan_of(&self, offer: &Offered) -> Result<Plan, CheckError> {
        let origin = match &offer.from_sha256 {
            None => Origin::Release,
            Some(from) => self
                .origin_of(from)
                .ok_or_else(|| CheckError::OtherOrigin {
                    number: offer.number,
                    from_sha256: hex::encode(from),
                })?,
        };
        let signature = offer.hash_signature.as_deref();
        let vouched = self.voucher.vouch(offer.number, &offer.sha256, signature)?;
        Ok(Plan {
            release: self.release,
            offer: offer_of(offer.number, &offer.sha256, (0, 0)),
            library_sha256: offer.sha256,
            library_bytes: None,
            patch_sha256: None,
            patch_bytes: offer.size_bytes,
            origin,
            said: Said {
                notes: offer.notes.clone(),
                force_update: offer.force_update,
            },
            vouched,
        })
    }

    fn running_number(&self) -> Option<u64> {
        match self.session().runs()? {
            Booted::Generation { number, .. } => Some(*number),
            Booted::Bundled => None,
        }
    }
}

/// An offer of one library, in the epochs of data `(writes, reads)`.
pub(crate) fn offer_of(number: u64, library_sha256: &[u8; 32], epochs: (u32, u32)) -> Offer {
    Offer {
        number,
        content: Content {
            id: GenerationId::of_files([(LIBRARY_NAME, library_sha256)]),
            data_epoch: epochs.0,
            reads_data_epoch: epochs.1,
        },
        validity: Validity::default(),
    }
}
