//! Several APKs of one app: out of a set or a folder, opened one by one and put together.

use std::fs::File;
use std::io::{self, Write};

use crate::choose;
use crate::error::{OpenError, PartError};
use crate::folder::{FolderFile, io};
use crate::layout::{Layout, Roles, Shape};
use crate::merge::{self, OneApk};
use crate::part::{Content, PART_BYTES_MAX, Part};
use crate::stream;
use crate::window::Window;
use crate::zip::{self, ZipFile};

/// The parts of the one app in a set of APKs; `apks` are their names in it.
///
/// # Errors
///
/// [`OpenError::ManyBuilds`] if there are several apps, and what each APK is refused for.
pub(crate) fn in_set(name: &str, files: &[ZipFile], apks: &[&str]) -> Result<Vec<Part>, OpenError> {
    let many = || OpenError::ManyBuilds {
        path: name.to_owned(),
        builds: apks.iter().map(|apk| (*apk).to_owned()).collect(),
    };
    let chosen = choose::of_set(apks).ok_or_else(many)?;
    let mut opened = Opened::new(name, chosen.len())?;
    for label in chosen {
        let Some(file) = files.iter().find(|file| file.name == label) else {
            continue;
        };
        let file = file.clone().part(name, &LAYOUT);
        opened.add(&nested(&file)?, label, &file.location)?;
    }
    merge::all(opened.apks)
}

/// The parts of the app that the APKs of a folder make up.
///
/// # Errors
///
/// What an APK is refused for, or two of them together.
pub(crate) fn in_folder(name: &str, files: &[&FolderFile]) -> Result<Vec<Part>, OpenError> {
    let mut opened = Opened::new(name, files.len())?;
    for file in files {
        let location = format!("{name}/{}", file.path);
        let window = File::open(&file.on_disk).and_then(Window::of_file);
        let window = window.map_err(|error| io(&location, &error))?;
        opened.add(&window, &file.path, &location)?;
    }
    merge::all(opened.apks)
}

/// The APKs so far, bounded in number and in files.
struct Opened<'a> {
    name: &'a str,
    apks: Vec<OneApk>,
    files: usize,
    /// All of them unpacked: as much as of one archive. A file that is in two APKs is hashed.
    size_bytes: u64,
}

impl<'a> Opened<'a> {
    fn new(name: &'a str, apks: usize) -> Result<Self, OpenError> {
        let opened = Opened {
            name,
            apks: Vec::new(),
            files: 0,
            size_bytes: 0,
        };
        match apks {
            0..=APKS_MAX => Ok(opened),
            _ => Err(opened.too_many("APKs", APKS_MAX)),
        }
    }

    fn add(&mut self, window: &Window, label: &str, location: &str) -> Result<(), OpenError> {
        let files = zip::files(window, location)?;
        self.files = self.files.saturating_add(files.len());
        if self.files > FILES_MAX {
            return Err(self.too_many("files", FILES_MAX));
        }
        let part = |file: ZipFile| file.part(location, &LAYOUT);
        let parts: Vec<Part> = files.into_iter().map(part).collect();
        self.count_bytes(parts.iter().map(|part| part.size_bytes))?;
        self.apks.push(OneApk {
            label: label.to_owned(),
            parts,
        });
        Ok(())
    }

    fn count_bytes(&mut self, sizes: impl Iterator<Item = u64>) -> Result<(), OpenError> {
        self.size_bytes = sizes.fold(self.size_bytes, u64::saturating_add);
        if self.size_bytes > zip::TOTAL_BYTES_MAX {
            let limit_gib = usize::try_from(zip::TOTAL_BYTES_MAX >> 30).unwrap_or(usize::MAX);
            return Err(self.too_many("GiB when unpacked", limit_gib));
        }
        Ok(())
    }

    fn too_many(&self, what: &'static str, limit: usize) -> OpenError {
        let path = self.name.to_owned();
        OpenError::TooMany { path, what, limit }
    }
}

/// An archive in an archive: read where it lies, once its checksum is seen to hold, or unpacked to
/// a file that has no name and is no larger than a part that is read whole.
fn nested(file: &Part) -> Result<Window, OpenError> {
    if let Content::Stored(window) = &file.content {
        stream::stream(file, &mut |_| {})?;
        return Ok(window.clone());
    }
    let location = || file.location.clone();
    let (found, limit) = (file.size_bytes, PART_BYTES_MAX);
    if found > limit {
        let location = location();
        return Err(PartError::TooLarge {
            location,
            found,
            limit,
        }
        .into());
    }
    let failed = |error: io::Error| PartError::Io {
        location: location(),
        reason: error.to_string(),
    };
    let mut spool = tempfile::tempfile().map_err(failed)?;
    let mut written = Ok(());
    stream::stream(file, &mut |piece| {
        if written.is_ok() {
            written = spool.write_all(piece);
        }
    })?;
    written.map_err(failed)?;
    Ok(Window::of_file(spool).map_err(failed)?)
}

/// Of every APK, and of what holds them.
const LAYOUT: Layout = Layout {
    shape: Shape::Apk,
    roles: Roles::Apk,
    above: String::new(),
};
/// More APKs than one app has.
pub(crate) const APKS_MAX: usize = 1000;
/// As many files as one archive may have.
const FILES_MAX: usize = 200_000;

#[cfg(test)]
mod tests {
    use ::zip::write::SimpleFileOptions;
    use ::zip::{CompressionMethod, ZipWriter};

    use super::*;
    use crate::fault::DataFault;
    use crate::release::Release;

    #[test]
    fn apks_of_a_set_are_bounded_together() {
        let mut opened = Opened::new("app.apks", 3).unwrap();
        assert!(opened.count_bytes([8 << 30, 7 << 30].into_iter()).is_ok());
        assert!(opened.count_bytes([1 << 30].into_iter()).is_ok());
        let refused = opened.count_bytes([1].into_iter());
        assert!(matches!(refused, Err(OpenError::TooMany { limit: 16, .. })));
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let stored = CompressionMethod::Stored;
        let options = SimpleFileOptions::default().compression_method(stored);
        let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Each APK alone is right, and the set says that one of them is another.
    #[test]
    fn an_apk_that_is_not_the_one_that_the_set_declares_is_refused() {
        let apk = archive(&[("AndroidManifest.xml", b"")]);
        let mut set = archive(&[("toc.pb", b""), ("universal.apk", &apk)]);
        Release::from_bytes("x.apks", set.clone()).unwrap();
        let inner = memchr::memmem::find(&set, &apk).unwrap();
        let hour = 10 + 1;
        let at_end = apk.len() - 22 - "AndroidManifest.xml".len() - 46;
        set[inner + hour] ^= 8;
        set[inner + at_end + hour + 2] ^= 8;
        let refused = Release::from_bytes("x.apks", set).unwrap_err();
        let is_told = matches!(
            refused,
            OpenError::Part(PartError::Damaged {
                why: DataFault::Crc { .. },
                ..
            })
        );
        assert!(is_told, "{refused:?}");
    }
}
