//! Reading and writing whole files, with a bound and with errors that say what to do.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadFileError {
    /// The system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Larger than any library.
    #[error("it is larger than {limit_bytes} bytes, which no library is")]
    TooLarge {
        /// How much is read at most.
        limit_bytes: u64,
    },
    /// A folder.
    #[error("it is a folder; name the library inside it")]
    Folder,
    /// A device, which may never end.
    #[error("it is a device, not a file")]
    Device,
}

/// Reads a whole file of at most 1 GiB.
///
/// # Errors
/// [`ReadFileError`], a fragment that reads on after the file's name.
pub fn read_file(path: &Path) -> Result<Vec<u8>, ReadFileError> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ReadFileError::Folder);
    }
    if is_device(&metadata) {
        return Err(ReadFileError::Device);
    }
    let too_large = ReadFileError::TooLarge {
        limit_bytes: FILE_BYTES_MAX,
    };
    if metadata.len() > FILE_BYTES_MAX {
        return Err(too_large);
    }
    // The length is right for a file and a hint for a pipe; one byte more tells that there is more.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES_MAX) {
        return Err(too_large);
    }
    Ok(bytes)
}

#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_char_device() || metadata.file_type().is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

/// Writes a whole file: under another name beside it, synced, then renamed, so that nobody finds
/// half of it. A link is followed; a pipe or a device is written to as it is.
///
/// # Errors
/// What the system says, or [`io::ErrorKind::InvalidInput`] where the output is one of `inputs`;
/// the old file, if there was one, is untouched then.
pub fn write_file(path: &Path, bytes: &[u8], inputs: &[&Path]) -> io::Result<()> {
    let followed = fs::canonicalize(path);
    let path = followed.as_deref().unwrap_or(path);
    if inputs
        .iter()
        .any(|input| fs::canonicalize(input).is_ok_and(|input| input == path))
    {
        let why = "it is one of the inputs, which would be lost; name another file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    match fs::metadata(path) {
        Ok(known) if known.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(known) if !known.is_file() => {
            OpenOptions::new().write(true).open(path)?.write_all(bytes)
        }
        _ => replace(path, bytes),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let temporary = tempfile::Builder::new()
        .permissions_like_a_new_file()
        .tempfile_in(folder);
    // Its errors name the temporary file, which is nobody's business.
    let mut file = temporary.map_err(|error| io::Error::from(error.kind()))?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is for its owner alone; what we publish has the mode that any new file gets.
trait PermissionsLikeANewFile {
    fn permissions_like_a_new_file(&mut self) -> &mut Self;
}

impl PermissionsLikeANewFile for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like_a_new_file(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask is applied to it on creation.
        self.permissions(std::fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_like_a_new_file(&mut self) -> &mut Self {
        self
    }
}

/// Far above any library; an input is read whole.
const FILE_BYTES_MAX: u64 = 1 << 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        write_file(&path, b"old", &[]).unwrap();
        write_file(&path, b"new", &[]).unwrap();
        assert_eq!(read_file(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_output_that_is_an_input_is_refused_and_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in");
        write_file(&input, b"precious", &[]).unwrap();
        let same = folder.path().join(".").join("in");
        let refused = write_file(&same, b"other", &[&input]).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(read_file(&input).unwrap(), b"precious");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        write_file(&file, b"old", &[]).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, b"new", &[]).unwrap();
        assert_eq!(read_file(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_neither_read_nor_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(write_file(&path, b"new", &[]).is_err());
        assert!(read_file(&path).is_err());
        assert!(!fs::symlink_metadata(&path).unwrap().is_file());
    }

    #[test]
    fn a_folder_is_refused_with_a_hint() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            read_file(folder.path()),
            Err(ReadFileError::Folder)
        ));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(FILE_BYTES_MAX + 1).unwrap(); // sparse: takes no room
        let refused = read_file(file.path());
        assert!(
            matches!(refused, Err(ReadFileError::TooLarge { .. })),
            "{refused:?}"
        );
    }
}
