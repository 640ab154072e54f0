//! A small APK cut short, and one byte of it changed: never a panic, never another content.

use patchproof_archive::{OpenError, ZipFault};

use crate::common::{files_of, open, small};

#[test]
fn an_apk_cut_short_at_any_byte_is_refused() {
    let mut made = small();
    made.signing_block = Some(vec![(1, vec![0; 64])]);
    made.comment = b"a comment".to_vec();
    let whole = made.build();
    for kept in 0..whole.len() {
        let refused = open(whole[..kept].to_vec()).unwrap_err();
        let cut = matches!(
            refused,
            OpenError::NotARelease { .. }
                | OpenError::Refused {
                    why: ZipFault::NoEnd | ZipFault::EndCut { .. },
                    ..
                }
        );
        assert!(cut, "{kept} bytes: {refused:?}");
    }
}

#[test]
fn an_apk_without_its_first_bytes_is_refused_at_any_byte() {
    let whole = small().build();
    for left_out in (1..200).chain((200..whole.len()).step_by(17)) {
        assert!(open(whole[left_out..].to_vec()).is_err(), "{left_out}");
    }
}

/// Times, versions and attributes may change; what a part holds may not, unless it is refused.
#[test]
fn a_changed_byte_never_gives_another_content() {
    let right = small();
    let whole = right.build();
    let expected = right.files();
    let places = right.build_with_places().1;
    let directory = usize::try_from(places.directory).unwrap();
    for at in (0..directory).step_by(7).chain(directory..whole.len()) {
        for change in [0x01, 0x80, 0xff] {
            let mut file = whole.clone();
            file[at] ^= change;
            let Ok(release) = open(file) else { continue };
            let intact = release.parts().iter().all(|part| {
                let content = release.read(part);
                content.is_err() || content.ok().as_ref() == expected.get(&part.path)
            });
            assert!(
                intact,
                "byte {at:#x} changed by {change:#x}: {:?}",
                release.parts()
            );
        }
    }
    assert_eq!(files_of(&open(whole).unwrap()), expected);
}
