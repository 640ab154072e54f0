//! SHA-256 as requests and paths have it: 64 lower-case hexadecimal digits.

/// The bytes, if it is one.
pub(crate) fn read(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    (is_lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_64_digits_and_one_form() {
        assert_eq!(read(&"0a".repeat(32)), Some([10; 32]));
        for text in [
            "",
            &"0A".repeat(32),
            &"0a".repeat(31),
            &"0a".repeat(33),
            &"0g".repeat(32),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
