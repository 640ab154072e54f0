//! Whatever the bytes, a release is opened or refused, and its parts are what it says of them.

use flate2::Crc;
use patchproof_archive::{Part, PartError, Release, Shape};

use super::choices::Choices;
use super::edits::edit_all;
use super::{Reached, Target, archives};
use crate::made::MadeApp;

/// The target.
pub static TARGET: Target = Target {
    name: "archive_any",
    about: "any bytes are opened or refused; a part that is read has its size, checksum and name",
    depth: "it was opened and the content of a part was read",
    run,
    seeds,
    dictionary: archives::DICTIONARY,
    bytes_max: 64 << 10,
};

fn run(data: &[u8]) -> Reached {
    let file = file(data);
    let release = match Release::from_bytes(NAME, file.clone()) {
        Ok(release) => release,
        Err(refused) => {
            assert!(!refused.to_string().is_empty(), "a refusal says nothing");
            return Reached::Surface;
        }
    };
    let again = Release::from_bytes(NAME, file).expect("what was opened once is opened again");
    assert_eq!(paths(&release), paths(&again), "it is opened in two ways");
    assert_eq!(
        release.app(),
        again.app(),
        "its manifests are read in two ways"
    );
    let sorted = release.parts().is_sorted_by(|a, b| a.path < b.path);
    assert!(sorted, "a path is there twice: {:?}", paths(&release));
    let mut left = READ_BYTES_MAX;
    let mut read = false;
    for part in release.parts().iter().take(PARTS_MAX) {
        check_name(part);
        let size = part.size_bytes;
        if size <= left {
            left -= size;
            read |= check_content(&release, part);
        }
    }
    match read && release.shape() != Shape::Library {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// Itself where it begins as an archive or a library does; else what it makes: an archive of its
/// choice, or a made APK with edits.
fn file(data: &[u8]) -> Vec<u8> {
    if MAGICS.iter().any(|magic| data.starts_with(magic)) {
        return data.to_vec();
    }
    let mut choices = Choices::new(data);
    let mut file = archives::archive(&mut choices).made.build();
    if choices.flag() {
        let records = archives::records(&file);
        edit_all(&mut file, &records, &mut choices);
    }
    file
}

fn paths(release: &Release) -> Vec<(&str, u64, Option<u32>)> {
    let parts = release.parts().iter();
    parts
        .map(|part| (part.path.as_str(), part.size_bytes, part.crc32))
        .collect()
}

/// A path stays inside the folder that it would be unpacked to.
fn check_name(part: &Part) {
    let inside = |component: &str| !["", ".", ".."].contains(&component);
    let path = &part.path;
    let odd = path.contains('\\') || path.chars().any(char::is_control);
    assert!(
        !odd && path.split('/').all(inside),
        "{path:?} leads elsewhere"
    );
}

/// Streams a part and holds it against what is said of it.
fn check_content(release: &Release, part: &Part) -> bool {
    let (mut crc, mut count) = (Crc::new(), 0);
    let streamed = release.stream(part, &mut |piece| {
        crc.update(piece);
        count += u64::try_from(piece.len()).unwrap_or(u64::MAX);
    });
    assert!(
        count <= part.size_bytes,
        "{} is longer than it says",
        part.path
    );
    match streamed {
        Ok(()) => {
            is_what_it_says(part, count, crc.sum());
            true
        }
        Err(PartError::Damaged { .. }) => false,
        Err(other) => unreachable!("a part in memory is whole or damaged: {other}"),
    }
}

fn is_what_it_says(part: &Part, count: u64, crc32: u32) {
    let path = &part.path;
    assert_eq!(count, part.size_bytes, "{path} is shorter than it says");
    let right = part.crc32.is_none_or(|said| said == crc32);
    assert!(right, "{path} is not what its checksum is of");
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = archives::seeds();
    let mut app = MadeApp::new();
    app.libraries_deflated = true;
    app.res.clear();
    for libraries in app.abis.values_mut() {
        for library in [&mut libraries.dart, &mut libraries.engine] {
            library.truncate(64);
        }
    }
    seeds.push(("app.apk".to_owned(), app.apk()));
    seeds.push(("app.aab".to_owned(), app.aab()));
    seeds.push((
        "empty.zip".to_owned(),
        crate::made::MadeZip::default().build(),
    ));
    seeds
}

const MAGICS: [&[u8]; 4] = [b"PK", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"];
const NAME: &str = "it";
const PARTS_MAX: usize = 64;
const READ_BYTES_MAX: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 12);
    }

    #[test]
    fn no_seed_is_longer_than_what_is_tried() {
        for (name, seed) in seeds() {
            assert!(seed.len() <= TARGET.bytes_max, "{name}: {}", seed.len());
        }
    }

    #[test]
    fn its_apk_and_its_bundle_reach_the_depth() {
        for (name, seed) in seeds() {
            let is_app = name.starts_with("app.");
            assert!(!is_app || run(&seed) == Reached::Depth, "{name}");
        }
    }

    #[test]
    #[should_panic(expected = "shorter than it says")]
    fn a_part_of_another_size_would_be_found() {
        let release = Release::from_bytes(NAME, archives::inner(b"content".to_vec())).unwrap();
        let part = &release.parts()[0];
        is_what_it_says(part, part.size_bytes - 1, part.crc32.unwrap());
    }

    #[test]
    #[should_panic(expected = "leads elsewhere")]
    fn a_path_that_leads_elsewhere_would_be_found() {
        let release = Release::from_bytes(NAME, archives::inner(Vec::new())).unwrap();
        let mut part = release.parts()[0].clone();
        part.path = "../elsewhere".to_owned();
        check_name(&part);
    }
}
