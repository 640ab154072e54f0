//! Which names a file of an app may have.

use crate::fault_files::NameFault;

/// The name as text, if it stays inside the folder that it would be unpacked to, on every system.
///
/// A folder's own entry ends with `/`.
pub(crate) fn check(raw: &[u8]) -> Result<&str, NameFault> {
    if raw.len() > NAME_BYTES_MAX {
        return Err(NameFault::TooLong);
    }
    let name = std::str::from_utf8(raw).map_err(|_| NameFault::NotUtf8)?;
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.chars().any(char::is_control) {
        return Err(NameFault::Control);
    }
    if name.contains('\\') {
        return Err(NameFault::Backslash);
    }
    if name.starts_with('/') {
        return Err(NameFault::Absolute);
    }
    if has_drive(name) {
        return Err(NameFault::Drive);
    }
    let components = name.strip_suffix('/').unwrap_or(name).split('/');
    for component in components {
        match component {
            "" => return Err(NameFault::EmptyComponent),
            "." | ".." => return Err(NameFault::Escape),
            _ => {}
        }
    }
    Ok(name)
}

/// There may be 200,000 of them, and what is said of a file repeats it.
const NAME_BYTES_MAX: usize = 1024;

fn has_drive(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_an_app_passes_as_it_is() {
        for name in ["lib/arm64-v8a/libapp.so", "assets/", "a..b/c...", "ü/x"] {
            assert_eq!(check(name.as_bytes()), Ok(name));
        }
    }

    #[test]
    fn a_name_has_at_most_1024_bytes() {
        assert!(check(&[b'a'; 1024]).is_ok());
        assert_eq!(check(&[b'a'; 1025]), Err(NameFault::TooLong));
    }

    #[test]
    fn every_way_out_has_its_own_fault() {
        let faults: [(&[u8], NameFault); 11] = [
            (b"", NameFault::Empty),
            (b"\xff", NameFault::NotUtf8),
            (b"a\0b", NameFault::Control),
            (b"a\x1bb", NameFault::Control),
            (b"a\\b", NameFault::Backslash),
            (b"/a", NameFault::Absolute),
            (b"C:a", NameFault::Drive),
            (b"a/../b", NameFault::Escape),
            (b"./a", NameFault::Escape),
            (b"a//b", NameFault::EmptyComponent),
            (b"a//", NameFault::EmptyComponent),
        ];
        for (name, fault) in faults {
            assert_eq!(check(name), Err(fault), "{name:?}");
        }
    }
}
