//! What a text of the list may look like, since it becomes an argument, a file's name or a path.

/// Starts with a letter or digit, so it can be mistaken neither for a flag nor for a folder above.
pub(super) fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
        })
}

/// One exact version: no range, no tag.
pub(super) fn is_version(version: &str) -> bool {
    version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
}

/// 64 lowercase hex digits: one spelling, since it is a file's name.
pub(super) fn is_sha256(digest: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digest.len() == 64 && digest.bytes().all(is_digit)
}

/// Names with `/` between them, none of which leads anywhere but down.
pub(super) fn is_relative_path(path: &str) -> bool {
    let is_name = |name: &str| !matches!(name, "" | "." | "..");
    !path.contains(['\\', ':']) && path.split('/').all(is_name)
}

/// Whether `!` may follow: the one kind of archive that can be read while it streams.
pub(super) fn is_streamable_archive(path: &str) -> bool {
    path.ends_with(".tar.gz") || path.ends_with(".tgz")
}
