//! The C library, from C.

mod arguments;
mod away;
mod engine;
mod header;
mod hostile;
mod symbols;
mod world;
