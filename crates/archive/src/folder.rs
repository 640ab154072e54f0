//! The files of a folder: bounded in number and depth, and nothing from outside of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::OpenError;
use crate::fault_files::{FolderFault, NameFault};
use crate::zip::check_name;

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FolderFile {
    /// Its path inside the folder, `/` between components.
    pub(crate) path: String,
    /// Its path for the system.
    pub(crate) on_disk: PathBuf,
    pub(crate) size_bytes: u64,
}

/// Every file below `folder`, called `name` in messages, sorted by path.
///
/// A link whose target lies in the folder is left out: the target is listed where it is.
pub(crate) fn files(folder: &Path, name: &str) -> Result<Vec<FolderFile>, OpenError> {
    let root = fs::canonicalize(folder).map_err(|error| io(name, &error))?;
    let mut walk = Walk {
        name,
        root: &root,
        files: Vec::new(),
        seen: 0,
        folders: vec![(root.clone(), String::new(), 0)],
    };
    while let Some((folder, above, depth)) = walk.folders.pop() {
        walk.folder(&folder, &above, depth)?;
    }
    let mut files = walk.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

struct Walk<'a> {
    name: &'a str,
    root: &'a Path,
    files: Vec<FolderFile>,
    seen: u64,
    folders: Vec<(PathBuf, String, u64)>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, above: &str, depth: u64) -> Result<(), OpenError> {
        let shown = |path: &str| format!("{}/{path}", self.name);
        let listed = fs::read_dir(folder).map_err(|error| io(&shown(above), &error))?;
        for entry in listed {
            let entry = entry.map_err(|error| io(&format!("{}/{above}", self.name), &error))?;
            self.entry(&entry, above, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &fs::DirEntry, above: &str, depth: u64) -> Result<(), OpenError> {
        self.seen += 1;
        if self.seen > FILES_MAX {
            return Err(self.fault(FolderFault::TooManyFiles { limit: FILES_MAX }));
        }
        let path = self.path(entry, above)?;
        let failed = |error: &std::io::Error| io(&format!("{}/{path}", self.name), error);
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        if kind.is_dir() {
            let limit = DEPTH_MAX;
            if depth >= limit {
                return Err(self.fault(FolderFault::TooDeep { limit }));
            }
            self.folders
                .push((entry.path(), format!("{path}/"), depth + 1));
        } else if kind.is_symlink() {
            self.link(entry, path)?;
        } else if kind.is_file() {
            let size_bytes = entry.metadata().map_err(|error| failed(&error))?.len();
            let on_disk = entry.path();
            self.files.push(FolderFile {
                path,
                on_disk,
                size_bytes,
            });
        } else {
            return Err(self.fault(FolderFault::SpecialFile { path }));
        }
        Ok(())
    }

    fn path(&self, entry: &fs::DirEntry, above: &str) -> Result<String, OpenError> {
        let name = entry.file_name();
        let checked = name.to_str().ok_or(NameFault::NotUtf8);
        let checked = checked.and_then(|name| check_name(name.as_bytes()));
        match checked {
            Ok(name) => Ok(format!("{above}{name}")),
            Err(why) => {
                let name = name.as_encoded_bytes().escape_ascii();
                let path = format!("{above}{name}");
                Err(self.fault(FolderFault::Name { path, why }))
            }
        }
    }

    fn link(&self, entry: &fs::DirEntry, path: String) -> Result<(), OpenError> {
        match fs::canonicalize(entry.path()) {
            Ok(target) if target.starts_with(self.root) => Ok(()),
            _ => Err(self.fault(FolderFault::LinkLeaves { path })),
        }
    }

    fn fault(&self, why: FolderFault) -> OpenError {
        let path = self.name.to_owned();
        OpenError::Folder { path, why }
    }
}

pub(crate) fn io(path: &str, error: &std::io::Error) -> OpenError {
    OpenError::Io {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// As many as an archive may have.
const FILES_MAX: u64 = 200_000;
/// Deeper than any app is known to be.
const DEPTH_MAX: u64 = 64;

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/c"), "12345").unwrap();
        folder
    }

    fn listed(folder: &tempfile::TempDir) -> Result<Vec<(String, u64)>, OpenError> {
        let files = files(folder.path(), "it")?;
        Ok(files
            .into_iter()
            .map(|file| (file.path, file.size_bytes))
            .collect())
    }

    #[test]
    fn files_are_listed_by_their_path_inside() {
        assert_eq!(listed(&folder()), Ok(vec![("a/b/c".to_owned(), 5)]));
    }

    #[test]
    fn a_link_inside_lists_no_file_twice() {
        let folder = folder();
        symlink("a", folder.path().join("current")).unwrap();
        symlink("a/b/c", folder.path().join("d")).unwrap();
        assert_eq!(listed(&folder).unwrap().len(), 1);
    }

    #[test]
    fn a_link_to_the_outside_is_refused() {
        let (inside, outside) = (folder(), folder());
        symlink(outside.path().join("a/b/c"), inside.path().join("d")).unwrap();
        let expected = FolderFault::LinkLeaves {
            path: "d".to_owned(),
        };
        let Err(OpenError::Folder { why, .. }) = listed(&inside) else {
            panic!("it was listed");
        };
        assert_eq!(why, expected);
    }

    #[test]
    fn a_link_to_nothing_is_refused() {
        let folder = folder();
        symlink("nowhere", folder.path().join("d")).unwrap();
        assert!(matches!(listed(&folder), Err(OpenError::Folder { .. })));
    }

    #[test]
    fn a_socket_is_refused() {
        let folder = folder();
        let _held = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        let expected = FolderFault::SpecialFile {
            path: "s".to_owned(),
        };
        let Err(OpenError::Folder { why, .. }) = listed(&folder) else {
            panic!("it was listed");
        };
        assert_eq!(why, expected);
    }

    #[test]
    fn a_folder_too_deep_is_refused() {
        let folder = folder();
        let deep = vec!["d"; 66].join("/");
        fs::create_dir_all(folder.path().join(deep)).unwrap();
        let expected = FolderFault::TooDeep { limit: DEPTH_MAX };
        let Err(OpenError::Folder { why, .. }) = listed(&folder) else {
            panic!("it was listed");
        };
        assert_eq!(why, expected);
    }
}
