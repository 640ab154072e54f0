//! Makes and inflates patches between two libraries, in memory.
//!
//! This room knows bytes, not where they come from. So far it writes and reads one container,
//! `shorebird`: one zstd frame around a bidiff stream, byte-compatible with Shorebird's tools (see
//! `docs/formats/shorebird-patch.md`).
//!
//! - [`make()`] writes a patch and never returns one that it did not inflate again and compare.
//! - [`inflate()`] goes through both decoders and returns bytes only where they agree:
//!   [`reference()`], the one on devices (zstd and bipatch), and [`plain`], a second one written
//!   from the format over another zstd library, sharing nothing with the first.
//! - [`describe`] counts what a patch is made of, without a base.

mod aligned;
mod columns;
mod describe;
mod error;
mod header;
mod inflate;
mod limits;
mod make;
pub mod plain;
mod reference;
mod search;
mod source;
#[doc(hidden)]
pub mod stages;
mod stream;
mod streams;
mod transform;
mod varint;

pub use aligned::{Aligned, aligned};
pub use describe::{Description, describe, looks_like_a_patch};
pub use error::{InflateError, Limit, MakeError, Malformed};
pub use header::{Codec, DeclaredBase, Header, StreamExtent};
pub use inflate::{inflate, inflate_through};
pub use limits::Limits;
pub use make::{
    CodecChoice, Container, DEFAULT_LEVEL, LEVELS, MakeOptions, make, make_through, make_with,
};
pub use reference::inflate as reference;
pub use source::{ReadAt, Scratch};
pub use stream::{Inflated, Inflation, StreamError};
pub use streams::{Shares, Streams};
pub use transform::{Known, MakeTransform, PlainTransform, Transform, Views};

/// Whether a patch has the header of the `patchproof` container.
fn has_header(patch: &[u8]) -> bool {
    patch.starts_with(&header::MAGIC)
}
