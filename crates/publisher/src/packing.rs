//! One file for every build: a folder is packed, the same folder always to the same bytes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use patchproof_archive::Release as Build;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{ClientError, PublishError};

/// The one file that a build is uploaded as.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) path: PathBuf,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) size_bytes: u64,
    /// Holds the file until it is uploaded, where it is ours.
    _folder: Option<TempDir>,
}

impl Packed {
    /// Of a build that was opened at `path`.
    pub(crate) fn of(path: &Path, build: &Build) -> Result<Self, PublishError> {
        if !path.is_dir() {
            return Self::hashed(path.to_owned(), None);
        }
        let archives = archives(build);
        if let [only] = archives.as_slice() {
            return Self::hashed(PathBuf::from(only), None);
        }
        let folder = tempfile::tempdir().map_err(|error| at(path, error))?;
        let stem = path
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let to = folder.path().join(format!(
            "{}.zip",
            stem.unwrap_or_else(|| "build".to_owned())
        ));
        if archives.is_empty() {
            pack_parts(build, &to)?;
        } else {
            pack_files(&archives, &to)?;
        }
        Self::hashed(to, Some(folder))
    }

    fn hashed(path: PathBuf, folder: Option<TempDir>) -> Result<Self, PublishError> {
        let mut file = File::open(&path).map_err(|error| at(&path, error))?;
        let mut hash = Hashed(Sha256::new());
        let size_bytes = io::copy(&mut file, &mut hash).map_err(|error| at(&path, error))?;
        let file_name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Self {
            file_name: file_name.unwrap_or_else(|| "build".to_owned()),
            path,
            sha256: hex::encode(hash.0.finalize()),
            size_bytes,
            _folder: folder,
        })
    }
}

/// The archives on the disk that the parts of a folder lie in.
fn archives(build: &Build) -> Vec<String> {
    let inside = build.parts().iter().map(|part| {
        let outer = part.location.split_once("!/");
        outer.map(|(archive, _)| archive.to_owned())
    });
    let all: Option<BTreeSet<String>> = inside.collect();
    all.unwrap_or_default().into_iter().collect()
}

fn pack_parts(build: &Build, to: &Path) -> Result<(), PublishError> {
    let mut zip = writer(to)?;
    for part in build.parts() {
        let options = options(CompressionMethod::Deflated);
        zip.start_file(part.path.as_str(), options)
            .map_err(|error| at(to, error.into()))?;
        let mut written = Ok(());
        build.stream(part, &mut |piece| {
            if written.is_ok() {
                written = zip.write_all(piece);
            }
        })?;
        written.map_err(|error| at(to, error))?;
    }
    finish(zip, to)
}

fn pack_files(files: &[String], to: &Path) -> Result<(), PublishError> {
    let mut zip = writer(to)?;
    for path in files.iter().map(Path::new) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        zip.start_file(name, options(CompressionMethod::Stored))
            .map_err(|error| at(to, error.into()))?;
        let mut file = File::open(path).map_err(|error| at(path, error))?;
        io::copy(&mut file, &mut zip).map_err(|error| at(path, error))?;
    }
    finish(zip, to)
}

fn writer(to: &Path) -> Result<ZipWriter<File>, PublishError> {
    Ok(ZipWriter::new(
        File::create(to).map_err(|error| at(to, error))?,
    ))
}

fn finish(zip: ZipWriter<File>, to: &Path) -> Result<(), PublishError> {
    zip.finish().map(drop).map_err(|error| at(to, error.into()))
}

/// The time in it is always the same one: an interrupted release is gone on with by its hash.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

fn at(path: &Path, error: io::Error) -> PublishError {
    ClientError::File {
        path: path.display().to_string(),
        error,
    }
    .into()
}

struct Hashed(Sha256);

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(folder: &Path) -> (String, Vec<String>) {
        let build = Build::open(folder).unwrap();
        let packed = Packed::of(folder, &build).unwrap();
        let again = Build::open(&packed.path).unwrap();
        let paths = again.parts().iter().map(|part| part.path.clone());
        (packed.sha256, paths.collect())
    }

    #[test]
    fn a_folder_is_packed_to_the_same_bytes_each_time_and_has_the_same_parts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("lib")).unwrap();
        std::fs::write(folder.path().join("lib/libapp.so"), b"\x7fELF code").unwrap();
        std::fs::write(folder.path().join("app"), b"program").unwrap();
        let first = packed(folder.path());
        assert_eq!(first, packed(folder.path()));
        assert_eq!(first.1, ["app", "lib/libapp.so"]);
    }
}
