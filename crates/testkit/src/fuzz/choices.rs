//! What an input decides, read from its front: an input that is used up decides for nothing more.

use arbitrary::Unstructured;

/// Decisions in the order in which they are asked for. Nothing is read from the input's end, so
/// that a change of one byte leaves the decisions before it as they are.
pub(super) struct Choices<'a>(Unstructured<'a>);

impl<'a> Choices<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self(Unstructured::new(data))
    }

    /// Whether nothing is left to decide by.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A byte; 0 at the end.
    pub(super) fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number in two bytes.
    pub(super) fn short(&mut self) -> u16 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number in eight bytes.
    pub(super) fn long(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number below `count`; 0 at the end.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let last = count.saturating_sub(1);
        self.0.int_in_range(0..=last).unwrap_or_default()
    }

    /// Yes in one of two cases; no at the end.
    pub(super) fn flag(&mut self) -> bool {
        self.one_in(2)
    }

    /// Yes in one of so many cases; no at the end.
    pub(super) fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) + 1 == cases
    }

    /// One of these; the first at the end.
    pub(super) fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len());
        items.get(index).expect("a list that has something").clone()
    }

    /// A number that readers trip over, or any.
    pub(super) fn odd_number(&mut self) -> u64 {
        match self.below(8) {
            0..=2 => self.byte().into(),
            3 => self.short().into(),
            4 => self.long(),
            _ => self.pick(&ODD),
        }
    }

    /// Some of the next bytes, at most so many.
    pub(super) fn bytes(&mut self, most: usize) -> &'a [u8] {
        let count = self.below(most + 1).min(self.0.len());
        self.0.bytes(count).unwrap_or_default()
    }
}

const ODD: [u64; 14] = [
    0,
    1,
    8,
    0x10,
    0xffff,
    0xfffe,
    0x1000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_ffff,
    1 << 63,
    u64::MAX - 0xfff,
    u64::MAX,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_that_is_used_up_decides_for_the_first_and_for_no() {
        let mut choices = Choices::new(&[]);
        let found = (choices.byte(), choices.pick(&[7, 8]), choices.flag());
        assert_eq!(found, (0, 7, false));
        assert_eq!((choices.odd_number(), choices.bytes(9)), (0, &b""[..]));
    }

    #[test]
    fn a_later_byte_changes_no_earlier_decision() {
        let decide = |data: &[u8]| {
            let mut choices = Choices::new(data);
            [choices.below(5), choices.below(9)]
        };
        assert_eq!(decide(&[3, 4, 5]), decide(&[3, 4, 250, 250]));
    }
}
