//! Archives of the zip library, and what one changed byte makes of them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const NAME: &str = "lib/arm64-v8a/libapp.so";

fn written(options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("a", "first"), (NAME, "the library, the library")] {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn stored() -> Vec<u8> {
    written(SimpleFileOptions::default().compression_method(CompressionMethod::Stored))
}

fn read(bytes: &[u8]) -> Result<Vec<ZipFile>, ZipFault> {
    match files(&Window::of_memory(bytes.to_vec()), "it") {
        Ok(files) => Ok(files),
        Err(OpenError::Refused { why, .. }) => Err(why),
        Err(other) => panic!("refused otherwise: {other:?}"),
    }
}

/// The fault of an archive in which `change` was made from `signature` on, where it stands last.
fn fault(signature: &[u8], change: impl FnOnce(&mut [u8])) -> ZipFault {
    let mut bytes = stored();
    let at = memchr::memmem::rfind(&bytes, signature).unwrap();
    change(&mut bytes[at..]);
    read(&bytes).map(|files| files.len()).unwrap_err()
}

const CENTRAL: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
const END: &[u8] = b"PK\x05\x06";

#[test]
fn an_archive_is_read_stored_and_deflated_wide_and_plain() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        for wide in [false, true] {
            let options = SimpleFileOptions::default();
            let options = options.compression_method(method).large_file(wide);
            let files = read(&written(options)).unwrap();
            let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
            assert_eq!(names, ["a", NAME], "{method:?} {wide}");
            assert_eq!(files[1].size_bytes, 24);
        }
    }
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let bytes = stored();
    for kept in 0..bytes.len() {
        assert!(read(&bytes[..kept]).is_err(), "{kept} bytes");
    }
}

#[test]
fn a_method_that_android_does_not_read_is_refused() {
    let fault = fault(CENTRAL, |entry| entry[10] = 12);
    assert_eq!(fault, ZipFault::Method { found: 12 });
}

#[test]
fn an_encrypted_entry_is_refused() {
    assert_eq!(fault(CENTRAL, |entry| entry[8] |= 1), ZipFault::Encrypted);
}

#[test]
fn a_flag_without_a_meaning_is_refused() {
    let fault = fault(CENTRAL, |entry| entry[9] |= 0x10);
    assert_eq!(fault, ZipFault::Flags { found: 0x1000 });
}

#[test]
fn a_link_is_refused() {
    let fault = fault(CENTRAL, |entry| {
        entry[40..42].copy_from_slice(&0o120_777_u16.to_le_bytes());
    });
    assert_eq!(fault, ZipFault::Symlink);
}

#[test]
fn another_name_in_the_local_header_is_refused() {
    let fault = fault(LOCAL, |entry| entry[30] = b'L');
    assert!(matches!(
        fault,
        ZipFault::HeadersDisagree { field: "name", .. }
    ));
}

#[test]
fn two_entries_at_one_place_are_refused() {
    let fault = fault(CENTRAL, |entry| entry[42..46].fill(0));
    // The second entry's line leads to the first's header, which has the first's name.
    assert!(matches!(
        fault,
        ZipFault::HeadersDisagree { field: "name", .. }
    ));
}

#[test]
fn one_of_several_volumes_is_refused() {
    assert_eq!(fault(END, |end| end[4] = 1), ZipFault::ManyDisks);
}

#[test]
fn a_byte_behind_the_end_is_refused() {
    let mut bytes = stored();
    bytes.push(0);
    assert_eq!(
        read(&bytes).unwrap_err(),
        ZipFault::TrailingBytes { count: 1 }
    );
}

#[test]
fn bytes_that_are_no_archive_have_no_end() {
    assert_eq!(read(&[0; 100_000]).unwrap_err(), ZipFault::NoEnd);
}

#[test]
fn a_fault_names_its_entry() {
    let mut bytes = stored();
    let at = memchr::memmem::rfind(&bytes, CENTRAL).unwrap();
    bytes[at + 8] |= 1;
    let refused = files(&Window::of_memory(bytes), "it").unwrap_err();
    let OpenError::Refused { archive, entry, .. } = refused else {
        panic!("refused otherwise: {refused:?}");
    };
    assert_eq!((&*archive, entry.as_deref()), ("it", Some(NAME)));
}
