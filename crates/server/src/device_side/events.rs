//! `POST /api/v1/patches/events`: what became of a patch, acknowledged once it is durable.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use http::{Request, StatusCode};
use patchproof_protocol::developer::NUMBER_MAX;
use serde::Deserialize;

use crate::device_side::body;
use crate::device_side::question::object;
use crate::http::Fault;
use crate::serving::App;
use crate::store::EventRow;

/// Takes an event. Of an app that is not here it is taken too, and not kept: what anybody can send
/// must not fill the database.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    request: Request<Body>,
) -> Result<StatusCode, Fault> {
    let body = body::read(request.into_body(), BODY_BYTES_MAX).await?;
    let event = read(&body, crate::device_side::now_s())?;
    if app.views.of(&event.app_id).is_none() {
        return Ok(StatusCode::CREATED);
    }
    let recorded = app.store.record_events(vec![event]).await;
    recorded.map_err(|error| Fault::unavailable("database", &error))?;
    app.metrics.events_accepted(1);
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    event: Event<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    app_id: Cow<'a, str>,
    #[serde(borrow)]
    arch: Cow<'a, str>,
    #[serde(default, borrow)]
    client_id: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    patch_number: u64,
    #[serde(borrow)]
    platform: Cow<'a, str>,
    #[serde(borrow)]
    release_version: Cow<'a, str>,
    /// Old clients sent none.
    #[serde(default)]
    timestamp: Option<u64>,
    #[serde(default, borrow)]
    message: Option<Cow<'a, str>>,
}

fn read(body: &[u8], now_s: i64) -> Result<EventRow, Fault> {
    let Wire { event } = object(body)?;
    if event.patch_number > NUMBER_MAX {
        return Err(Fault::bad_request(format!(
            "`event.patch_number` is {}; expected at most {NUMBER_MAX}",
            event.patch_number
        )));
    }
    let timestamp_s = event.timestamp.map_or(Ok(now_s), i64::try_from);
    Ok(EventRow {
        app_id: name("app_id", &event.app_id)?,
        release_version: name("release_version", &event.release_version)?,
        platform: name("platform", &event.platform)?,
        arch: name("arch", &event.arch)?,
        client_id: name("client_id", event.client_id.as_deref().unwrap_or_default())?,
        kind: name("type", &event.kind)?,
        patch_number: event.patch_number,
        timestamp_s: timestamp_s.unwrap_or(i64::MAX),
        message: event.message.as_deref().map(message),
        received_at_s: now_s,
    })
}

/// A text of a length that names have. PostgreSQL keeps no text with a zero byte.
fn name(field: &'static str, text: &str) -> Result<String, Fault> {
    if text.len() > NAME_BYTES_MAX || text.contains('\0') {
        return Err(Fault::bad_request(format!(
            "`event.{field}` has {} bytes; expected at most {NAME_BYTES_MAX}, none of them zero",
            text.len()
        )));
    }
    Ok(text.to_owned())
}

/// The beginning of it: Shorebird's clients of some versions do not cut it themselves.
fn message(text: &str) -> String {
    let kept = text.chars().filter(|char| *char != '\0');
    kept.take(MESSAGE_CHARS_MAX).collect()
}

const BODY_BYTES_MAX: usize = 64 << 10;
const NAME_BYTES_MAX: usize = 256;
const MESSAGE_CHARS_MAX: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn body(more: &str) -> String {
        format!(
            r#"{{"event":{{"app_id":"a","arch":"aarch64","client_id":"me","patch_number":2,
            "platform":"android","release_version":"1.0+1","type":"__patch_install__",{more}}}}}"#
        )
    }

    #[test]
    fn an_event_of_shorebirds_client_is_read() {
        let event = read(body(r#""timestamp":9,"message":null"#).as_bytes(), 10).unwrap();
        assert_eq!((event.timestamp_s, event.received_at_s), (9, 10));
        assert_eq!(
            (event.kind.as_str(), event.message),
            ("__patch_install__", None)
        );
    }

    #[test]
    fn kinds_that_are_not_known_and_new_fields_are_taken() {
        let text = body(r#""timestamp":9,"x":[1]"#).replace("__patch_install__", "__new__");
        assert_eq!(read(text.as_bytes(), 10).unwrap().kind, "__new__");
    }

    #[test]
    fn a_long_message_is_cut_between_two_characters() {
        let text = body(&format!(
            r#""timestamp":9,"message":"{}""#,
            "é".repeat(5000)
        ));
        let message = read(text.as_bytes(), 10).unwrap().message.unwrap();
        assert_eq!(message.chars().count(), MESSAGE_CHARS_MAX);
    }

    #[test]
    fn what_no_database_keeps_is_refused() {
        let long = body(r#""timestamp":9"#).replace("1.0+1", &"1".repeat(257));
        let zero = body(r#""timestamp":9"#).replace("1.0+1", "a\\u0000");
        let number = body(r#""timestamp":9"#).replace(":2,", ":18446744073709551615,");
        for text in [long, zero, number, "{}".to_owned(), "[]".to_owned()] {
            let fault = read(text.as_bytes(), 10).unwrap_err();
            assert_eq!(fault.status, StatusCode::BAD_REQUEST, "{text}");
        }
    }
}
