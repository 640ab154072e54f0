//! The zip library's view of the same archive, which must be ours.

use std::collections::HashMap;

use zip::ZipArchive;

use super::{Fault, Method, Placed};
use crate::fault::ZipFault;
use crate::window::Window;

/// Opens the archive a second time and compares every entry.
pub(super) fn check(window: &Window, placed: &[Placed]) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(window.reader()).map_err(|error| refused(&error))?;
    let differs = |what| ZipFault::ReadingsDiffer { what };
    if archive.len() != placed.len() {
        return Err(differs("number of entries").into());
    }
    let mut by_name: HashMap<&[u8], &Placed> = placed
        .iter()
        .map(|placed| (placed.entry.name.as_bytes(), placed))
        .collect();
    for index in 0..archive.len() {
        let file = archive
            .by_index_raw(index)
            .map_err(|error| refused(&error))?;
        let ours = by_name.remove(file.name_raw()).ok_or(differs("name"))?;
        let entry = &ours.entry;
        let method = match entry.method {
            Method::Stored => zip::CompressionMethod::Stored,
            Method::Deflated => zip::CompressionMethod::Deflated,
        };
        let checks = [
            (file.compression() == method, "method"),
            (file.crc32() == entry.crc32, "checksum"),
            (file.size() == entry.size_bytes, "size"),
            (
                file.compressed_size() == entry.stored_size_bytes,
                "packed size",
            ),
            (file.header_start() == entry.header_start, "place"),
            (
                file.data_start() == Some(ours.data_start),
                "place of its data",
            ),
            (!file.encrypted(), "encryption"),
        ];
        if let Some((_, what)) = checks.iter().find(|(same, _)| !same) {
            return Err(differs(what).of(&entry.name));
        }
    }
    Ok(())
}

fn refused(error: &zip::result::ZipError) -> Fault {
    let reason = error.to_string();
    ZipFault::Library { reason }.into()
}
