//! The files of the repository as git sees them: tracked ones and new ones that are not ignored.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::TidyError;

/// One file of the repository.
pub(crate) struct SourceFile {
    /// Relative to the root of the repository, with forward slashes.
    pub(crate) path: String,
    pub(crate) size_bytes: usize,
    /// Nothing when the bytes are not UTF-8.
    pub(crate) text: Option<String>,
}

impl SourceFile {
    /// The text of a file whose name ends with `.extension`.
    pub(crate) fn text_if(&self, extension: &str) -> Option<&str> {
        let matches = Path::new(&self.path).extension() == Some(OsStr::new(extension));
        self.text.as_deref().filter(|_| matches)
    }
}

/// The root of the clone around the current folder.
///
/// # Errors
///
/// When git is missing or the current folder is not inside a clone.
pub(crate) fn repository() -> Result<PathBuf, TidyError> {
    let root = git(Path::new("."), &["rev-parse", "--show-toplevel"])?;
    Ok(PathBuf::from(root.trim_end_matches(['\r', '\n'])))
}

/// Every file that is tracked or could be added, sorted by path.
///
/// # Errors
///
/// When git fails or a file cannot be read.
pub(crate) fn read(root: &Path) -> Result<Vec<SourceFile>, TidyError> {
    let list = git(
        root,
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
    )?;
    let mut paths: Vec<&str> = list.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
        .into_iter()
        .filter_map(|path| read_one(root, path).transpose())
        .collect()
}

/// Replaces the text of one file.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn write(root: &Path, path: &str, text: &str) -> Result<(), TidyError> {
    let path = root.join(path);
    std::fs::write(&path, text).map_err(|source| TidyError::File { path, source })
}

/// The number, from 1, of the line in which the byte at `offset` stands.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// Nothing for a file deleted from the disk but not from the index, and for a link or submodule.
fn read_one(root: &Path, path: &str) -> Result<Option<SourceFile>, TidyError> {
    let full = root.join(path);
    let read = std::fs::symlink_metadata(&full)
        .and_then(|metadata| metadata.is_file().then(|| std::fs::read(&full)).transpose());
    match read {
        Ok(bytes) => Ok(bytes.map(|bytes| SourceFile {
            path: path.to_owned(),
            size_bytes: bytes.len(),
            text: String::from_utf8(bytes).ok(),
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TidyError::File { path: full, source }),
    }
}

fn git(folder: &Path, args: &[&str]) -> Result<String, TidyError> {
    let failed = |detail: String| TidyError::Git {
        command: args.join(" "),
        detail,
    };
    let mut command = Command::new("git");
    command.current_dir(folder).args(args);
    // A git hook sets these, and then git would look at its repository and not at the folder.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ))
    }
}

#[cfg(test)]
impl SourceFile {
    /// A made file for the tests of the checks.
    pub(crate) fn made(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            size_bytes: text.len(),
            text: Some(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_files_are_read_and_ignored_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet"]).unwrap();
        std::fs::write(folder.path().join(".gitignore"), "ignored\n").unwrap();
        std::fs::write(folder.path().join("ignored"), "").unwrap();
        std::fs::write(folder.path().join("new.rs"), b"\xff").unwrap();
        let files = read(folder.path()).unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".gitignore", "new.rs"]);
        assert_eq!(files[1].text, None, "bytes that are no UTF-8 are no text");
    }

    #[test]
    fn a_folder_that_is_no_clone_is_an_error_that_names_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let error = git(&folder.path().join("absent"), &["ls-files"]).unwrap_err();
        assert!(
            error.to_string().contains("run this inside a clone"),
            "{error}"
        );
    }

    #[test]
    fn lines_are_counted_from_one() {
        assert_eq!(
            [line_at("a\nb", 0), line_at("a\nb", 2), line_at("a\nb", 99)],
            [1, 2, 2]
        );
    }
}
