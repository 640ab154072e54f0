//! Small packages, archives and a client that hands them out, for this module's own tests.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::manifest::Manifest;

/// A list of one npm package, `pack@1.0.0`, of these files.
pub(super) fn npm(files: &[(&str, &[u8])]) -> Manifest {
    manifest("registry = \"npm\"", "snapshot", files)
}

/// As [`npm`], of executables.
pub(super) fn npm_runtimes(files: &[(&str, &[u8])]) -> Manifest {
    manifest("registry = \"npm\"", "runtime", files)
}

/// A list of one PyPI package, `pack@1.0.0`, of these files.
pub(super) fn pypi(files: &[(&str, &[u8])]) -> Manifest {
    manifest("registry = \"pypi\"\nplatform = \"any\"", "snapshot", files)
}

fn manifest(registry: &str, kind: &str, files: &[(&str, &[u8])]) -> Manifest {
    let mut text = format!(
        "[[package]]\n{registry}\nname = \"pack\"\nversion = \"1.0.0\"\nlicence = \"MIT\"\n"
    );
    for (path, bytes) in files {
        text.push_str(&format!(
            "[[package.artefact]]\npath = \"{path}\"\nsize_bytes = {}\nsha256 = \"{}\"\n\
             kind = \"{kind}\"\npurpose = \"a test\"\n",
            bytes.len(),
            hex::encode(Sha256::digest(bytes)),
        ));
    }
    Manifest::parse(&text).unwrap()
}

/// A gzipped tar of these files.
pub(super) fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        // Not set_path, which would refuse or tidy the names that some tests need.
        let name = path.as_bytes();
        header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name);
        header.set_size(bytes.len().try_into().unwrap());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// A gzipped tar of one symbolic link.
pub(super) fn tar_gz_with_link(path: &str, target: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, path, target).unwrap();
    builder.into_inner().unwrap().finish().unwrap()
}

/// A zip of these files.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer
            .start_file(*path, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A client of a registry for tests: a shell script, and the log of how often it ran.
#[cfg(unix)]
pub(super) struct FakeClient {
    folder: tempfile::TempDir,
}

#[cfg(unix)]
impl FakeClient {
    /// A client that leaves `archive` in its working folder under `file_name`, and chatters.
    pub(super) fn serving(file_name: &str, archive: &[u8]) -> Self {
        Self::running(
            &format!("echo 'npm warn: chatter'; cp \"$HERE/archive\" {file_name}"),
            archive,
        )
    }

    /// A client that runs a script, in which `$HERE` is a folder with `archive` in it.
    pub(super) fn running(script: &str, archive: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        std::fs::write(here.join("archive"), archive).unwrap();
        let script = format!(
            "HERE='{}'\necho run >> \"$HERE/runs\"\n{script}\n",
            here.display()
        );
        std::fs::write(here.join("client.sh"), script).unwrap();
        Self { folder }
    }

    /// How to start it. Through the shell: a file just written may be busy for a direct start.
    pub(super) fn launcher(&self) -> Vec<std::ffi::OsString> {
        vec!["sh".into(), self.folder.path().join("client.sh").into()]
    }

    /// How often it ran.
    pub(super) fn runs(&self) -> usize {
        let log = self.folder.path().join("runs");
        std::fs::read_to_string(log)
            .unwrap_or_default()
            .lines()
            .count()
    }
}
