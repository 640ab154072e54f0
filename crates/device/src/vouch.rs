//! Who vouches for a patch: a server's word, Shorebird's signature over it, or signed statements.

use patchproof_lifecycle::GenerationId;
use patchproof_protocol::{PatchVerification, Settings};
use patchproof_storage::{Manifest, Storage};
use patchproof_trust::legacy::{LegacyProfile as _, LegacyRefusal, Shorebird};
use patchproof_trust::{Digest, Refusal};

use crate::check::{Plan, Vouched};
use crate::document::Document;
use crate::error::AtFault;
use crate::machine::Machine;
use crate::statements::Statements;
use crate::transport::Transport;
use crate::updater::{LIBRARY_NAME, Updater};

/// Whose word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an embedder says which it is")]
pub enum Trust {
    /// As Shorebird's updaters do it: the hash in the server's answer, and the signature over it
    /// where the settings have a `patch_public_key`. [`Updater::lost_guarantees`] says what that
    /// leaves open.
    #[default]
    Shorebird,
    /// Signed statements and nothing else, under the root that lies in the app. There is no way
    /// around them: what is not signed is neither fetched nor installed nor booted.
    Statements {
        /// The bytes of `flutter_assets/patchproof/root.json`.
        root: Vec<u8>,
        /// Where channel statements come from.
        ask: Ask,
    },
}

/// Where channel statements come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an embedder says which it is")]
pub enum Ask {
    /// A server that signs each answer: it has to repeat a random number of this device, so that no
    /// old answer passes for a new one, whatever the clock says.
    #[default]
    Server,
    /// Files behind the base URL, such as a CDN has them. Nothing of this device is sent anywhere,
    /// events included; how old an answer may be is bounded by its expiry alone.
    Files,
}

/// What was served is not believed, and nothing of it was installed. Roots and withdrawals that
/// were believed before stand.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Untrusted {
    /// A statement.
    #[error("what was served is not believed: {0}")]
    Statement(#[from] Refusal),
    /// A signature of Shorebird's kind.
    #[error("patch {number} is not believed: {why}")]
    Signature {
        /// The patch's number.
        number: u64,
        /// What is wrong.
        #[source]
        why: LegacyRefusal,
    },
    /// A document that has to be there is not.
    #[error("there is no {what} at {url}: publish it, or look where the base URL leads")]
    NotServed {
        /// What should be there.
        what: &'static str,
        /// Where it was looked for.
        url: String,
    },
    /// A signed patch that this version of the updater cannot install.
    #[error("patch {number} cannot be installed by this version of the updater: {reason}")]
    NotForThisVersion {
        /// Its number.
        number: u64,
        /// What it would take.
        reason: String,
    },
    /// A signed patch whose library has more bytes than the app allows.
    #[error(
        "the library of patch {number} has {found_bytes} bytes, this app allows {max_bytes}: raise \
         library_bytes_max"
    )]
    LibraryTooLarge {
        /// The patch's number.
        number: u64,
        /// How many were signed.
        found_bytes: u64,
        /// How many there may be.
        max_bytes: u64,
    },
    /// A patch of the app's own, and a voucher of something else.
    #[error("the voucher that came with patch {number} says otherwise than the app")]
    OtherFacts {
        /// Its number.
        number: u64,
    },
    /// A statement that is too long to be kept on a device.
    #[error("the statement of patch {number} has {found_bytes} bytes, a device keeps {max_bytes}")]
    TooLong {
        /// The patch's number.
        number: u64,
        /// How long it is.
        found_bytes: usize,
        /// How long it may be.
        max_bytes: usize,
    },
    /// A patch of the app's own that nobody vouches for.
    #[error("this app takes signed patches alone, and patch {number} came without a voucher")]
    NoVoucher {
        /// Its number.
        number: u64,
    },
}

/// Whose word counts, settled.
pub(crate) enum Voucher {
    Server,
    Shorebird { key: Shorebird, at_boot: bool },
    Statements(Box<Statements>),
}

impl Untrusted {
    /// Who has to act.
    #[must_use]
    pub const fn at_fault(&self) -> AtFault {
        match self {
            Self::NoVoucher { .. } | Self::OtherFacts { .. } | Self::LibraryTooLarge { .. } => {
                AtFault::App
            }
            _ => AtFault::Server,
        }
    }
}

