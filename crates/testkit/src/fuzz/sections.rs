//! A fuzzer's bytes as a choice and sections: a mutation in one leaves the others where they are.

/// What is not yet taken.
pub(super) struct Sections<'a> {
    rest: &'a [u8],
}

impl<'a> Sections<'a> {
    /// The first byte, and the sections behind it; `None` where there is nothing.
    pub(super) fn of(data: &'a [u8]) -> Option<(u8, Self)> {
        let (&first, rest) = data.split_first()?;
        Some((first, Self { rest }))
    }

    /// The next section: two bytes of length, the lower first, and as many as there still are.
    pub(super) fn next(&mut self) -> &'a [u8] {
        let Some((length, rest)) = self.rest.split_first_chunk::<2>() else {
            return self.rest();
        };
        let length = usize::from(u16::from_le_bytes(*length));
        let (section, rest) = rest.split_at(length.min(rest.len()));
        self.rest = rest;
        section
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }
}

/// The bytes that stand for a choice, some sections and a rest.
pub(super) fn joined(first: u8, sections: &[&[u8]], rest: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    for section in sections {
        let length = u16::try_from(section.len()).expect("a seed's sections are small");
        out.extend(length.to_le_bytes());
        out.extend_from_slice(section);
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_comes_apart_again() {
        let bytes = joined(7, &[b"one", b"", b"three"], b"rest");
        let (first, mut sections) = Sections::of(&bytes).unwrap();
        let found = [
            sections.next(),
            sections.next(),
            sections.next(),
            sections.rest(),
        ];
        assert_eq!((first, found), (7, [&b"one"[..], b"", b"three", b"rest"]));
    }

    #[test]
    fn a_section_that_is_cut_short_has_what_is_there() {
        let (_, mut sections) = Sections::of(&[0, 9, 0, 1, 2]).unwrap();
        assert_eq!((sections.next(), sections.next()), (&[1, 2][..], &[][..]));
    }
}
