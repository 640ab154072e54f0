//! The reference server: devices ask it, developers publish on it.
//!
//! `store` keeps words in a database and `blobs` keeps files; `view` is what devices see of both,
//! in memory. `device_side` and `developer_side` answer over HTTP, `serving` ties all together.

pub mod auth;
pub mod blobs;
pub mod checking;
pub mod developer_side;
pub mod device_side;
pub mod http;
pub mod openapi;
pub mod operations;
pub mod serving;
pub mod settings;
pub mod signing;
pub mod store;
pub mod uploads;
pub mod view;

pub use serving::{App, Running, ServeError, serve, start};
