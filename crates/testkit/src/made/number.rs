//! Numbers as patches have them.

/// A number of a patch in its one form: seven bits a byte, the lowest first.
///
/// # Panics
/// Never: what is below 128 fits a byte.
#[must_use]
pub fn number(value: u64) -> Vec<u8> {
    let mut out = vec![];
    let mut rest = value;
    while rest > 0x7f {
        out.push(u8::try_from(rest % 128).expect("below 128") + 128);
        rest /= 128;
    }
    out.push(u8::try_from(rest).expect("below 128"));
    out
}
