//! Servers that tests start for real: PostgreSQL, an S3-compatible store, and `patchproof serve`.
//!
//! Each is a value that ends what it started when it is dropped, also after a failed test. What is
//! not installed makes an error that names the package: a check that was passed over is no check.

mod child;
mod client;
mod multipart;
mod postgres;
mod s3;
mod serve;

pub use child::free_port;
pub use client::{Answer, Client};
pub use multipart::Form;
pub use postgres::Postgres;
pub use s3::S3;
pub use serve::{Serve, Setup};
