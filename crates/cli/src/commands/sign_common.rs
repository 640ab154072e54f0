//! What `root` and `sign` share: who may sign, what is signed, and what is missing.

use std::collections::BTreeSet;
use std::path::Path;

use patchproof_trust::{
    KeyId, Kind, PatchStatement, Payload, Root, Sign, Unverified, Word, countersign, sign,
};

use crate::commands::stopped::{Stopped, read};
use crate::output::shown;

/// Signatures of one role on one document.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) root_version: u64,
    pub(crate) needed: u64,
    /// Right ones only.
    pub(crate) signed: BTreeSet<KeyId>,
    /// Who may still sign.
    pub(crate) others: BTreeSet<KeyId>,
}

impl Standing {
    /// What this root's role for this kind of document has said of it.
    pub(crate) fn of<T: Payload>(document: &Unverified<T>, root: &Root) -> Self {
        let role = root.role(T::KIND);
        let signed = document.signed_by(&root.keys_of(T::KIND));
        Self {
            root_version: root.version,
            needed: role.threshold,
            others: role.keys.difference(&signed).copied().collect(),
            signed,
        }
    }

    pub(crate) fn missing(&self) -> u64 {
        let signed = u64::try_from(self.signed.len()).unwrap_or(u64::MAX);
        self.needed.saturating_sub(signed)
    }

    /// `has 1 of the 2 signatures that root 1 asks for`, and who may give the rest.
    pub(crate) fn text(&self) -> String {
        let mut out = format!(
            "has {} of the {} signature{} that root {} asks for\n",
            self.signed.len(),
            self.needed,
            if self.needed == 1 { "" } else { "s" },
            self.root_version
        );
        if self.missing() > 0 {
            for key in &self.others {
                out.push_str(&format!("  may still sign    {key}\n"));
            }
        }
        out
    }
}

/// What these roots' roles have said of a document, as text, and what is to be done where a
/// signature is missing or counts for nothing.
pub(crate) fn standings_text<T: Payload>(
    document: &Unverified<T>,
    roots: &[&Root],
    how: &str,
) -> String {
    let standings = roots.iter().map(|root| Standing::of(document, root));
    let standings: Vec<Standing> = standings.collect();
    let mut out: String = standings.iter().map(Standing::text).collect();
    for key in strangers(document, roots) {
        out.push_str(&format!(
            "the signature of {key} is wrong, or of no key for it: no device takes it\n"
        ));
    }
    if standings.iter().any(|standing| standing.missing() > 0) {
        out.push_str(&format!("no device takes it yet: {how}\n"));
    }
    out
}

/// Whose signatures on it are wrong, or of keys that none of these roots names for it. A device
/// refuses a document with one.
pub(crate) fn strangers<T: Payload>(document: &Unverified<T>, roots: &[&Root]) -> BTreeSet<KeyId> {
    let mut strangers = document.claimed_signers();
    for root in roots {
        for key in document.signed_by(&root.keys_of(T::KIND)) {
            strangers.remove(&key);
        }
    }
    strangers
}

/// The envelope of a new document. Each signer's key must be among those that may sign it.
pub(crate) fn signed<T: Payload>(
    payload: &T,
    signers: &[Box<dyn Sign>],
    allowed: &BTreeSet<KeyId>,
) -> Result<Vec<u8>, Stopped> {
    all_allowed::<T>(signers, allowed)?;
    let signers: Vec<&dyn Sign> = signers.iter().map(AsRef::as_ref).collect();
    Ok(sign(payload, &signers)?)
}

/// The same document with more signatures.
pub(crate) fn countersigned<T: Payload>(
    envelope: Vec<u8>,
    signers: &[Box<dyn Sign>],
    allowed: &BTreeSet<KeyId>,
) -> Result<Vec<u8>, Stopped> {
    all_allowed::<T>(signers, allowed)?;
    let mut signers = signers.iter();
    signers.try_fold(envelope, |envelope, signer| {
        Ok(countersign::<T>(&envelope, signer.as_ref())?)
    })
}

fn all_allowed<T: Payload>(
    signers: &[Box<dyn Sign>],
    allowed: &BTreeSet<KeyId>,
) -> Result<(), Stopped> {
    let mut keys = signers.iter().map(|signer| signer.public_key().id());
    match keys.find(|key| !allowed.contains(key)) {
        None => Ok(()),
        Some(key) => Err(Stopped::undecided(format!(
            "the root does not name the key {key} for a {}: name another key, or the root that \
             names it; nothing was written",
            T::KIND
        ))),
    }
}

/// A document of one kind, which nobody verified yet.
fn read_document<T: Payload>(path: &Path) -> Result<Unverified<T>, Stopped> {
    Unverified::read(&read(path)?).map_err(|refusal| Stopped::refused(path, &refusal))
}

/// A patch statement of this app, which nobody verified yet.
pub(crate) fn read_patch_of(
    path: &Path,
    app: &Word,
) -> Result<Unverified<PatchStatement>, Stopped> {
    let patch: Unverified<PatchStatement> = read_document(path)?;
    let found = &patch.statement().app;
    if found != app {
        return Err(Stopped::undecided(format!(
            "{}: it is for the app {found}, and the root is of {app}",
            shown(path)
        )));
    }
    Ok(patch)
}

/// A word of a statement, for clap.
pub(crate) fn parse_word(text: &str) -> Result<Word, String> {
    Word::new(text).map_err(|error| error.to_string())
}

/// The word for a role on the command line.
pub(crate) const fn role_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Root => "root",
        Kind::Patch => "patch",
        Kind::Channel => "channel",
    }
}

/// How a statement gets the signatures that it lacks.
pub(crate) const MORE_SIGN: &str =
    "let more people run `patchproof sign add STATEMENT --root ROOT --key KEY`";
