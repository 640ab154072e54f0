//! What a server was told.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::phone::Server;

/// What a server was told.
pub(super) fn events_of(server: &Server) -> BTreeSet<(String, u64)> {
    server
        .events()
        .iter()
        .filter_map(|body| event(body))
        .collect()
}

fn event(body: &str) -> Option<(String, u64)> {
    #[derive(Deserialize)]
    struct Body {
        event: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        r#type: String,
        patch_number: u64,
    }
    let body: Body = serde_json::from_str(body).ok()?;
    Some((body.event.r#type, body.event.patch_number))
}
