//! Asking for signed statements, and going by them.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Answer as Words, Event, Refusal as Not};
use patchproof_protocol::{
    AnswerError, Asked, WebUrl, channel_path, channel_statement, download_path, root_path,
    statement_path,
};
use patchproof_storage::Storage;
use patchproof_trust::{
    Accepted, ChannelStatement, Kind, Nonce, PatchStatement, Refusal, Remembered, Selected,
};

use crate::check::{Plan, Said, Vouched, offer_of};
use crate::document::Document;
use crate::error::CheckError;
use crate::machine::Machine;
use crate::operation::{Decided, With};
use crate::origin::Origin;
use crate::statements::{Answer, Statements};
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
        let memory = statements.memory(&document)?;
        let channel = statements.believe_channel(&memory, &answer)?;
        let mut refused = None;
        for chosen in statements.chosen(&channel.statement, statements.lot(&document)) {
            let patch = self.patch_statement(statements, (&document, &memory), &chosen, cancel);
            let planned =
                patch.and_then(|patch| self.planned(statements, &channel, (patch, &answer)));
            match planned {
                // A lower number may do where this one failed here before.
                Ok((plan, _)) if self.failed_before(&document, &plan) => {}
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

    fn failed_before(&self, document: &Document, plan: &Plan) -> bool {
        let against = document
            .lifecycle
            .remembers_against(&self.release, &plan.offer);
        matches!(against, Some(Not::KnownBad(_) | Not::SetAside(_)))
    }

    /// Takes the roots that come next, one after the other, each for good before the next one.
    fn follow_roots(&self, statements: &Statements, cancel: &Cancel) -> Result<(), CheckError> {
        for _ in 0..ROOTS_AT_A_TIME {
            let document = self.peek()?.document;
            let next = statements
                .memory(&document)?
                .root()
                .version
                .saturating_add(1);
            let path = root_path(&self.config.settings.app_id, next);
            let url = self.config.settings.endpoint(&path);
            let Some(envelope) = self.get(&url, Kind::Root.limit_bytes(), cancel)? else {
                return Ok(());
            };
            self.decide_by(With::default(), |document| {
                let known = statements.memory(document)?;
                let memory = match known.root().version >= next {
                    // Another process of the app took it meanwhile.
                    true => known,
                    false => statements.verifier(&known)?.root(&envelope)?,
                };
                Ok::<_, CheckError>((self.floor_of(statements, &memory), Some(memory)))
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
        let memory = statements.memory(&document)?;
        let mut question = self.about(document.client_id, &self.config.release.version, None);
        question.client_id = None;
        question.patchproof = Some(Asked {
            release_sha256,
            nonce: hex::encode(nonce),
            root_version: memory.root().version,
        });
        let answer = self.post_question(question, cancel)?;
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

    /// The envelope of the statement that a channel chooses. One that is kept for what is installed
    /// is taken from there if it still stands, and not asked for.
    fn patch_statement(
        &self,
        statements: &Statements,
        (document, memory): (&Document, &Remembered),
        chosen: &Selected,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, CheckError> {
        let verifier = statements.verifier(memory)?;
        for voucher in document.vouchers.values() {
            let standing = verifier.standing(voucher.as_bytes());
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

    /// What a chosen patch statement asks to fetch, and from where.
    fn planned(
        &self,
        statements: &Statements,
        channel: &Accepted<ChannelStatement>,
        (envelope, answer): (Vec<u8>, &Answer),
    ) -> Result<(Plan, WebUrl), CheckError> {
        let patch = statements.believe_patch(channel, &envelope)?.statement;
        let words = (envelope, Some(answer.clone()));
        let plan = self.plan_of_statement(statements, &patch, words)?;
        let download = statements.download_of(&patch, self.wanted_origin())?;
        let origin = self.origin_of_download(patch.number, &download)?;
        let path = download_path(&download.sha256.to_string());
        let url = WebUrl::parse(&self.config.settings.endpoint(&path));
        let url = url.map_err(AnswerError::Url)?;
        Ok((plan.out_of(&download, origin), url))
    }

    /// What a believed patch statement asks to install, whatever it is made of.
    pub(crate) fn plan_of_statement(
        &self,
        statements: &Statements,
        patch: &PatchStatement,
        (envelope, answer): (Vec<u8>, Option<Answer>),
    ) -> Result<Plan, Untrusted> {
        let number = patch.number;
        keepable(number, &envelope)?;
        let library = statements.library_of(patch)?;
        let (found_bytes, max_bytes) = (library.size_bytes, self.config.limits.library_bytes_max);
        if found_bytes > max_bytes {
            return Err(Untrusted::LibraryTooLarge {
                number,
                found_bytes,
                max_bytes,
            });
        }
        let epochs = (patch.data_epoch, patch.reads_data_epoch);
        Ok(Plan {
            release: self.release,
            offer: offer_of(number, library.sha256.bytes(), epochs),
            library_sha256: *library.sha256.bytes(),
            library_bytes: Some(library.size_bytes),
            patch_sha256: None,
            patch_bytes: None,
            origin: Origin::Release,
            said: Said::of(patch),
            vouched: Vouched::Statement { envelope, answer },
        })
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
        // Numbers that are withdrawn, and what to remember from now on.
        let believe = |document: &Document| {
            let channel = statements.believe_channel(&statements.memory(document)?, answer)?;
            let rolled_back = channel.statement.rolled_back.iter();
            let rolled_back = rolled_back.map(|entry| entry.number).collect();
            let memory = match patch {
                Some(patch) => statements.believe_patch(&channel, patch)?.remembered,
                None => channel.remembered,
            };
            Ok::<(BTreeSet<u64>, Remembered), CheckError>((rolled_back, memory))
        };
        let document = self.peek()?.document;
        let known = document.lifecycle.words.get(&self.release);
        let known = known.map_or(0, |words| words.floor);
        if statements.floor(&believe(&document)?.1) > known {
            self.decide_by(With::default(), |document| {
                let (_, memory) = believe(document)?;
                Ok::<_, CheckError>((self.floor_of(statements, &memory), Some(memory)))
            })?;
        }
        let with = With {
            plan,
            ..With::default()
        };
        self.decide_by(with, |document| {
            let (rolled_back, memory) = believe(document)?;
            let event = Event::Answered {
                release: self.release,
                answer: Words {
                    offer: plan.map(|plan| plan.offer.clone()),
                    rolled_back,
                },
                now_ms: self.machine.now_ms(),
            };
            Ok((event, Some(memory)))
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
        let (verifier, now_ms) = (statements.verifier(&memory)?, self.machine.now_ms());
        verifier.standing(envelope)?;
        verifier.root_is_in_time(now_ms / 1000)?;
        let Some(answer) = answer else { return Ok(()) };
        let channel = statements.believe_channel(&memory, answer)?.statement;
        statements.is_in_time(&memory, &channel, answer, now_ms)
    }

    fn floor_of(&self, statements: &Statements, memory: &Remembered) -> Event {
        Event::FloorRaised {
            release: self.release,
            minimum_number: statements.floor(memory),
        }
    }
}

/// Whether a device keeps so long a statement.
fn keepable(number: u64, envelope: &[u8]) -> Result<(), Untrusted> {
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
