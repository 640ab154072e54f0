//! Whether a channel statement offers the patch statement now.

use patchproof_report::{Finding, Rule};
use patchproof_trust::{Accepted, ChannelStatement, Freshness, Question, Refusal, Verifier};

use super::super::OneAbi;
use super::Believed;
use super::claims::claims;
use crate::inputs::Input;
use crate::rows::unreadable;

impl OneAbi<'_> {
    /// Takes the way of a device: first the channel statement, then the patch by it.
    pub(super) fn not_offered_by(&self, channel: &Input, ours: &Believed<'_>) -> Option<Finding> {
        let name = &channel.name;
        let envelope = match &channel.bytes {
            Ok(bytes) => bytes,
            Err(why) => return Some(unreadable("the channel statement", name, why)),
        };
        let offered = self.believed_channel(envelope, ours).and_then(|accepted| {
            Verifier::new(&ours.device, &accepted.remembered)?
                .patch(ours.envelope, &accepted.statement)
        });
        let refusal = offered.err()?;
        let rule = rule(&refusal);
        // An expired root was told already: it stops every channel.
        let is_news = rule != Rule::RootExpired;
        is_news.then(|| Finding::new(rule, format!("{name}: {refusal}")))
    }

    fn believed_channel(
        &self,
        envelope: &[u8],
        ours: &Believed<'_>,
    ) -> Result<Accepted<ChannelStatement>, Refusal> {
        let claims: Option<ChannelStatement> = claims(envelope);
        let now_s = self.scene.inputs.now_s;
        let nonce = claims.as_ref().and_then(|claims| claims.nonce);
        let question = Question {
            // Any channel may be looked at; what names none cannot be read, which is told first.
            channel: claims.map_or_else(|| ours.device.app.clone(), |claims| claims.channel),
            freshness: nonce.map_or(Freshness::Expiry, Freshness::Nonce),
            now_s,
        };
        let verifier = Verifier::new(&ours.device, ours.roots.newest())?;
        let accepted = verifier.channel(envelope, &question)?;
        // The answer to one device needs no clock there; here it is a file like any other.
        verifier.is_in_time(&accepted.statement, now_s)?;
        Ok(accepted)
    }
}

const fn rule(refusal: &Refusal) -> Rule {
    match refusal {
        Refusal::RootExpired { .. } => Rule::RootExpired,
        Refusal::Expired { .. } | Refusal::FromTheFuture { .. } => Rule::ChannelExpired,
        Refusal::NotSelected { .. } | Refusal::RolledBack { .. } | Refusal::WrongNumber { .. } => {
            Rule::ChannelDoesNotOffer
        }
        _ => Rule::ChannelNotBelieved,
    }
}
