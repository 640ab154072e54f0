//! How a server answers.

use patchproof_device::{Begun, Cancel, Sink, Transport, TransportError, Wanted};
use patchproof_trust::ChannelStatement;

use super::{Checks, Line, Script, delta};
use crate::phone::publisher::Publisher;

impl Line {
    fn answer(&self, script: &Script, question: &str) -> Vec<u8> {
        let offer = script.offers.get(&self.release);
        let patch = offer.map_or(String::new(), |(number, library)| {
            let hash = hex::encode(library.sha256);
            let delta = delta::offered(script.deltas, library, question);
            let place =
                delta.unwrap_or_else(|| format!(r#""download_url":"https://cdn.example/{hash}""#));
            format!(r#","patch":{{"number":{number},"hash":"{hash}",{place}}}"#)
        });
        let withdrawn = script.withdrawn.get(&self.release);
        let numbers = withdrawn.into_iter().flatten().map(u64::to_string);
        let numbers: Vec<String> = numbers.collect();
        let answer = format!(
            r#"{{"patch_available":{}{patch},"rolled_back_patch_numbers":[{}]}}"#,
            offer.is_some(),
            numbers.join(",")
        );
        answer.into_bytes()
    }
}

impl Transport for Line {
    fn post(
        &self,
        url: &str,
        json: &[u8],
        _answer_bytes_max: u64,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        cancel.check()?;
        let mut script = self.server.script();
        let body = String::from_utf8_lossy(json).into_owned();
        script.asked.push(url.to_owned());
        if url.ends_with("/check") {
            script.questions.push(body.clone());
            return Ok(match &script.checks {
                Checks::Offers => self.answer(&script, &body),
                Checks::Fixed(answer) => answer.to_vec(),
                Checks::Signed(publisher, statement) => signed(publisher, statement, &body),
            });
        }
        if let Some(code) = script.event_status {
            let retry_after = None;
            return Err(TransportError::Status { code, retry_after });
        }
        script.events.push(body);
        Ok(Vec::new())
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let (bytes, etag, cut_after) = {
            let mut script = self.server.script();
            script.asked.push(wanted.url.to_owned());
            let Some((bytes, etag)) = script.found(wanted.url) else {
                let (code, retry_after) = (404, None);
                return Err(TransportError::Status { code, retry_after });
            };
            let is_document = wanted.url.ends_with(".json");
            let cut_after = script.cut_after.filter(|_| !is_document);
            (bytes, etag, cut_after)
        };
        let from = match wanted.if_range {
            Some(known) if known == etag => usize::try_from(wanted.from_bytes).unwrap_or(0),
            _ => 0,
        };
        let total = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let begun = Begun::new(u64::try_from(from).unwrap_or(0), Some(total), Some(etag));
        sink.begin(begun).map_err(TransportError::Sink)?;
        let end = cut_after.and_then(|bytes| usize::try_from(bytes).ok());
        let end = end.map_or(bytes.len(), |end| end.clamp(from, bytes.len()));
        let sent = bytes.get(from..end).unwrap_or_default();
        for chunk in sent.chunks(CHUNK_BYTES) {
            cancel.check()?;
            sink.bytes(chunk).map_err(TransportError::Sink)?;
        }
        match end == bytes.len() {
            true => Ok(()),
            false => Err(unreachable()),
        }
    }
}

/// An answer to a question with a nonce.
fn signed(publisher: &Publisher, statement: &ChannelStatement, question: &str) -> Vec<u8> {
    let question: serde_json::Value = serde_json::from_str(question).expect("a question");
    let mut statement = statement.clone();
    let nonce = question.pointer("/patchproof/nonce").cloned();
    statement.nonce = nonce.and_then(|nonce| serde_json::from_value(nonce).ok());
    answer_with(&publisher.signed_channel(&statement))
}

/// The answer to a check that carries this channel statement.
///
/// # Panics
/// Never: envelopes are ASCII.
#[must_use]
pub fn answer_with(envelope: &[u8]) -> Vec<u8> {
    let envelope = std::str::from_utf8(envelope).expect("envelopes are ASCII");
    let ours = serde_json::json!({ "channel_statement": envelope });
    let answer = serde_json::json!({ "patch_available": false, "patchproof": ours });
    answer.to_string().into_bytes()
}

fn unreachable() -> TransportError {
    let why = "the connection is gone".to_owned();
    TransportError::Unreachable { why }
}

/// A small patch comes in a few pieces.
const CHUNK_BYTES: usize = 512;
