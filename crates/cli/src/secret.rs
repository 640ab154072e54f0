//! Secrets on their way in: key files and passphrases. They are wiped behind whoever used them, and
//! stand in no argument, no log and no error.

use std::fs::{File, Metadata};
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::output::shown;

/// A file that only its owner should be able to read.
pub(crate) struct SecretFile {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Whether its mode lets a group or everyone read it. Systems without modes say no.
    pub(crate) others_can_read: bool,
}

impl SecretFile {
    /// Reads it: at most 16 KiB, which no key and no passphrase needs.
    pub(crate) fn read(path: &Path) -> Result<Self, SecretFileError> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(SecretFileError::Folder);
        }
        // All of the room at once: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES + 2));
        let limit = u64::try_from(SECRET_BYTES).unwrap_or(u64::MAX);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() > SECRET_BYTES {
            return Err(SecretFileError::TooLarge);
        }
        Ok(Self {
            bytes,
            others_can_read: others_can_read(&metadata),
        })
    }
}

/// Why a secret file is not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretFileError {
    /// The system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A folder.
    #[error("it is a folder; name the file inside it")]
    Folder,
    /// Larger than any key or passphrase.
    #[error("it is larger than {SECRET_BYTES} bytes, which no key and no passphrase is")]
    TooLarge,
    /// Its mode lets others read it.
    #[error("others than you can read it: `chmod 600` it, and take another secret if they might")]
    OthersCanRead,
}

/// The passphrase: of the file, else of the environment, else of whoever sits at the terminal.
pub(crate) fn passphrase(
    file: Option<&Path>,
    prompt: &str,
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    if let Some(known) = of_file_or_environment(file)? {
        return Ok(known);
    }
    not_empty(asked(prompt)?)
}

/// A new passphrase: as [`passphrase`], asked twice, and of a length that is worth the name.
pub(crate) fn new_passphrase(file: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    let passphrase = match of_file_or_environment(file)? {
        Some(known) => known,
        None => {
            let first = asked("New passphrase: ")?;
            if first != asked("Once more: ")? {
                return Err(PassphraseError::NotTheSame);
            }
            first
        }
    };
    if passphrase.len() < NEW_PASSPHRASE_BYTES_MIN {
        return Err(PassphraseError::TooShort);
    }
    Ok(passphrase)
}

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// The file that was named.
    #[error("{name}: {error}")]
    File {
        /// Which.
        name: String,
        /// Why.
        error: SecretFileError,
    },
    /// Nothing was named, and nobody can be asked.
    #[error(
        "a passphrase is needed and there is no terminal to ask at: give --passphrase-file, or \
         set {PASSPHRASE_VARIABLE}"
    )]
    NoTerminal,
    /// The terminal failed.
    #[error("the passphrase could not be read from the terminal: {0}")]
    Terminal(io::Error),
    /// Nothing stands where the passphrase should.
    #[error("the passphrase is empty: its first line is what counts")]
    Empty,
    /// Longer than openssl reads.
    #[error("the passphrase has more than {PASSPHRASE_BYTES_MAX} bytes")]
    TooLong,
    /// Typed twice, and not the same.
    #[error("the two passphrases are not the same; nothing was made")]
    NotTheSame,
    /// A new one that anyone guesses.
    #[error(
        "the passphrase is shorter than {NEW_PASSPHRASE_BYTES_MIN} bytes: whoever copies the file \
         would guess it"
    )]
    TooShort,
}

fn of_file_or_environment(
    file: Option<&Path>,
) -> Result<Option<Zeroizing<Vec<u8>>>, PassphraseError> {
    if let Some(path) = file {
        return of_file(path).map(Some);
    }
    let Some(value) = std::env::var_os(PASSPHRASE_VARIABLE) else {
        return Ok(None);
    };
    not_empty(Zeroizing::new(value.into_encoded_bytes())).map(Some)
}

/// The first line, as openssl's `file:` takes it.
fn of_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    let at_fault = |error| PassphraseError::File {
        name: shown(path),
        error,
    };
    let file = SecretFile::read(path).map_err(at_fault)?;
    if file.others_can_read {
        return Err(at_fault(SecretFileError::OthersCanRead));
    }
    let mut lines = file.bytes.split(|byte| *byte == b'\n');
    let line = lines.next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    not_empty(Zeroizing::new(line.to_vec()))
}

fn asked(prompt: &str) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    if !io::stdin().is_terminal() {
        return Err(PassphraseError::NoTerminal);
    }
    let typed = rpassword::prompt_password(prompt).map_err(PassphraseError::Terminal)?;
    Ok(Zeroizing::new(typed.into_bytes()))
}

fn not_empty(passphrase: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    match passphrase.len() {
        0 => Err(PassphraseError::Empty),
        bytes if bytes > PASSPHRASE_BYTES_MAX => Err(PassphraseError::TooLong),
        _ => Ok(passphrase),
    }
}

#[cfg(unix)]
fn others_can_read(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &Metadata) -> bool {
    false
}

/// The variable that holds a passphrase where no file does. External signers do not inherit it.
pub(crate) const PASSPHRASE_VARIABLE: &str = "PATCHPROOF_PASSPHRASE";
const NEW_PASSPHRASE_BYTES_MIN: usize = 8;
/// Below what openssl reads of a passphrase file.
const PASSPHRASE_BYTES_MAX: usize = 1000;
const SECRET_BYTES: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    /// A file for its owner alone, as `tempfile` makes them.
    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    fn of(content: &[u8]) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
        passphrase(Some(file(content).path()), "")
    }

    #[test]
    fn the_first_line_is_the_passphrase_with_its_blanks() {
        for content in ["two words ", "two words \n", "two words \r\nmore\n"] {
            assert_eq!(of(content.as_bytes()).unwrap().as_slice(), b"two words ");
        }
    }

    #[test]
    fn an_empty_first_line_and_one_without_end_are_no_passphrase() {
        assert!(matches!(of(b"\nmore"), Err(PassphraseError::Empty)));
        assert!(matches!(of(&[b'a'; 1001]), Err(PassphraseError::TooLong)));
        assert!(of(&vec![b'a'; 20_000]).is_err());
    }

    #[test]
    fn a_new_passphrase_is_not_short() {
        let refused = new_passphrase(Some(file(b"seven77").path()));
        assert!(matches!(refused, Err(PassphraseError::TooShort)));
    }

    #[cfg(unix)]
    #[test]
    fn a_passphrase_file_that_a_group_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = file(b"a passphrase");
        for mode in [0o640, 0o604, 0o660] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(file.path(), mode).unwrap();
            let refused = passphrase(Some(file.path()), "");
            assert!(
                matches!(&refused, Err(PassphraseError::File { error, .. })
                    if matches!(error, SecretFileError::OthersCanRead)),
                "{:?}",
                refused.err()
            );
        }
    }

    #[test]
    fn no_error_holds_a_secret() {
        let error = of(&[b'q'; 1001]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("qqqq"));
    }
}
