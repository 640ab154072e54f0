//! Strings of a snapshot with compressed pointers, which stand packed in its clustered part.
//!
//! Each is a number, then its characters. The number is twice the length, plus one where a
//! character has two bytes; it is written in groups of seven bits, the lowest first, with 0x80
//! added to the last. A number by itself could be anything, so that only long chains count, in
//! which each string ends where the next number stands. Source: the Dart SDK's string cluster and
//! its datastream; no such snapshot is in the corpus.

use super::strings_read::Texts;

/// Adds the strings of every chain, in their order.
pub(super) fn read<'a>(blob: &'a [u8], texts: &mut Texts<'a>) {
    // Where a string of a chain that was too short starts: no other chain is walked on from there,
    // so that each place is walked once, whatever leads to it.
    let mut dead = vec![false; blob.len()];
    let mut at = 0;
    while at < blob.len() {
        let mut chain = Chain::default();
        let end = chain.walk(blob, at, &dead, texts);
        if chain.counts() {
            at = end;
            continue;
        }
        for start in chain.starts {
            if let Some(dead) = dead.get_mut(start) {
                *dead = true;
            }
        }
        at = at.saturating_add(1);
    }
}

/// Strings that stand one behind the other, until they are so many that they count.
#[derive(Default)]
struct Chain<'a> {
    texts: Vec<&'a [u8]>,
    /// Where each starts, those without text as well.
    starts: Vec<usize>,
}

impl<'a> Chain<'a> {
    const fn counts(&self) -> bool {
        self.texts.len() >= CHAIN_MIN
    }

    /// Walks on while there are strings, and answers with where they end.
    fn walk(&mut self, blob: &'a [u8], from: usize, dead: &[bool], texts: &mut Texts<'a>) -> usize {
        let mut end = from;
        while dead.get(end) == Some(&false) {
            let Some((text, behind)) = blob.get(end..).and_then(entry) else {
                break;
            };
            let text = text.filter(|text| !text.is_empty());
            if self.counts() {
                texts.extend(text);
            } else {
                self.starts.push(end);
                self.texts.extend(text);
                if self.counts() {
                    texts.extend(self.texts.iter().copied());
                }
            }
            end = blob.len().saturating_sub(behind.len());
        }
        end
    }
}

/// One string and what is behind it; no text where its characters have two bytes.
fn entry(bytes: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (number, rest) = number(bytes)?;
    let length = number / 2;
    if number % 2 == 1 {
        return rest.get(length.checked_mul(2)?..).map(|rest| (None, rest));
    }
    let (text, rest) = rest.split_at_checked(length)?;
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    text.iter().all(is_text).then_some((Some(text), rest))
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_usize;
    for (index, byte) in (0..NUMBER_BYTES_MAX).zip(bytes) {
        let bits = usize::from(byte & 0x7f);
        number |= bits.checked_shl(7 * index)?;
        if *byte >= 0x80 {
            let behind = usize::try_from(index).ok()?.checked_add(1)?;
            return bytes.get(behind..).map(|rest| (number, rest));
        }
    }
    None
}

/// Lengths below two million: longer than any literal.
const NUMBER_BYTES_MAX: u32 = 3;
/// So many strings do not follow one another by chance.
const CHAIN_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let number = 2 * text.len();
        let mut bytes = Vec::new();
        if number >= 0x80 {
            bytes.push(u8::try_from(number % 0x80).unwrap());
        }
        let last = if number >= 0x80 {
            number / 0x80
        } else {
            number
        };
        bytes.push(u8::try_from(last).unwrap() + 0x80);
        bytes.extend(text);
        bytes
    }

    fn read_all(blob: &[u8]) -> Vec<&[u8]> {
        let mut texts = Texts::of(1000);
        read(blob, &mut texts);
        texts.in_order()
    }

    fn texts() -> Vec<Vec<u8>> {
        (1..=20)
            .map(|length| vec![b'a' + length; usize::from(length) * 7])
            .collect()
    }

    #[test]
    fn a_chain_is_found_between_bytes_that_are_none() {
        let chain: Vec<u8> = texts().iter().flat_map(|text| packed(text)).collect();
        let blob = [&[7; 40], &*chain, &[7; 40]].concat();
        assert_eq!(read_all(&blob), texts());
    }

    #[test]
    fn a_string_of_two_byte_characters_is_stepped_over() {
        let mut chain: Vec<u8> = texts().iter().flat_map(|text| packed(text)).collect();
        chain.splice(0..0, [0x80 + 5, 0x20, 0x04, 0x21, 0x04]);
        assert_eq!(read_all(&chain), texts());
    }

    #[test]
    fn a_few_strings_by_chance_are_none() {
        let blob: Vec<u8> = texts()[..15].iter().flat_map(|text| packed(text)).collect();
        assert!(read_all(&blob).is_empty());
    }
}
