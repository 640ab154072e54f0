//! A made DEX file: strings and nothing that uses them.

use super::bytes::{Width, Writer, size};
use super::payload;

/// A DEX file without a class; `seed` decides its strings.
///
/// Its SHA-1 signature is not one: nothing that loads a DEX file looks at it. Checked by hand with
/// `dexdump -c`.
#[must_use]
pub fn dex(seed: u64) -> Vec<u8> {
    let strings = strings(seed);
    let data_start = HEADER_BYTES + 4 * size(&strings);
    let mut ids = Writer::new(Width::Eight);
    let mut data = Writer::new(Width::Eight);
    for string in &strings {
        ids.u32(data_start + data.position());
        data.u8(u8::try_from(string.len()).unwrap_or(u8::MAX));
        data.c_string(string.as_bytes());
    }
    data.align(4);
    let map_start = data_start + data.position();
    let count = size(&strings);
    let map = map([
        (HEADER_ITEM, 1, 0),
        (STRING_IDS, count, HEADER_BYTES),
        (STRING_DATA, count, data_start),
        (MAP_LIST, 1, map_start),
    ]);
    let mut rest = Writer::new(Width::Eight);
    rest.bytes(&payload::noise(seed ^ SIGNATURE, 20));
    let file_bytes = map_start + size(&map);
    let sizes = [file_bytes, HEADER_BYTES, LITTLE_ENDIAN, 0, 0, map_start];
    sizes.into_iter().for_each(|value| rest.u32(value));
    rest.u32(count);
    rest.u32(HEADER_BYTES);
    // Types, prototypes, fields, methods, classes: none.
    (0..10).for_each(|_| rest.u32(0));
    rest.u32(file_bytes - data_start);
    rest.u32(data_start);
    for part in [ids.into_bytes(), data.into_bytes(), map] {
        rest.bytes(&part);
    }
    let rest = rest.into_bytes();
    let checksum = adler32(&rest).to_le_bytes();
    [b"dex\n035\0".as_slice(), &checksum, &rest].concat()
}

/// Sorted and without a repetition, as the format wants them.
fn strings(seed: u64) -> Vec<String> {
    let noise = payload::noise(seed ^ STRINGS, 1024);
    let mut strings: Vec<String> = noise.chunks(8).map(hex::encode).collect();
    strings.sort();
    strings.dedup();
    strings
}

/// The table of a file's sections: kind, number of items, position.
fn map<const N: usize>(sections: [(u64, u64, u64); N]) -> Vec<u8> {
    let mut writer = Writer::new(Width::Eight);
    writer.u32(size(&sections));
    for (kind, count, offset) in sections {
        writer.u16(kind);
        writer.u16(0);
        writer.u32(count);
        writer.u32(offset);
    }
    writer.into_bytes()
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for &byte in bytes {
        low = (low + u32::from(byte)) % ADLER;
        high = (high + low) % ADLER;
    }
    high << 16 | low
}

const HEADER_BYTES: u64 = 0x70;
const LITTLE_ENDIAN: u64 = 0x1234_5678;
const HEADER_ITEM: u64 = 0;
const STRING_IDS: u64 = 1;
const MAP_LIST: u64 = 0x1000;
const STRING_DATA: u64 = 0x2002;
const ADLER: u32 = 65_521;
const STRINGS: u64 = 0xde00_0000;
const SIGNATURE: u64 = 0x5160_0000;

#[cfg(test)]
mod tests {
    use super::{adler32, dex};

    #[test]
    fn the_checksum_is_that_of_its_definition() {
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn the_header_tells_the_size_of_the_file() {
        let file = dex(1);
        let told = u32::from_le_bytes(file[32..36].try_into().unwrap());
        assert_eq!(usize::try_from(told).unwrap(), file.len());
    }

    #[test]
    fn another_seed_makes_another_file_of_the_same_size() {
        assert_ne!(dex(1), dex(2));
        assert_eq!(dex(1).len(), dex(2).len());
    }
}
