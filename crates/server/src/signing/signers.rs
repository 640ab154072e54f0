//! Which of the channel keys an app's root takes.

use patchproof_trust::{ChannelStatement, Kind, Root, Sign, SigningKey, sign};

use crate::signing::{Signing, SigningError};

/// The places of the keys that the root names for channels. None where they are too few: what they
/// sign nobody believes.
pub(super) fn of(keys: &[SigningKey], root: &Root) -> Option<Vec<usize>> {
    let role = root.role(Kind::Channel);
    let mut ids = std::collections::BTreeSet::new();
    let named = keys.iter().enumerate().filter(|(_, key)| {
        let id = key.public_key().id();
        role.keys.contains(&id) && ids.insert(id)
    });
    let places: Vec<usize> = named.map(|(place, _)| place).collect();
    let enough = u64::try_from(places.len()).is_ok_and(|count| count >= role.threshold);
    enough.then_some(places)
}

impl Signing {
    /// The envelope of a statement, signed by these of the keys.
    pub(super) fn envelope(
        &self,
        statement: &ChannelStatement,
        signers: &[usize],
    ) -> Result<String, SigningError> {
        let keys = signers.iter().filter_map(|place| self.keys.get(*place));
        let keys: Vec<&dyn Sign> = keys.map(|key| -> &dyn Sign { key }).collect();
        let envelope = sign(statement, &keys)?;
        // Envelopes are ASCII.
        Ok(String::from_utf8_lossy(&envelope).into_owned())
    }
}
