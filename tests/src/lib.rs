//! Shared helpers of the tests that cross rooms.

pub mod headers;
