//! A server with its administrator, and apps, releases and patches on it.

use std::sync::Arc;

use libtest_mimic::Failed;
use patchproof_tests::servers::{Client, Serve};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A server that runs.
pub(crate) struct World {
    pub(crate) serve: Serve,
    pub(crate) admin: Client,
}

/// An app of its own on a server.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) id: String,
    /// The administrator.
    pub(crate) api: Client,
    /// A device, without a token.
    pub(crate) device: Client,
}

/// A release of an app, whose library is a made one.
#[derive(Clone)]
pub(crate) struct Release {
    pub(crate) id: i64,
    pub(crate) version: String,
    pub(crate) library: Arc<[u8]>,
}

impl World {
    pub(crate) fn on(serve: Serve) -> Result<Self, Failed> {
        let admin = serve.admin()?;
        Ok(Self { serve, admin })
    }

    /// A new app.
    pub(crate) fn app(&self) -> Result<App, Failed> {
        App::new(&self.admin)
    }

    /// A new app with a release that is active.
    pub(crate) fn released(&self) -> Result<(App, Release), Failed> {
        let app = self.app()?;
        let release = app.release(VERSION)?;
        Ok((app, release))
    }
}

/// A download of `publish`, out of Shorebird's container.
pub(crate) fn download(patch: &[u8]) -> Value {
    json!({"sha256": sha256(patch), "size_bytes": patch.len(), "container": "shorebird"})
}

/// The number that an answer offers; 0 for none.
pub(crate) fn offered(answer: &Value) -> u64 {
    match answer["patch_available"].as_bool() {
        Some(true) => answer["patch"]["number"].as_u64().unwrap_or(0),
        _ => 0,
    }
}

/// What an answer withdraws.
pub(crate) fn withdrawn(answer: &Value) -> Vec<u64> {
    let numbers = answer["rolled_back_patch_numbers"].as_array();
    let numbers = numbers.into_iter().flatten();
    numbers.filter_map(Value::as_u64).collect()
}

/// Puts fields over those of an object; a null takes one away.
pub(crate) fn merge(into: &mut Value, fields: Value) {
    let (Value::Object(into), Value::Object(fields)) = (into, fields) else {
        return;
    };
    for (name, value) in fields {
        match value {
            Value::Null => drop(into.remove(&name)),
            value => drop(into.insert(name, value)),
        }
    }
}

pub(crate) fn id(value: &Value) -> Result<i64, Failed> {
    number(value, "/id")
}

pub(crate) fn number(value: &Value, pointer: &str) -> Result<i64, Failed> {
    let found = value.pointer(pointer).and_then(Value::as_i64);
    found.ok_or_else(|| format!("no number at {pointer} of {value}").into())
}

pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> Result<&'v str, Failed> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| format!("no text at {pointer} of {value}").into())
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

pub(crate) const CHECK: &str = "/api/v1/patches/check";
pub(crate) const EVENTS: &str = "/api/v1/patches/events";
pub(crate) const VERSION: &str = "1.2.3+4";
pub(crate) const CLIENT: &str = "0a5b6c7d-8e9f-4a0b-8c1d-2e3f4a5b6c7d";
