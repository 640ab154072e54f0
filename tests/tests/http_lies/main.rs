//! The HTTP client against servers that lie, dawdle and never end: each lie is told by its own
//! error, within bounded bytes and bounded time. Needs no network but this machine's own.

#[cfg(test)]
mod client;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod encrypted;
#[cfg(test)]
mod endless;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod redirects;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod waiting;
