//! Absolute `file://` addresses that a build left inside a library.

use memchr::memmem;

/// The distinct addresses, in the order in which they stand; at most [`PATHS_MAX`] of them.
///
/// Only addresses with something behind the root count: a bare `file://` or `file:///` is a literal
/// of Dart's own libraries. Library strings carry their length elsewhere, so an address ends at the
/// first byte that no path of a build has.
pub(crate) fn absolute_paths(bytes: &[u8]) -> Vec<String> {
    let finder = memmem::Finder::new(PREFIX);
    let mut paths: Vec<String> = Vec::new();
    let mut rest = bytes;
    while let Some(at) = finder.find(rest).filter(|_| paths.len() < PATHS_MAX) {
        let address = rest.get(at..).map(up_to_end).unwrap_or_default();
        // Go on behind this address, so that a file full of them is walked once.
        rest = rest
            .get(at + address.len().max(PREFIX.len())..)
            .unwrap_or_default();
        if address.len() > PREFIX.len() && !paths.iter().any(|known| known == address) {
            paths.push(address.to_owned());
        }
    }
    paths
}

fn up_to_end(from: &[u8]) -> &str {
    let reach = from.get(..PATH_BYTES_MAX).unwrap_or(from);
    let end = reach
        .iter()
        .position(|&byte| !in_a_path(byte))
        .unwrap_or(reach.len());
    reach
        .get(..end)
        .and_then(|path| std::str::from_utf8(path).ok())
        .unwrap_or_default()
}

/// Printable ASCII without space, quotes and angle brackets, none of which Dart leaves unescaped.
const fn in_a_path(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'&' | b'('..=b';' | b'=' | b'?'..=b'~')
}

const PREFIX: &[u8] = b"file:///";
/// Enough to see the pattern; a library with more has the same cause for all.
const PATHS_MAX: usize = 32;
const PATH_BYTES_MAX: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_its_string_does_and_a_bare_root_is_none() {
        let bytes = b"xfile:///\0file:///home/a/b.dart\0file:///home/a/b.dart\x01file://\0";
        assert_eq!(absolute_paths(bytes), ["file:///home/a/b.dart"]);
    }

    #[test]
    fn a_file_full_of_paths_is_bounded() {
        let many: Vec<u8> = (0..1000)
            .flat_map(|n| format!("file:///p{n}\0").into_bytes())
            .collect();
        assert_eq!(absolute_paths(&many).len(), PATHS_MAX);
        let long = [b"file:///".as_slice(), &vec![b'a'; 100_000]].concat();
        assert_eq!(absolute_paths(&long)[0].len(), PATH_BYTES_MAX);
    }
}
