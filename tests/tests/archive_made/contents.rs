//! Contents that are not what their headers say: found when they are read, and not before.

use patchproof_archive::DataFault;
use patchproof_testkit::made::{Content, HeaderLies, MadeEntry, MadeZip};

use crate::common::{ASSET, LIBRARY, damage, files_of, open, small, spoiled_entry};

/// The same lie in both headers.
fn lying(name: &str, lie: impl Fn(&mut HeaderLies)) -> MadeZip {
    spoiled_entry(name, |entry| {
        lie(&mut entry.local);
        lie(&mut entry.central);
    })
}

/// The asset with other packed bytes; CRC and size stay those of the right content.
fn packed(change: impl FnOnce(&mut Vec<u8>)) -> MadeZip {
    let right = MadeZip::new(vec![MadeEntry::deflated(ASSET, &small().files()[ASSET])]);
    let (file, places) = right.build_with_places();
    let start = 30 + ASSET.len();
    let mut bytes = file[start..usize::try_from(places.directory).unwrap()].to_vec();
    change(&mut bytes);
    let crc32 = u32::from_le_bytes(file[14..18].try_into().unwrap());
    let size_bytes = u32::from_le_bytes(file[22..26].try_into().unwrap()).into();
    spoiled_entry(ASSET, |entry| {
        entry.content = Content::Raw {
            method: 8,
            packed: bytes,
            crc32,
            size_bytes,
        };
    })
}

#[test]
fn the_packed_bytes_as_they_are_give_the_content() {
    let release = open(packed(|_| {}).build()).unwrap();
    assert_eq!(files_of(&release)[ASSET], small().files()[ASSET]);
}

#[test]
fn a_wrong_crc_is_found_stored_and_deflated() {
    for name in [LIBRARY, ASSET] {
        let made = lying(name, |lies| lies.crc32 = Some(7));
        let fault = damage(&made, name);
        assert!(
            matches!(fault, DataFault::Crc { declared: 7, .. }),
            "{fault:?}"
        );
    }
}

#[test]
fn a_content_longer_than_declared_is_found() {
    let made = lying(ASSET, |lies| lies.size_bytes = Some(359));
    assert_eq!(damage(&made, ASSET), DataFault::Longer { declared: 359 });
}

#[test]
fn a_content_shorter_than_declared_is_found() {
    let made = lying(ASSET, |lies| lies.size_bytes = Some(361));
    let (declared, found) = (361, 360);
    assert_eq!(damage(&made, ASSET), DataFault::Shorter { declared, found });
}

#[test]
fn packed_bytes_that_are_none_are_found() {
    // A block of the type that there is not.
    let made = packed(|bytes| bytes[0] |= 0b110);
    assert_eq!(damage(&made, ASSET), DataFault::Deflate);
}

#[test]
fn packed_bytes_that_are_cut_short_are_found_at_every_length() {
    let whole = {
        let mut length = 0;
        packed(|bytes| length = bytes.len());
        length
    };
    for kept in 0..whole {
        let fault = damage(&packed(|bytes| bytes.truncate(kept)), ASSET);
        assert_eq!(fault, DataFault::Unended, "{kept} bytes of {whole}");
    }
}

#[test]
fn bytes_behind_the_packed_ones_are_found() {
    let made = packed(|bytes| bytes.push(0));
    assert_eq!(damage(&made, ASSET), DataFault::Trailing { count: 1 });
}

#[test]
fn a_damaged_part_does_not_hide_the_others() {
    let release = open(lying(ASSET, |lies| lies.crc32 = Some(7)).build()).unwrap();
    let library = release.read(release.part(LIBRARY).unwrap()).unwrap();
    assert_eq!(library, small().files()[LIBRARY]);
}
