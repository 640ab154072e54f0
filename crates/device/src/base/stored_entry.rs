//! A stored entry of an APK, read where it lies.

use std::fs::File;
use std::io;

use patchproof_patch::ReadAt;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};

use super::BaseError;

/// A stretch of a file.
pub(super) struct StoredEntry {
    file: File,
    start: u64,
    length_bytes: u64,
}

/// Finds the entry. An APK where two entries have its name is refused: the system and this code
/// might take different ones.
pub(super) fn open(file: File, apk: &str, entry: &str) -> Result<StoredEntry, BaseError> {
    let fault = |error: &dyn std::fmt::Display| BaseError::Apk {
        apk: apk.to_owned(),
        reason: error.to_string(),
    };
    let other_handle = file.try_clone().map_err(|error| fault(&error))?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(|error| fault(&error))?;
    let mut found = None;
    let mut entries = archive.entries(&mut buffer);
    while let Some(record) = entries.next_entry().map_err(|error| fault(&error))? {
        if record.file_path().as_ref() != entry.as_bytes() {
            continue;
        }
        if record.compression_method() != CompressionMethod::STORE {
            return Err(BaseError::Compressed {
                apk: apk.to_owned(),
                entry: entry.to_owned(),
                extracted: entry.rsplit('/').next().unwrap_or(entry).to_owned(),
            });
        }
        if found.replace(record.wayfinder()).is_some() {
            return Err(fault(&format!("two entries are called {entry}")));
        }
    }
    let found = found.ok_or_else(|| BaseError::NoEntry {
        apk: apk.to_owned(),
        entry: entry.to_owned(),
    })?;
    if found.compressed_size_hint() != found.uncompressed_size_hint() {
        return Err(fault(&format!("{entry} is stored and has two sizes")));
    }
    let placed = archive.get_entry(found).map_err(|error| fault(&error))?;
    let (start, end) = placed.compressed_data_range();
    let length_bytes = end.saturating_sub(start);
    let file_bytes = other_handle.length().map_err(|error| fault(&error))?;
    if end > file_bytes {
        return Err(fault(&format!("{entry} reaches past the end of the file")));
    }
    Ok(StoredEntry {
        file: other_handle,
        start,
        length_bytes,
    })
}

impl ReadAt for StoredEntry {
    fn length(&self) -> io::Result<u64> {
        Ok(self.length_bytes)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let count = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        let end = offset.checked_add(count);
        if end.is_none_or(|end| end > self.length_bytes) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.file
            .read_exact_at(buffer, self.start.saturating_add(offset))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn apk(entries: &[(&str, CompressionMethod, &[u8])]) -> File {
        let mut bytes = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
        for (name, method, content) in entries {
            let (mut entry, config) = archive
                .new_file(name)
                .compression_method(*method)
                .start()
                .unwrap();
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content).unwrap();
            let (_, descriptor) = writer.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        archive.finish().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        file
    }

    const LIBRARY: &str = "lib/arm64-v8a/libapp.so";

    #[test]
    fn a_stored_entry_is_read_in_place_and_no_byte_beyond() {
        let file = apk(&[
            ("first", CompressionMethod::STORE, b"xxxx"),
            (LIBRARY, CompressionMethod::STORE, b"library"),
            ("last", CompressionMethod::STORE, b"yyyy"),
        ]);
        let entry = open(file, "base.apk", LIBRARY).unwrap();
        let mut bytes = [0; 7];
        entry.read_exact_at(&mut bytes, 0).unwrap();
        assert_eq!((&bytes, entry.length().unwrap()), (b"library", 7));
        assert!(entry.read_exact_at(&mut bytes, 1).is_err());
    }

    #[test]
    fn a_compressed_entry_names_the_file_that_the_system_extracted() {
        let file = apk(&[(LIBRARY, CompressionMethod::DEFLATE, b"library")]);
        let refused = open(file, "base.apk", LIBRARY).map(|_| ()).unwrap_err();
        assert!(
            matches!(&refused, BaseError::Compressed { extracted, .. } if extracted == "libapp.so")
        );
    }

    #[test]
    fn two_entries_of_one_name_are_refused() {
        let file = apk(&[
            (LIBRARY, CompressionMethod::STORE, b"one"),
            (LIBRARY, CompressionMethod::STORE, b"two"),
        ]);
        let refused = open(file, "base.apk", LIBRARY).map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains("two entries"), "{refused}");
    }

    #[test]
    fn an_apk_without_the_entry_and_a_file_that_is_none_are_told_apart() {
        let file = apk(&[("other", CompressionMethod::STORE, b"x")]);
        let refused = open(file, "base.apk", LIBRARY).map(|_| ()).unwrap_err();
        assert!(matches!(refused, BaseError::NoEntry { .. }));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"no zip").unwrap();
        let refused = open(file, "base.apk", LIBRARY).map(|_| ()).unwrap_err();
        assert!(matches!(refused, BaseError::Apk { .. }));
    }
}
