//! Files on their way in: streamed to the disk while they are hashed, bounded by what was
//! announced, and gone unless somebody keeps them.

mod form;
mod inbox;

pub use form::{Fields, file_of_form};
pub use inbox::{Announced, Arrived, Inbox};

#[cfg(test)]
mod tests;
