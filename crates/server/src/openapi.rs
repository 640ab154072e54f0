//! What the server answers, as an OpenAPI document: served, and checked in as `docs/openapi.json`.
//!
//! Handlers say what is theirs alone. What they have in common (who may ask, what is refused and in
//! which shape, what identifiers look like) is written here once, into each of them.
//!
//! To renew the file after a change: `PATCHPROOF_BLESS=1 cargo test -p patchproof-server openapi`.

mod devices;
mod everywhere;

use std::sync::LazyLock;

use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use patchproof_protocol::developer::ErrorBody;
use serde_json::Value;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::developer_side;

/// The document, as it is served.
pub(crate) async fn served() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}

static TEXT: LazyLock<String> = LazyLock::new(text);

/// The document as text, with a line end.
#[must_use]
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

/// The document.
fn document() -> Value {
    let (_, developers) = developer_side::routes_with_document().split_for_parts();
    let mut document = base();
    document.merge(developers);
    document.merge(devices::Devices::openapi());
    // All of it is made of texts and numbers.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    everywhere::write_into(&mut document);
    document
}

fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Patchproof server")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .build();
    let mut components = Components::new();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", token);
    let name = ErrorBody::name().into_owned();
    components.schemas.insert(name, ErrorBody::schema());
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build()
}

const ABOUT: &str = "\
What devices and developers ask of a server. Paths under `/api/v1` that Shorebird's tools know \
have the shapes that those expect. A token is sent as `Authorization: Bearer`; it may read, \
publish or administer, perhaps for one app alone. Whatever is refused is refused with an error \
body, whose `code` stays the same for ever.";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_checked_in_document_is_what_the_handlers_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
            std::fs::write(path, text()).unwrap();
        }
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            checked_in == text(),
            "docs/openapi.json is another: \
             PATCHPROOF_BLESS=1 cargo test -p patchproof-server openapi"
        );
    }

    fn operations() -> Vec<(String, Value)> {
        let document = document();
        let paths = document["paths"].as_object().unwrap().clone();
        let of_path = |(path, item): (String, Value)| {
            let methods = item.as_object().unwrap().clone();
            methods
                .into_iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        };
        paths.into_iter().flat_map(of_path).collect()
    }

    #[test]
    fn each_operation_says_what_it_refuses_and_in_our_shape() {
        for (name, operation) in operations() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("400"), "{name}");
            for (status, response) in responses {
                if status.as_str() >= "400" && status != "416" {
                    let schema = response.pointer("/content/application~1json/schema/$ref");
                    let ours = Some(&Value::from("#/components/schemas/ErrorBody"));
                    assert_eq!(schema, ours, "{name} {status}");
                }
            }
        }
    }

    #[test]
    fn no_two_operations_have_one_id_and_all_are_described() {
        let mut ids = BTreeSet::new();
        for (name, operation) in operations() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(ids.insert(id), "{name}");
            assert!(operation["summary"].is_string(), "{name}");
        }
    }

    #[test]
    fn every_path_of_a_developer_but_uploads_asks_for_a_token() {
        for (name, operation) in operations() {
            let open = operation["security"] == serde_json::json!([{}]);
            let is_open = !name.contains("/api/v1/")
                || name.contains("/uploads/")
                || name.contains("/api/v1/patches/");
            assert_eq!(open, is_open, "{name}");
        }
    }
}
