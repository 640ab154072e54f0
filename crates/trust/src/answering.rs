//! Whether an answer is one to the question, and a patch one that it offers.

use crate::channel::ChannelStatement;
use crate::patch::PatchStatement;
use crate::refusal::Refusal;
use crate::verified::Verified;
use crate::verifier::Freshness;

/// Whether the statement is an answer to this very question, so that no clock is needed.
pub(crate) fn answers(statement: &ChannelStatement, freshness: Freshness) -> Result<bool, Refusal> {
    match (freshness, statement.nonce) {
        (Freshness::Nonce(asked), Some(found)) => {
            if asked == found || cfg!(patchproof_without = "nonce") {
                return Ok(true);
            }
            Err(Refusal::WrongNonce)
        }
        (Freshness::Expiry, Some(_)) => Err(Refusal::WrongNonce),
        (Freshness::Nonce(_), None) if !cfg!(patchproof_without = "live") => Err(Refusal::NoNonce),
        (_, None) => Ok(false),
    }
}

/// Whether the channel offers this very statement, under its own number.
pub(crate) fn is_offered(
    statement: &Verified<PatchStatement>,
    channel: &ChannelStatement,
) -> Result<(), Refusal> {
    let patch = statement.sha256();
    if channel.rolls_back(&patch) {
        return Err(Refusal::RolledBack { patch });
    }
    let entry = channel.selected.iter().find(|entry| entry.patch == patch);
    let selected = match entry {
        Some(entry) => entry.number,
        None if cfg!(patchproof_without = "selected") => statement.number,
        None => return Err(Refusal::NotSelected { patch }),
    };
    let found = statement.number;
    if selected != found && !cfg!(patchproof_without = "number") {
        return Err(Refusal::WrongNumber { selected, found });
    }
    Ok(())
}
