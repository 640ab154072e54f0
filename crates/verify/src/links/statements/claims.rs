//! What a document says of itself, before anybody believes it.
//!
//! A device knows what it is and asks whether a statement is for it. Here the question goes the
//! other way: signatures are verified for the very device that the statement names, and then each
//! of its words is held against the release, with a rule of its own.

use patchproof_trust::{
    Device, Digest, PatchStatement, Payload, Release, Snapshot, Unverified, Word,
};

use super::super::OneAbi;
use crate::rows::wide;

/// The payload of an envelope, if it can be read. Nobody believes it yet.
pub(super) fn claims<T: Payload>(envelope: &[u8]) -> Option<T> {
    let unverified = Unverified::<T>::read(envelope).ok()?;
    Some(unverified.statement().clone())
}

/// The device that a statement is for. The app is the root's, once that is known.
pub(super) fn device(statement: PatchStatement) -> Device {
    Device {
        app: statement.app,
        release: statement.release,
        base_size_bytes: statement.base_size_bytes,
        snapshot: statement.snapshot,
    }
}

impl OneAbi<'_> {
    /// The device that this envelope is for, or any where it does not say.
    pub(super) fn device_of(&self, envelope: &[u8]) -> Option<Device> {
        claims(envelope).map(device).or_else(|| self.any_device())
    }

    /// A device of this ABI of which nothing more is known.
    pub(super) fn any_device(&self) -> Option<Device> {
        let unknown = Word::new("unknown").ok()?;
        Some(Device {
            app: unknown.clone(),
            release: Release {
                abi: Word::new(self.abi).ok()?,
                base_sha256: Digest::of(&self.released.bytes),
                platform: unknown.clone(),
                version: unknown.clone(),
            },
            base_size_bytes: wide(self.released.bytes.len()),
            snapshot: Snapshot {
                features: Vec::new(),
                version: unknown,
            },
        })
    }
}
