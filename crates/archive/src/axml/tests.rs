//! Documents made chunk by chunk.

use super::strings::UTF8;
use super::*;

fn chunk_of(kind: u16, header: &[u8], body: &[u8]) -> Vec<u8> {
    let header_size = u16::try_from(8 + header.len()).unwrap();
    let size = u32::from(header_size) + u32::try_from(body.len()).unwrap();
    let mut bytes = Vec::new();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(header_size.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(header);
    bytes.extend(body);
    bytes
}

/// A pool of short strings in UTF-8.
fn pool(strings: &[&str]) -> Vec<u8> {
    let (mut offsets, mut data) = (Vec::new(), Vec::new());
    for string in strings {
        offsets.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        let length = u8::try_from(string.len()).unwrap();
        data.extend([length, length]);
        data.extend(string.as_bytes());
        data.push(0);
    }
    let count = u32::try_from(strings.len()).unwrap();
    let start = u32::try_from(28 + offsets.len()).unwrap();
    let header = [count, 0, UTF8, start, 0].map(u32::to_le_bytes).concat();
    chunk_of(STRING_POOL, &header, &[offsets, data].concat())
}

/// An element with text attributes, by the strings' numbers.
fn start(name: u32, attributes: &[(u32, u32)]) -> Vec<u8> {
    let mut body = [NONE, name].map(u32::to_le_bytes).concat();
    body.extend([20_u16, 20].map(u16::to_le_bytes).concat());
    body.extend(u16::try_from(attributes.len()).unwrap().to_le_bytes());
    body.extend([0; 6]);
    for (name, value) in attributes {
        body.extend([NONE, *name, NONE].map(u32::to_le_bytes).concat());
        body.extend([8, 0, 0, STRING]);
        body.extend(value.to_le_bytes());
    }
    chunk_of(START_ELEMENT, &[0; 8], &body)
}

fn end() -> Vec<u8> {
    chunk_of(END_ELEMENT, &[0; 8], &[0xff; 8])
}

fn document(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk_of(XML, &[], &chunks.concat())
}

fn strings() -> Vec<u8> {
    pool(&["manifest", "package", "org.example", "a"])
}

#[test]
fn a_manifest_is_read() {
    let bytes = document(&[strings(), start(0, &[(1, 2)]), end()]);
    let facts = read(&bytes).unwrap();
    assert_eq!(facts.app_id.as_deref(), Some("org.example"));
}

#[test]
fn a_hundred_thousand_levels_are_counted_and_not_followed() {
    let deep = 100_000;
    let (down, up) = (start(3, &[]).repeat(deep), end().repeat(deep));
    let bytes = document(&[strings(), start(0, &[(1, 2)]), down, up, end()]);
    assert!(read(&bytes).unwrap().app_id.is_some());
}

#[test]
fn a_string_that_many_attributes_share_is_not_copied_for_each() {
    let shared: Vec<(u32, u32)> = vec![(3, 2); 60_000];
    let bytes = document(&[strings(), start(0, &shared), end()]);
    assert!(read(&bytes).unwrap_err().contains("attributes"));
}

#[test]
fn two_roots_are_refused() {
    let bytes = document(&[strings(), start(0, &[]), end(), start(0, &[]), end()]);
    assert!(read(&bytes).is_err());
}

#[test]
fn two_string_pools_are_refused() {
    let bytes = document(&[strings(), strings(), start(0, &[]), end()]);
    assert!(read(&bytes).is_err());
}

#[test]
fn a_chunk_of_no_size_ends_the_reading() {
    let mut bytes = document(&[strings(), start(0, &[]), end()]);
    let pool = 8 + 4;
    bytes[pool..pool + 4].fill(0);
    assert!(read(&bytes).is_err());
}
