//! What was verified, as a type that nothing else can make.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::digest::Digest;
use crate::envelope::Envelope;
use crate::key::{KeyId, PublicKey};
use crate::payload::{Kind, Payload};
use crate::refusal::Refusal;
use crate::root::Root;

/// A statement whose signatures were verified under a root. It cannot be made in any other way, nor
/// changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    statement: T,
    sha256: Digest,
    signers: BTreeSet<KeyId>,
    under_root: Digest,
}

impl<T> Verified<T> {
    /// SHA-256 of the payload's bytes: what the statement is called.
    #[must_use]
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }

    /// Whose signatures it carries, all of them verified.
    #[must_use]
    pub const fn signers(&self) -> &BTreeSet<KeyId> {
        &self.signers
    }

    /// SHA-256 of the root under which it was verified; a root's own.
    #[must_use]
    pub const fn under_root(&self) -> Digest {
        self.under_root
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.statement
    }
}

/// A statement under this root: signed first, then read.
pub(crate) fn open<T: Payload>(
    root: &Verified<Root>,
    bytes: &[u8],
) -> Result<Verified<T>, Refusal> {
    let envelope = Envelope::read(T::KIND, bytes)?;
    let signers = envelope.signers(&root.keys_of(T::KIND))?;
    enough(root, T::KIND, &signers)?;
    let (statement, sha256) = envelope.open()?;
    Ok(Verified {
        statement,
        sha256,
        signers,
        under_root: root.sha256,
    })
}

/// The root to begin with: it lies in the app, which vouches for it, and its own keys signed it.
/// Signatures of the root before it may stand beside them; nobody can check these any more.
pub(crate) fn first_root(envelope: &Envelope) -> Result<Verified<Root>, Refusal> {
    let (root, sha256): (Root, _) = envelope.open()?;
    let keys = root.keys_of(Kind::Root);
    let own = envelope.clone().signed_by_only(&root.roles.root.keys);
    let signers = own.signers(&keys)?;
    enough(&root, Kind::Root, &signers)?;
    Ok(Verified {
        statement: root,
        sha256,
        signers,
        under_root: sha256,
    })
}

/// The root after this one, signed by the threshold of both.
pub(crate) fn next_root(
    known: &Verified<Root>,
    envelope: &Envelope,
) -> Result<Verified<Root>, Refusal> {
    // It is read before its signatures are checked: its own keys are among those that sign it.
    let (root, sha256): (Root, _) = envelope.open()?;
    follows(known, &root)?;
    let mut keys: BTreeMap<KeyId, PublicKey> = known.keys_of(Kind::Root);
    keys.extend(root.keys_of(Kind::Root));
    let signers = envelope.signers(&keys)?;
    enough(known, Kind::Root, &signers)?;
    enough(&root, Kind::Root, &signers)?;
    Ok(Verified {
        statement: root,
        sha256,
        signers,
        under_root: sha256,
    })
}

/// Whether this is the very next one.
fn follows(known: &Root, next: &Root) -> Result<(), Refusal> {
    let (remembered, found) = (known.version, next.version);
    if cfg!(patchproof_without = "root_order") {
        return Ok(());
    }
    if found <= remembered {
        return Err(Refusal::RootRollback { remembered, found });
    }
    let expected = remembered.saturating_add(1);
    if found > expected {
        return Err(Refusal::RootSkipped { expected, found });
    }
    Ok(())
}

/// Whether enough of the role's keys are among those who signed. Each counts once.
fn enough(root: &Root, kind: Kind, signers: &BTreeSet<KeyId>) -> Result<(), Refusal> {
    let role = root.role(kind);
    let found = role.keys.intersection(signers).count();
    let found = u64::try_from(found).unwrap_or(u64::MAX);
    if found < role.threshold && !cfg!(patchproof_without = "threshold") {
        let (root_version, needed) = (root.version, role.threshold);
        return Err(Refusal::TooFewSignatures {
            kind,
            root_version,
            found,
            needed,
        });
    }
    Ok(())
}
