//! Edits of a file, above all where its tables lie: what an input makes of a made file.

use std::ops::Range;

use super::choices::Choices;

/// Edits a file until the input is used up, at most [`EDITS_MAX`] times.
///
/// Which kinds of edits there are is decided first, so that some inputs have a single kind.
pub(super) fn edit_all(file: &mut Vec<u8>, tables: &[Range<usize>], choices: &mut Choices<'_>) {
    let kinds = choices.byte() | 1;
    let kinds: Vec<usize> = (0..8).filter(|kind| kinds >> kind & 1 == 1).collect();
    for _ in 0..EDITS_MAX {
        if choices.is_empty() {
            break;
        }
        let kind = choices.pick(&kinds);
        edit(kind, file, tables, choices);
    }
}

fn edit(kind: usize, file: &mut Vec<u8>, tables: &[Range<usize>], choices: &mut Choices<'_>) {
    let at = place(file, tables, choices);
    match kind {
        1 => {
            let mask = choices.byte();
            let byte = file.iter_mut().skip(at).take(1);
            byte.for_each(|byte| *byte ^= mask);
        }
        2 => file.truncate(at),
        3 => {
            let (from, length) = (place(file, tables, choices), length(choices));
            let copied = part(file, from, length);
            put(file, at, &copied);
        }
        4 => {
            let (other, length) = (place(file, tables, choices), length(choices));
            let (one, two) = (part(file, at, length), part(file, other, length));
            put(file, at, &two);
            put(file, other, &one);
        }
        5 => {
            let (from, length) = (place(file, tables, choices), length(choices));
            let copied = part(file, from, length);
            file.splice(at..at, copied);
        }
        6 => put(file, at, choices.bytes(64)),
        // The most frequent: a field that says something else.
        _ => {
            let width = choices.pick(&[8, 4, 2]);
            let at = at / width * width;
            let value = value(file, at, width, choices).to_le_bytes();
            put(file, at, value.get(..width).unwrap_or_default());
        }
    }
}

/// A position in the file, mostly inside a table.
fn place(file: &[u8], tables: &[Range<usize>], choices: &mut Choices<'_>) -> usize {
    let whole = 0..file.len();
    let table = match choices.below(tables.len() + 1) {
        0 => &whole,
        index => tables.get(index - 1).unwrap_or(&whole),
    };
    let into = choices.below(table.len());
    (table.start + into).min(file.len())
}

fn length(choices: &mut Choices<'_>) -> usize {
    match choices.below(6) {
        5 => choices.below(512),
        index => [8, 16, 24, 40, 56].get(index).copied().unwrap_or(8),
    }
}

fn value(file: &[u8], at: usize, width: usize, choices: &mut Choices<'_>) -> u64 {
    let near = |value: u64, more: u8| value.wrapping_add_signed(i64::from(more.cast_signed()));
    let old = number(file, at, width);
    match choices.below(5) {
        0 => near(old, choices.byte()),
        1 => old ^ 1_u64.wrapping_shl(u32::from(choices.byte())),
        2 => near(u64::try_from(file.len()).unwrap_or(0), choices.byte()),
        3 => {
            let elsewhere = choices.below(file.len()) / width * width;
            number(file, elsewhere, width)
        }
        _ => choices.odd_number(),
    }
}

fn number(file: &[u8], at: usize, width: usize) -> u64 {
    let digits = file.iter().skip(at).take(width);
    digits
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn part(file: &[u8], at: usize, length: usize) -> Vec<u8> {
    file.iter().skip(at).take(length).copied().collect()
}

fn put(file: &mut [u8], at: usize, new: &[u8]) {
    let old = file.iter_mut().skip(at);
    old.zip(new).for_each(|(old, new)| *old = *new);
}

const EDITS_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(file: &[u8], input: &[u8]) -> Vec<u8> {
        let mut file = file.to_vec();
        edit_all(&mut file, &vec![2..4; 1], &mut Choices::new(input));
        file
    }

    #[test]
    fn no_input_edits_nothing() {
        assert_eq!(edited(b"a file", &[]), b"a file");
    }

    #[test]
    fn a_flip_in_a_table_is_one() {
        // Kinds 0 and 1; kind 1, the table, its second byte, the mask.
        assert_eq!(edited(b"a file", &[2, 1, 1, 1, 0x20]), b"a fIle");
    }

    #[test]
    fn an_empty_file_may_be_edited() {
        for kind in 0..=255 {
            edited(&[], &[kind, 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]);
        }
    }
}
