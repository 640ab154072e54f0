//! A zip archive by other means: another library finds its end, lists it and checks its content.

use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::bufread::DeflateDecoder;
use patchproof_archive::{Release, Shape};
use rawzip::{CompressionMethod, ZipArchive, ZipSliceEntry};
use sha2::{Digest, Sha256};

/// The SHA-256 of every file in an archive, by its name. Folders' own entries are left out.
///
/// # Errors
///
/// What stops the second reader: it is more lenient than the product, but not without limits.
pub fn second_zip(bytes: &[u8]) -> Result<BTreeMap<String, [u8; 32]>, String> {
    let mut files = BTreeMap::new();
    each_file(bytes, |name, content| {
        let hash = sha256(content).map_err(|error| format!("{name}: {error}"))?;
        match files.insert(name.to_owned(), hash) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is there twice")),
        }
    })?;
    Ok(files)
}

/// The content of every file in an archive, by its name: for small ones.
///
/// # Errors
///
/// As with [`second_zip`].
pub fn second_zip_files(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut files = BTreeMap::new();
    each_file(bytes, |name, content| {
        let mut bytes = Vec::new();
        let read = content.read_to_end(&mut bytes);
        read.map_err(|error| format!("{name}: {error}"))?;
        files.insert(name.to_owned(), bytes);
        Ok(())
    })?;
    Ok(files)
}

/// Where the product takes an archive and the second reader sees something else, in words.
///
/// `None` if both see the same files with the same content, if the product refuses the archive, or
/// if it is none.
#[must_use]
pub fn zip_disagreement(bytes: &[u8]) -> Option<String> {
    let ours = Release::from_bytes(NAME, bytes.to_vec()).ok()?;
    match ours.shape() {
        Shape::Library => None,
        Shape::ApkSet => set_disagreement(&ours, bytes),
        _ => {
            let ours = first_zip(&ours)?;
            match second_zip(bytes) {
                Ok(second) => difference(&ours, &second),
                Err(error) => Some(format!("the second reader refuses it: {error}")),
            }
        }
    }
}

/// The same as [`second_zip`], by the product, or `None` if it refuses the content of a file.
fn first_zip(release: &Release) -> Option<BTreeMap<String, [u8; 32]>> {
    let inside = format!("{NAME}!/");
    let file = |part| {
        let part: &patchproof_archive::Part = part;
        let name = part.location.strip_prefix(&inside)?;
        Some((name.to_owned(), release.sha256(part).ok()?))
    };
    release.parts().iter().map(file).collect()
}

/// A set is a merge of APKs, so each APK that was taken is compared on its own.
fn set_disagreement(ours: &Release, bytes: &[u8]) -> Option<String> {
    let inside = format!("{NAME}!/");
    let apk = |part: &patchproof_archive::Part| {
        let (apk, _) = part.location.strip_prefix(&inside)?.split_once("!/")?;
        Some(apk.to_owned())
    };
    let apks: Vec<String> = ours.parts().iter().filter_map(apk).collect();
    let mut found = None;
    let listed = each_file(bytes, |name, content| {
        if apks.iter().any(|apk| apk == name) {
            let mut apk = Vec::new();
            let read = content.read_to_end(&mut apk);
            read.map_err(|error| format!("{name}: {error}"))?;
            found = found.take().or_else(|| zip_disagreement(&apk));
        }
        Ok(())
    });
    found.or(listed.err())
}

fn sha256(content: &mut dyn Read) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        match content.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(buffer.get(..count).unwrap_or_default()),
        }
    }
}

fn difference(
    ours: &BTreeMap<String, [u8; 32]>,
    second: &BTreeMap<String, [u8; 32]>,
) -> Option<String> {
    let only_ours = ours.keys().find(|name| !second.contains_key(*name));
    let only_second = second.keys().find(|name| !ours.contains_key(*name));
    let differs = ours
        .iter()
        .find(|(name, hash)| second.get(*name).is_some_and(|other| other != *hash));
    match (only_ours, only_second, differs) {
        (Some(name), _, _) => Some(format!("{name} is seen by the product alone")),
        (_, Some(name), _) => Some(format!("{name} is seen by the second reader alone")),
        (_, _, Some((name, _))) => Some(format!("{name} differs")),
        (None, None, None) => None,
    }
}

/// Hands name and content of each file to `take`; the content fails where size or checksum do.
fn each_file(
    bytes: &[u8],
    mut take: impl FnMut(&str, &mut dyn Read) -> Result<(), String>,
) -> Result<(), String> {
    let archive = ZipArchive::from_slice(bytes).map_err(|error| error.to_string())?;
    let mut entries = archive.entries();
    let mut count = 0;
    while let Some(entry) = entries.next_entry().map_err(|error| error.to_string())? {
        count += 1;
        if entry.is_dir() {
            continue;
        }
        let path = entry.file_path();
        let name = std::str::from_utf8(path.as_ref()).map_err(|error| error.to_string())?;
        let data = archive.get_entry(entry.wayfinder());
        let data = data.map_err(|error| format!("{name}: {error}"))?;
        let mut content = unpacked(entry.compression_method(), &data, name)?;
        take(name, &mut content)?;
    }
    match archive.entries_hint() {
        declared if declared == count => Ok(()),
        declared => Err(format!("it declares {declared} entries and lists {count}")),
    }
}

fn unpacked<'a>(
    method: CompressionMethod,
    data: &ZipSliceEntry<'a>,
    name: &str,
) -> Result<Box<dyn Read + 'a>, String> {
    match method {
        CompressionMethod::STORE => Ok(Box::new(data.verifying_reader(data.data()))),
        CompressionMethod::DEFLATE => {
            let decoder = DeflateDecoder::new(data.data());
            Ok(Box::new(data.verifying_reader(decoder)))
        }
        other => Err(format!("{name}: method {other:?}")),
    }
}

/// What the product calls the archive here.
const NAME: &str = "it";
const PIECE_BYTES: usize = 64 * 1024;