impl Voucher {
    /// By the key in the settings, if there is one.
    pub(crate) fn of_settings(settings: &Settings) -> Result<Self, LegacyRefusal> {
        let Some(key) = &settings.patch_public_key else {
            return Ok(Self::Server);
        };
        let key = Shorebird::from_patch_public_key(key)?;
        let at_boot = settings.patch_verification != PatchVerification::InstallOnly;
        Ok(Self::Shorebird { key, at_boot })
    }

    /// What vouches for a library by its hash: Shorebird's signature over it, where one is asked
    /// for and holds.
    pub(crate) fn vouch(
        &self,
        number: u64,
        library_sha256: &[u8; 32],
        signature: Option<&str>,
    ) -> Result<Vouched, Untrusted> {
        match self {
            Self::Server => Ok(Vouched::Server),
            Self::Shorebird { key, .. } => {
                let verified = key.verify(&Digest::of_bytes(*library_sha256), signature);
                verified.map_err(|why| Untrusted::Signature { number, why })?;
                let signature = signature.map(str::to_owned);
                Ok(signature.map_or(Vouched::Server, Vouched::Signature))
            }
            Self::Statements(_) => Err(Untrusted::NoVoucher { number }),
        }
    }

    /// Whether there is no server that could be told anything.
    pub(crate) fn asks_files_alone(&self) -> bool {
        matches!(self, Self::Statements(statements) if statements.ask == Ask::Files)
    }
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// What the signatures in use leave open, in words for people; empty under signed statements.
    #[must_use]
    pub fn lost_guarantees(&self) -> &'static [&'static str] {
        match &self.voucher {
            Voucher::Server => NO_SIGNATURE,
            Voucher::Shorebird { key, .. } => key.lost_guarantees(),
            Voucher::Statements(_) => &[],
        }
    }

    /// Whether what lies here may boot, by what vouches for it; else why not.
    pub(crate) fn vouched(
        &self,
        document: &Document,
        id: &GenerationId,
        manifest: &Manifest,
    ) -> Result<(), String> {
        if cfg!(patchproof_without = "boot") {
            return Ok(());
        }
        let voucher = document.vouchers.get(id).map(String::as_str);
        match &self.voucher {
            Voucher::Server | Voucher::Shorebird { at_boot: false, .. } => Ok(()),
            Voucher::Shorebird { key, .. } => {
                let library = manifest.file(LIBRARY_NAME);
                let sha256 = library.map_or([0; 32], |library| library.sha256);
                let verified = key.verify(&Digest::of_bytes(sha256), voucher);
                verified.map_err(|why| why.to_string())
            }
            Voucher::Statements(statements) => {
                let voucher = voucher.ok_or("no statement is kept with it")?;
                let memory = statements.memory(document);
                let standing = memory
                    .and_then(|memory| statements.verifier(&memory)?.standing(voucher.as_bytes()));
                let standing = standing.map_err(|refusal| refusal.to_string())?;
                if is_of(manifest, &standing) || cfg!(patchproof_without = "bytes") {
                    return Ok(());
                }
                Err("its files are not those that were signed".to_owned())
            }
        }
    }

    /// Whether what vouches for a staged patch still does, by all that is known at its install.
    pub(crate) fn still_vouched(&self, document: &Document, plan: &Plan) -> Result<(), Untrusted> {
        let Voucher::Statements(statements) = &self.voucher else {
            return Ok(());
        };
        let number = plan.offer.number;
        let Vouched::Statement { envelope, answer } = &plan.vouched else {
            return Err(Untrusted::NoVoucher { number });
        };
        self.may_install(statements, document, (envelope, answer.as_ref()))
            .map_err(Untrusted::from)
    }
}

/// Whether these are the signed files, to the last one.
fn is_of(manifest: &Manifest, statement: &patchproof_trust::PatchStatement) -> bool {
    let found = manifest.files().iter();
    let found = found.map(|file| (file.name.as_str(), file.size_bytes, file.sha256));
    let signed = statement.files.iter();
    let signed = signed.map(|file| (file.name.as_str(), file.size_bytes, *file.sha256.bytes()));
    found.eq(signed)
}

const NO_SIGNATURE: &[&str] = &[
    "no signature at all: whoever answers in the server's place, or takes it over, can install any \
     code; set `patch_public_key`, or embed a root and sign statements",
];
/// What is kept of one patch. A statement of one file with as many downloads as there may be is
/// half as long.
pub(crate) const VOUCHER_BYTES_MAX: usize = 64 << 10;
