//! What a generation's files are: names, sizes and hashes, in a text that has one form.

use crate::StoragePath;

/// The files of one generation, by name in ascending order: at least one, at most
/// [`Manifest::FILES_MAX`], no name twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    files: Vec<ManifestFile>,
}

/// One file of a generation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever stages files makes them")]
pub struct ManifestFile {
    /// Its name in the generation's folder: one name of a [`StoragePath`], and not `manifest`.
    pub name: String,
    /// Its length.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// Why something is no manifest.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// Too long to be one.
    #[error("the manifest has {size_bytes} bytes; none has more than {TEXT_BYTES_MAX}")]
    TooLong {
        /// What it has.
        size_bytes: u64,
    },
    /// No files, or more than a generation may have.
    #[error("the manifest names {found} files or more; a generation has 1 to {FILES_MAX}")]
    Count {
        /// How many there are at the least.
        found: usize,
    },
    /// It does not start as a manifest does.
    #[error("the manifest does not start with the line \"patchproof generation 1\"")]
    Head,
    /// A line that is not in the one form that there is.
    #[error("line {line} of the manifest is not in its form: SHA-256, size, name")]
    Line {
        /// Counted from 1, the head included.
        line: usize,
    },
    /// It does not end with a line end.
    #[error("the manifest does not end with its last line's end")]
    Unended,
    /// No name for a file of a generation.
    #[error(
        "{name:?} cannot name a generation's file: one name of a-z, 0-9, '.', '-' and '_', not \
         starting with '.', of at most 80 bytes, and not \"manifest\""
    )]
    Name {
        /// As it was given.
        name: String,
    },
    /// The names do not ascend, or one is there twice.
    #[error("the manifest names {name:?} twice, or not in its place")]
    Order {
        /// The one in the wrong place.
        name: String,
    },
}

impl Manifest {
    /// The most files that a generation may have.
    pub const FILES_MAX: usize = FILES_MAX;
    /// What its file is called in the generation's folder.
    pub const NAME: &'static str = "manifest";
    /// The most that its text may have.
    pub const TEXT_BYTES_MAX: usize = TEXT_BYTES_MAX;

    /// Of files in any order.
    ///
    /// # Errors
    /// When there are none or too many, one has no proper name, or two have the same.
    pub fn new(mut files: Vec<ManifestFile>) -> Result<Self, ManifestError> {
        files.sort();
        Self::of_sorted(files)
    }

    /// Of a manifest's text, which has one form: what this takes, [`Manifest::text`] gives back.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() > TEXT_BYTES_MAX {
            let size_bytes = crate::whole::wide(bytes.len());
            return Err(ManifestError::TooLong { size_bytes });
        }
        let lines = bytes.strip_prefix(HEAD).ok_or(ManifestError::Head)?;
        let lines = match lines.strip_suffix(b"\n") {
            Some(lines) => lines.split(|byte| *byte == b'\n'),
            None if lines.is_empty() => return Err(ManifestError::Count { found: 0 }),
            None => return Err(ManifestError::Unended),
        };
        let files = lines
            .take(FILES_MAX + 1)
            .enumerate()
            .map(|(index, line)| {
                let line_number = index + 2;
                ManifestFile::parse(line).ok_or(ManifestError::Line { line: line_number })
            })
            .collect::<Result<_, _>>()?;
        Self::of_sorted(files)
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = HEAD.to_vec();
        for file in &self.files {
            let hash = hex::encode(file.sha256);
            text.extend_from_slice(
                format!("{hash} {} {}\n", file.size_bytes, file.name).as_bytes(),
            );
        }
        text
    }

    /// Its files, by name in ascending order.
    #[must_use]
    pub fn files(&self) -> &[ManifestFile] {
        &self.files
    }

    /// The file of that name.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&ManifestFile> {
        let index = self
            .files
            .binary_search_by(|file| file.name.as_str().cmp(name))
            .ok()?;
        self.files.get(index)
    }

    fn of_sorted(files: Vec<ManifestFile>) -> Result<Self, ManifestError> {
        if files.is_empty() || files.len() > FILES_MAX {
            let found = files.len();
            return Err(ManifestError::Count { found });
        }
        for file in &files {
            check_name(&file.name)?;
        }
        for (before, file) in files.iter().zip(files.iter().skip(1)) {
            if before.name >= file.name {
                let name = file.name.clone();
                return Err(ManifestError::Order { name });
            }
        }
        Ok(Self { files })
    }
}

impl ManifestFile {
    fn parse(line: &[u8]) -> Option<Self> {
        let mut fields = std::str::from_utf8(line).ok()?.splitn(3, ' ');
        let (hash, size, name) = (fields.next()?, fields.next()?, fields.next()?);
        let mut sha256 = [0; 32];
        hex::decode_to_slice(hash, &mut sha256).ok()?;
        let file = Self {
            name: name.to_owned(),
            size_bytes: size.parse().ok()?,
            sha256,
        };
        // One form: no capitals in the hash, no sign or leading zero before the size.
        let written = (hex::encode(sha256), file.size_bytes.to_string());
        (written.0 == hash && written.1 == size).then_some(file)
    }
}

/// Whether a generation's file may be called this.
///
/// # Errors
/// When it may not.
pub(crate) fn check_name(name: &str) -> Result<(), ManifestError> {
    let fits = StoragePath::new(name).is_ok() && !name.contains('/') && name != Manifest::NAME;
    if fits {
        return Ok(());
    }
    let name = name.chars().take(200).collect();
    Err(ManifestError::Name { name })
}

const FILES_MAX: usize = 4096;
const HEAD: &[u8] = b"patchproof generation 1\n";
/// The head, and lines of 64 digits, 20 digits, 80 bytes of name, two spaces and the end.
const TEXT_BYTES_MAX: usize = HEAD.len() + FILES_MAX * (64 + 20 + 80 + 3);

#[cfg(test)]
mod tests;
