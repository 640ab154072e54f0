//! What an input decides, read from its front; one that is used up decides for the first.

use arbitrary::Unstructured;

pub(super) struct Chances<'a>(Unstructured<'a>);

impl<'a> Chances<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self(Unstructured::new(data))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let last = count.saturating_sub(1);
        self.0.int_in_range(0..=last).unwrap_or_default()
    }

    /// Yes in one of so many cases.
    pub(super) fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) + 1 == cases
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    pub(super) fn long(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }

    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len());
        *items.get(index).expect("a list that has something")
    }
}
