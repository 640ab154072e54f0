//! Which downloads are known.

use patchproof_trust::FileName;

use super::*;

#[test]
fn a_download_is_known_by_its_container_and_a_codec_of_that() {
    let word = |text: &str| Word::new(text).unwrap();
    let is_known = |container: &str, codec: &str| {
        is_known(&Download {
            codec: word(codec),
            container: word(container),
            from_sha256: None,
            makes: FileName::new(LIBRARY_NAME).unwrap(),
            sha256: Digest::of(b""),
            size_bytes: 0,
        })
    };
    for (container, codec, expected) in [
        ("shorebird", "zstd", true),
        ("shorebird", "brotli", false),
        ("patchproof", "zstd", true),
        ("patchproof", "brotli", true),
        ("patchproof", "lzma", false),
        ("zip", "zstd", false),
    ] {
        assert_eq!(is_known(container, codec), expected, "{container} {codec}");
    }
}
