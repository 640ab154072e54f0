//! Who looks on while a base is rewritten: the making half learns from it which values there are.

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A token of a cluster: an id, or a number of a run.
    Cluster,
    /// An index of code.
    Code,
    /// A place that is called, seen from the start of all machine code.
    Call,
    /// A place that is jumped to, or called relative to where the call stands.
    Jump,
    /// An offset in the object pool.
    Pool,
    /// An offset of a selector.
    Selector,
    /// A field of a record, with a map of its own.
    Field(u8),
}

/// A value of a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) class: Class,
    /// Before it moved. Of a cluster's token with the highest bits first, in whatever form; -1
    /// where it is too long for a value.
    pub(crate) value: i64,
    /// Where it stands in what is seen, and how long it was before it moved.
    pub(crate) at: usize,
    pub(crate) length: u8,
}

/// Is told of every value.
pub(crate) trait Watch {
    fn token(&mut self, token: Token);
}

/// Nobody looks on.
impl Watch for () {
    fn token(&mut self, _: Token) {}
}
