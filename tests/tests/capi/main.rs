//! The C library, from C.

mod arguments;
mod engine;
mod header;
mod hostile;
mod symbols;
mod world;
