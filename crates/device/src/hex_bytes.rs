//! Bytes of a fixed number as lower-case hex digits in JSON.

use serde::{Deserialize as _, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer, const N: usize>(
    bytes: &[u8; N],
    to: S,
) -> Result<S::Ok, S::Error> {
    to.serialize_str(&hex::encode(bytes))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
    from: D,
) -> Result<[u8; N], D::Error> {
    let text = String::deserialize(from)?;
    let mut bytes = [0; N];
    let read = hex::decode_to_slice(&text, &mut bytes);
    if read.is_ok() && hex::encode(bytes) == text {
        return Ok(bytes);
    }
    Err(serde::de::Error::custom(
        "expected lower-case hex digits of a fixed number",
    ))
}
