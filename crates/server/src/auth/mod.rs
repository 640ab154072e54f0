//! Who may do what: tokens, and extractors through which alone a handler reaches anything.
//!
//! The state of the developer's routes is [`Guarded`], and nothing outside of this room can look
//! into it. A handler that wants the store takes an [`OfApp`], a [`ServerWide`], an [`AnyToken`] or
//! an [`OfUpload`] as an argument, and each is made by the check that it is called after.

mod bearer;
mod guarded;
mod link;
mod of_app;
mod secret;
mod tokens;

pub use bearer::{AnyToken, ServerWide};
pub use guarded::{Guarded, Reach};
pub use link::OfBlob;
pub use of_app::{OfApp, OfUpload};
pub use secret::Secret;
pub(crate) use secret::TOKEN_PREFIX;
pub(crate) use tokens::scope_of;
pub use tokens::{Administers, Needs, Publishes, Reads, issue};
