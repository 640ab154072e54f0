//! Asking for signed statements, and going by them.

use patchproof_lifecycle::{Answer as Words, Event};
use patchproof_protocol::{
    ANSWER_BYTES_MAX, AnswerError, Asked, CHECK_PATH, WebUrl, channel_path, channel_statement,
    download_path, root_path, statement_path,
};
use patchproof_storage::Storage;
use patchproof_trust::{Kind, Nonce, Refusal, Remembered, Selected};

use crate::check::{Plan, Vouched, offer_of};
use crate::document::Document;
use crate::error::CheckError;
use crate::machine::Machine;
use crate::operation::{Decided, With};
use crate::statements::{Answer, Believed, Statements};
use crate::transport::{Cancel, Transport};
use crate::updater::Updater;
use crate::vouch::{Ask, Untrusted, VOUCHER_BYTES_MAX};

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Follows the roots, asks the channel, and gives what is to be fetched from where. What the
    /// channel withdraws is carried out even if the patch that it chooses cannot be believed.
    pub(crate) fn ask_signed(
        &self,
        statements: &Statements,
        cancel: &Cancel,
    ) -> Result<(Decided, Option<(Plan, WebUrl)>), CheckError> {
        self.follow_roots(statements, cancel)?;
        let answer = self.ask_channel(statements, cancel)?;
        let document = self.peek()?.document;
        let memory = statements.memory(&document).map_err(Untrusted::from)?;
        let believed = statements.believe(&memory, &answer, None);
        let channel = believed.map_err(Untrusted::from)?.channel;
        let mut refused = None;
        for chosen in statements.chosen(&channel, statements.lot(&document)) {
            let patch = self.patch_statement(statements, &document, &chosen, cancel);
            let planned = patch.and_then(|patch| {
                let believed = statements.believe(&memory, &answer, Some(&patch));
                let believed = believed.map_err(Untrusted::from)?;
                self.planned(statements, believed, &answer, patch)
            });
            match planned {
                // A lower number may do where this one failed here before.
                Ok((plan, _)) if self.is_banned(&document, &plan) => {}
                Ok((plan, url)) => {
                    let decided = self.go_by(statements, &answer, Some(&plan))?;
                    let is_wanted = decided.fetch.is_some();
                    return Ok((decided, is_wanted.then_some((plan, url))));
                }
                Err(CheckError::Transport(error)) => {
                    refused = Some(CheckError::Transport(error));
                    break;
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        let decided = self.go_by(statements, &answer, None)?;
        refused.map_or(Ok((decided, None)), Err)
    }

    fn is_banned(&self, document: &Document, plan: &Plan) -> bool {
        let (state, id) = (&document.lifecycle, &plan.offer.content.id);
        let words = state.words.get(&self.release);
        let aside = state.set_aside.get(id);
        words.is_some_and(|words| words.known_bad.contains_key(id))
            || aside.is_some_and(|aside| plan.offer.number <= aside.number)
    }

    /// Takes the roots that come next, one after the other, each for good before the next one.
    fn follow_roots(&self, statements: &Statements, cancel: &Cancel) -> Result<(), CheckError> {
        for _ in 0..ROOTS_AT_A_TIME {
            let document = self.peek()?.document;
            let memory = statements.memory(&document).map_err(Untrusted::from)?;
            let next = memory.root().version.saturating_add(1);
            let path = root_path(&self.config.settings.app_id, next);
            let url = self.config.settings.endpoint(&path);
            let Some(envelope) = self.get(&url, Kind::Root.limit_bytes(), cancel)? else {
                return Ok(());
            };
            self.decide_by(With::default(), |document| {
                let memory = statements.memory(document).map_err(Untrusted::from)?;
                if memory.root().version >= next {
                    // Another process of the app took it meanwhile.
                    return Ok::<_, CheckError>((self.floor_of(statements, &memory), Some(memory)));
                }
                let memory = statements.next_root(&memory, &envelope);
                let memory = memory.map_err(Untrusted::from)?;
                Ok((self.floor_of(statements, &memory), Some(memory)))
            })?;
        }
        Ok(())
    }

    fn ask_channel(&self, statements: &Statements, cancel: &Cancel) -> Result<Answer, CheckError> {
        let (settings, channel) = (&self.config.settings, statements.channel.as_str());
        let release_sha256 = statements.release().sha256().to_string();
        if statements.ask == Ask::Files {
            let path = channel_path(&settings.app_id, &release_sha256, channel);
            let url = settings.endpoint(&path);
            let envelope = self.get(&url, Kind::Channel.limit_bytes(), cancel)?;
            let what = "channel statement for this release";
            let envelope = envelope.ok_or(Untrusted::NotServed { what, url })?;
            return Ok(self.answer(envelope, None));
        }
        let mut nonce = [0; 32];
        self.machine.random(&mut nonce);
        let document = self.peek()?.document;
        let memory = statements.memory(&document).map_err(Untrusted::from)?;
        let mut question = self.about(document.client_id, &self.config.release.version);
        question.client_id = None;
        question.current_patch_number = self.running_number();
        question.patchproof = Some(Asked {
            release_sha256,
            nonce: hex::encode(nonce),
            root_version: memory.root().version,
        });
        let url = settings.endpoint(CHECK_PATH);
        let bytes_max = u64::try_from(ANSWER_BYTES_MAX).unwrap_or(u64::MAX);
        let answer = self
            .transport
            .post(&url, &question.to_json(), bytes_max, cancel)?;
        let envelope = channel_statement(&answer)?.into_bytes();
        Ok(self.answer(envelope, Some(Nonce::of_bytes(nonce))))
    }

    fn answer(&self, envelope: Vec<u8>, nonce: Option<Nonce>) -> Answer {
        Answer {
            envelope,
            nonce,
            came_at_ms: self.machine.now_ms(),
        }
    }

    /// The statement that a channel chooses: from here, if it lies with what is installed.
    fn patch_statement(
        &self,
        statements: &Statements,
        document: &Document,
        chosen: &Selected,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, CheckError> {
        let memory = statements.memory(document).map_err(Untrusted::from)?;
        for voucher in document.vouchers.values() {
            let standing = statements.standing(&memory, voucher.as_bytes());
            if standing.is_ok_and(|patch| patch.sha256() == chosen.patch) {
                return Ok(voucher.clone().into_bytes());
            }
        }
        let path = statement_path(&chosen.patch.to_string());
        let url = self.config.settings.endpoint(&path);
        let envelope = self.get(&url, Kind::Patch.limit_bytes(), cancel)?;
        let what = "patch statement that the channel chooses";
        envelope.ok_or_else(|| Untrusted::NotServed { what, url }.into())
    }

    /// What a believed patch statement asks to fetch, and from where.
    fn planned(
        &self,
        statements: &Statements,
        believed: Believed,
        answer: &Answer,
        envelope: Vec<u8>,
    ) -> Result<(Plan, WebUrl), CheckError> {
        let Some(patch) = believed.patch else {
            return Err(Untrusted::NoVoucher { number: 0 }.into());
        };
        keepable(patch.number, &envelope)?;
        let library = statements.library_of(&patch)?;
        let download = statements.download_of(&patch)?;
        let path = download_path(&download.sha256.to_string());
        let url = WebUrl::parse(&self.config.settings.endpoint(&path));
        let url = url.map_err(AnswerError::Url)?;
        let epochs = (patch.data_epoch, patch.reads_data_epoch);
        let max = self.config.limits.library_bytes_max;
        if library.size_bytes > max {
            let reason = format!(
                "its library has {} bytes, the limit is {max}",
                library.size_bytes
            );
            let number = patch.number;
            return Err(Untrusted::NotForThisVersion { number, reason }.into());
        }
        let plan = Plan {
            release: self.release,
            offer: offer_of(patch.number, library.sha256.bytes(), epochs),
            library_sha256: *library.sha256.bytes(),
            library_bytes: Some(library.size_bytes),
            patch_sha256: Some(*download.sha256.bytes()),
            patch_bytes: Some(download.size_bytes),
            vouched: Vouched::Statement {
                envelope,
                answer: Some(answer.clone()),
            },
        };
        Ok((plan, url))
    }

    /// Carries out what an answer says. The floor goes first: it holds whatever becomes of the
    /// rest.
    fn go_by(
        &self,
        statements: &Statements,
        answer: &Answer,
        plan: Option<&Plan>,
    ) -> Result<Decided, CheckError> {
        let patch = plan.and_then(|plan| match &plan.vouched {
            Vouched::Statement { envelope, .. } => Some(envelope.as_slice()),
            Vouched::Server | Vouched::Signature(_) => None,
        });
        let believe = |document: &Document| {
            let memory = statements.memory(document).map_err(Untrusted::from)?;
            let believed = statements.believe(&memory, answer, patch);
            Ok::<_, CheckError>(believed.map_err(Untrusted::from)?)
        };
        let document = self.peek()?.document;
        let known = document.lifecycle.words.get(&self.release);
        let known = known.map_or(0, |words| words.floor);
        if statements.floor(&believe(&document)?.memory) > known {
            self.decide_by(With::default(), |document| {
                let memory = believe(document)?.memory;
                Ok::<_, CheckError>((self.floor_of(statements, &memory), Some(memory)))
            })?;
        }
        let with = With {
            plan,
            ..With::default()
        };
        self.decide_by(with, |document| {
            let believed = believe(document)?;
            let rolled_back = believed.channel.rolled_back.iter();
            let event = Event::Answered {
                release: self.release,
                answer: Words {
                    offer: plan.map(|plan| plan.offer.clone()),
                    rolled_back: rolled_back.map(|entry| entry.number).collect(),
                },
                now_ms: self.machine.now_ms(),
            };
            Ok((event, Some(believed.memory)))
        })
    }

    /// Whether an install may begin now, by all that is known now.
    pub(crate) fn may_install(
        &self,
        statements: &Statements,
        document: &Document,
        (envelope, answer): (&[u8], Option<&Answer>),
    ) -> Result<(), Refusal> {
        let memory = statements.memory(document)?;
        statements.standing(&memory, envelope)?;
        statements.root_is_in_time(&memory, self.machine.now_ms())?;
        let Some(answer) = answer else { return Ok(()) };
        let channel = statements.believe(&memory, answer, None)?.channel;
        statements.is_in_time(&memory, &channel, answer, self.machine.now_ms())
    }

    fn floor_of(&self, statements: &Statements, memory: &Remembered) -> Event {
        Event::FloorRaised {
            release: self.release,
            minimum_number: statements.floor(memory),
        }
    }
}

/// Whether a device keeps so long a statement.
pub(crate) fn keepable(number: u64, envelope: &[u8]) -> Result<(), Untrusted> {
    let (found_bytes, max_bytes) = (envelope.len(), VOUCHER_BYTES_MAX);
    if found_bytes > max_bytes {
        return Err(Untrusted::TooLong {
            number,
            found_bytes,
            max_bytes,
        });
    }
    Ok(())
}

/// Of one check; the next check goes on.
const ROOTS_AT_A_TIME: usize = 64;
