//! The channel keys: read once, when the server starts.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use patchproof_trust::{KeyFile, KeyFileError, SigningKey};
use zeroize::Zeroizing;

use crate::settings::Settings;

/// Reads every channel key that the settings name.
///
/// # Errors
///
/// Which file is at fault, and how to mend it; never a secret.
pub(super) fn read(settings: &Settings) -> Result<Vec<SigningKey>, KeyError> {
    let mut passphrase = None;
    let mut keys = Vec::new();
    for path in &settings.channel_keys {
        let (bytes, others_can_read) = secret(path)?;
        let at_fault = |error| KeyError::KeyFile {
            path: path.clone(),
            error,
        };
        let key = match KeyFile::read(&bytes).map_err(at_fault)? {
            KeyFile::Encrypted(key) => {
                let passphrase = match &passphrase {
                    Some(known) => known,
                    None => passphrase.insert(passphrase_of(settings, path)?),
                };
                key.open(passphrase).map_err(at_fault)?
            }
            KeyFile::Plain(_) if !settings.unencrypted => {
                return Err(KeyError::Unencrypted { path: path.clone() });
            }
            KeyFile::Plain(_) if others_can_read => {
                return Err(KeyError::OthersCanRead { path: path.clone() });
            }
            KeyFile::Plain(key) => key,
        };
        keys.push(key);
    }
    Ok(keys)
}

/// Why a channel key is not used; whoever starts the server is at fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A file that cannot be read.
    #[error("--channel-key or --passphrase-file {}: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file that is no key, or a passphrase that does not open it.
    #[error("--channel-key {}: {error}", path.display())]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        error: KeyFileError,
    },
    /// A key that lies open, and nobody said that this is meant.
    #[error(
        "--channel-key {}: the key has no passphrase; give --unencrypted if that is meant",
        path.display()
    )]
    Unencrypted {
        /// Which.
        path: PathBuf,
    },
    /// A secret that others can read.
    #[error(
        "{}: others than its owner can read it: `chmod 600` it, and make another one if they might \
         have",
        path.display()
    )]
    OthersCanRead {
        /// Which.
        path: PathBuf,
    },
    /// No passphrase was given.
    #[error(
        "--channel-key {}: a passphrase is needed: give --passphrase-file, or set \
         {PASSPHRASE_VARIABLE}",
        path.display()
    )]
    NoPassphrase {
        /// For which key.
        path: PathBuf,
    },
}

fn passphrase_of(settings: &Settings, key: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let found = match &settings.passphrase_file {
        Some(path) => first_line(path)?,
        None => {
            let variable = std::env::var_os(PASSPHRASE_VARIABLE).unwrap_or_default();
            Zeroizing::new(variable.into_encoded_bytes())
        }
    };
    match found.is_empty() {
        true => Err(KeyError::NoPassphrase {
            path: key.to_path_buf(),
        }),
        false => Ok(found),
    }
}

/// As openssl's `file:` takes it.
fn first_line(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (bytes, others_can_read) = secret(path)?;
    if others_can_read {
        return Err(KeyError::OthersCanRead {
            path: path.to_path_buf(),
        });
    }
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Zeroizing::new(line.to_vec()))
}

/// A small file, and whether others than its owner can read it.
fn secret(path: &Path) -> Result<(Zeroizing<Vec<u8>>, bool), KeyError> {
    let read = || {
        let file = File::open(path)?;
        let others_can_read = others_can_read(&file.metadata()?);
        // All of the room at once: a buffer that grows leaves copies behind. What is cut off at the
        // end is no key.
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES_MAX + 32));
        let limit = u64::try_from(SECRET_BYTES_MAX).unwrap_or(u64::MAX);
        file.take(limit).read_to_end(&mut bytes)?;
        Ok((bytes, others_can_read))
    };
    read().map_err(|error| KeyError::Unreadable {
        path: path.to_path_buf(),
        error,
    })
}

#[cfg(unix)]
fn others_can_read(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &std::fs::Metadata) -> bool {
    false
}

const PASSPHRASE_VARIABLE: &str = "PATCHPROOF_PASSPHRASE";
const SECRET_BYTES_MAX: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use patchproof_trust::{KeyFileRandomness, Sign as _, write_encrypted_pem, write_plain_pem};

    use super::*;
    use crate::signing::testing::for_its_owner_alone;

    fn settings(folder: &Path, key: &[u8], passphrase: &str) -> Settings {
        let mut settings = Settings::local(folder.to_path_buf());
        for (name, bytes) in [("key", key), ("passphrase", passphrase.as_bytes())] {
            std::fs::write(folder.join(name), bytes).unwrap();
            for_its_owner_alone(&folder.join(name));
        }
        settings.channel_keys = vec![folder.join("key")];
        settings.passphrase_file = Some(folder.join("passphrase"));
        settings
    }

    fn key() -> SigningKey {
        SigningKey::from_seed(&Zeroizing::new([7; 32]))
    }

    fn encrypted() -> Vec<u8> {
        let randomness = KeyFileRandomness {
            salt: [1; 16],
            iv: [2; 16],
        };
        let pem = write_encrypted_pem(&key(), b"a passphrase", &randomness).unwrap();
        pem.as_bytes().to_vec()
    }

    #[test]
    fn a_key_opens_by_the_first_line_of_the_passphrase_file() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path(), &encrypted(), "a passphrase\r\nmore");
        let found = read(&settings).unwrap();
        assert_eq!(found[0].public_key(), key().public_key());
    }

    #[test]
    fn a_wrong_passphrase_and_none_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = settings(folder.path(), &encrypted(), "another");
        assert!(matches!(read(&wrong), Err(KeyError::KeyFile { .. })));
        let none = settings(folder.path(), &encrypted(), "\n");
        assert!(matches!(read(&none), Err(KeyError::NoPassphrase { .. })));
    }

    #[test]
    fn an_open_key_is_taken_only_where_that_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let pem = write_plain_pem(&key()).unwrap();
        let mut settings = settings(folder.path(), pem.as_bytes(), "");
        assert!(matches!(read(&settings), Err(KeyError::Unencrypted { .. })));
        settings.unencrypted = true;
        assert_eq!(read(&settings).unwrap().len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn an_open_key_that_a_group_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let pem = write_plain_pem(&key()).unwrap();
        let mut settings = settings(folder.path(), pem.as_bytes(), "");
        settings.unencrypted = true;
        let mode = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(folder.path().join("key"), mode).unwrap();
        assert!(matches!(
            read(&settings),
            Err(KeyError::OthersCanRead { .. })
        ));
    }
}
