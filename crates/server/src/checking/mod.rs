//! Whether a file is what its developer says, before anyone else sees it. Pure: files and words
//! come in as arguments, and a verdict goes out; the store and the network are others' business.

mod desk;
mod library;
mod patch;
mod release_file;
mod roots;
mod statement;
mod unfit;

pub use desk::Desk;
pub use library::{LIBRARY_BYTES_MAX, Library};
pub use patch::{Claim, inflated};
pub use release_file::{is_bare_library, release_file};
pub use roots::{first_root, newest_root, next_root, word};
pub use statement::{Said, SaidDownload, patch_statement};
pub use unfit::Unfit;
