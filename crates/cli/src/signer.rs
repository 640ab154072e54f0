//! Who signs: key files, and commands in front of an HSM or a KMS.

use std::path::{Path, PathBuf};

use patchproof_trust::{KeyFile, KeyFileError, PublicKey, Sign, SigningKey, read_public_pem};

use crate::external_signer::{CommandSigner, PublicAndCommand, parse_signer};
use crate::files::{ReadFileError, read_file};
use crate::output::{say, shown};
use crate::secret::{PassphraseError, SecretFile, SecretFileError, passphrase};

/// Who signs. For other commands to take in with `#[command(flatten)]`.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
pub struct SignerArgs {
    /// Sign with this private key, made by `patchproof keygen`; may be given again
    #[arg(long = "key", value_name = "FILE")]
    pub keys: Vec<PathBuf>,
    /// The passphrase of the keys is the first line of this file. Without it: the variable
    /// PATCHPROOF_PASSPHRASE, else the terminal is asked
    #[arg(long = "passphrase-file", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Take key files without a passphrase too
    #[arg(long)]
    pub unencrypted: bool,
    /// Let a command sign: `sh -c COMMAND` gets the bytes on standard input, which is a file, and
    /// answers with the signature as 64 bytes, hex or base64; may be given again
    #[arg(long = "signer", value_name = "PUBLIC=COMMAND", value_parser = parse_signer)]
    pub signers: Vec<PublicAndCommand>,
}

impl SignerArgs {
    /// Whether nobody is named.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.signers.is_empty()
    }

    /// Every file that is named: whoever writes one, writes over none of these. A private key that
    /// is lost so comes back from nowhere.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let public = self.signers.iter().map(|signer| &signer.public);
        let all = self.keys.iter().chain(&self.passphrase_file).chain(public);
        all.map(PathBuf::as_path).collect()
    }

    /// Opens every key, in the order of the command line, key files first.
    ///
    /// # Errors
    ///
    /// Which file is at fault, and how to mend it; never a secret.
    pub fn open(&self) -> Result<Vec<Box<dyn Sign>>, SignerError> {
        let mut all: Vec<Box<dyn Sign>> = Vec::new();
        for path in &self.keys {
            all.push(Box::new(self.open_key(path)?));
        }
        for signer in &self.signers {
            let public = read_public_key(&signer.public)?;
            all.push(Box::new(CommandSigner::new(public, &signer.command)));
        }
        Ok(all)
    }

    fn open_key(&self, path: &Path) -> Result<SigningKey, SignerError> {
        let file = SecretFile::read(path).map_err(|error| SignerError::Secret {
            path: path.into(),
            error,
        })?;
        let at_fault = |error| SignerError::KeyFile {
            path: path.into(),
            error,
        };
        let others = file.others_can_read;
        match KeyFile::read(&file.bytes).map_err(at_fault)? {
            KeyFile::Encrypted(key) => {
                if others {
                    say(&format!(
                        "{}: others than you can read it; `chmod 600` it",
                        shown(path)
                    ));
                }
                let prompt = format!("Passphrase of {}: ", shown(path));
                let passphrase = passphrase(self.passphrase_file.as_deref(), &prompt)?;
                key.open(&passphrase).map_err(at_fault)
            }
            KeyFile::Plain(_) if !self.unencrypted => {
                Err(SignerError::Unencrypted { path: path.into() })
            }
            KeyFile::Plain(_) if others => Err(SignerError::Secret {
                path: path.into(),
                error: SecretFileError::OthersCanRead,
            }),
            KeyFile::Plain(key) => Ok(key),
        }
    }
}

/// The public key in a file: `BEGIN PUBLIC KEY`, as `keygen` and openssl write it.
///
/// # Errors
///
/// Which file is at fault, and how to mend it.
pub fn read_public_key(path: &Path) -> Result<PublicKey, SignerError> {
    let bytes = read_file(path).map_err(|error| SignerError::Unreadable {
        path: path.into(),
        error,
    })?;
    read_public_pem(&bytes).map_err(|error| SignerError::KeyFile {
        path: path.into(),
        error,
    })
}

/// Why somebody who was named cannot sign.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// A file that cannot be read.
    #[error("{}: {error}", shown(path))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: ReadFileError,
    },
    /// A secret file that cannot be read, or must not be used as it lies there.
    #[error("{}: {error}", shown(path))]
    Secret {
        /// Which.
        path: PathBuf,
        /// Why.
        error: SecretFileError,
    },
    /// A file that is no key, or a passphrase that does not open it.
    #[error("{}: {error}", shown(path))]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        error: KeyFileError,
    },
    /// A private key that lies open, and nobody said that this is meant.
    #[error(
        "{}: the key has no passphrase: whoever reads the file signs with it. Give --unencrypted \
         if that is meant, or make another one with `patchproof keygen`",
        shown(path)
    )]
    Unencrypted {
        /// Which.
        path: PathBuf,
    },
    /// No passphrase is to be had.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
}
