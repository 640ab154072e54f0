//! Words for a person, of what happens on a disk.

use crate::watch::Moment;

/// What boots, by number.
pub(crate) fn named(number: u64) -> String {
    match number {
        0 => "the release".to_owned(),
        number => format!("patch {number}"),
    }
}

/// The operation that a moment is before.
pub(crate) fn in_words(moment: &Moment) -> String {
    let Some(next) = &moment.next else {
        return "anything else, at the end".to_owned();
    };
    let path = match next.path.as_str() {
        "" => "of the device".to_owned(),
        path => shortened(path),
    };
    let mut words = format!("{} {path}", next.operation);
    if let Some(to) = &next.to {
        words.push_str(&format!(" to {}", shortened(to.as_str())));
    }
    words
}

/// A path with the first digits of a hash in the place of all of them.
pub(crate) fn shortened(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let digits = part
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(part.len());
        match (digits == HASH_DIGITS).then(|| (part.get(..8), part.get(digits..))) {
            Some((Some(first), Some(rest))) => format!("{first}~{rest}"),
            _ => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

const HASH_DIGITS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_a_path_is_shortened_and_nothing_else_is() {
        let hash = "ab".repeat(32);
        assert_eq!(
            shortened(&format!("downloads/{hash}.part")),
            "downloads/abababab~.part"
        );
        assert_eq!(
            shortened(&format!("generations/{hash}/manifest")),
            "generations/abababab~/manifest"
        );
        assert_eq!(shortened("staging/0/libapp.so"), "staging/0/libapp.so");
        assert_eq!(shortened("abcdef.tmp"), "abcdef.tmp");
    }
}
