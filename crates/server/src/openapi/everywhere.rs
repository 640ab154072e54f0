//! What every operation has in common, written into each.

use serde_json::{Map, Value, json};

/// Completes the document.
pub(super) fn write_into(document: &mut Value) {
    if let Some(document) = document.as_object_mut() {
        document.insert("security".to_owned(), json!([{ "token": [] }]));
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let operations = item.as_object_mut();
        for (_, operation) in operations.into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete(path, operation);
            }
        }
    }
}

fn complete(path: &str, operation: &mut Map<String, Value>) {
    let is_open = operation
        .get("security")
        .is_some_and(|of| *of == json!([{}]));
    let kinds = body_kinds(operation);
    let mut refused = vec![
        ("400", BAD_REQUEST),
        ("429", TOO_MANY),
        ("503", UNAVAILABLE),
    ];
    if !is_open {
        refused.extend([("401", UNAUTHORIZED), ("403", FORBIDDEN)]);
    }
    if path.contains('{') {
        refused.push(("404", NOT_FOUND));
    }
    if !kinds.is_empty() {
        refused.push(("413", TOO_LARGE));
        refused.push(("408", TIMEOUT));
    }
    if kinds.iter().any(|kind| kind != "application/octet-stream") {
        refused.push(("415", UNSUPPORTED));
    }
    add(operation, &refused);
    parameters(operation);
}

/// The types of body that the operation takes.
fn body_kinds(operation: &Map<String, Value>) -> Vec<String> {
    let body = operation.get("requestBody");
    let kinds = body.and_then(|body| body.get("content")?.as_object());
    kinds.map_or_else(Vec::new, |kinds| kinds.keys().cloned().collect())
}

/// Adds what may be refused, and gives each refusal its shape.
fn add(operation: &mut Map<String, Value>, refused: &[(&str, &str)]) {
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    for (status, description) in refused {
        let known = responses.entry(*status);
        known.or_insert_with(|| json!({ "description": description }));
    }
    for (status, response) in responses.iter_mut() {
        let is_refusal = status.as_str() >= "400" && status != "416";
        if let Some(response) = response.as_object_mut().filter(|_| is_refusal) {
            response.insert("content".to_owned(), error_body());
        }
    }
    responses.sort_keys();
}

fn error_body() -> Value {
    json!({ "application/json": { "schema": { "$ref": "#/components/schemas/ErrorBody" } } })
}

/// Says of each parameter, by its name, what it is and how it looks.
fn parameters(operation: &mut Map<String, Value>) {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter.get("name").and_then(Value::as_str);
        let Some((description, schema)) = name.and_then(described) else {
            continue;
        };
        if let Some(parameter) = parameter.as_object_mut() {
            let known = parameter.entry("description");
            known.or_insert_with(|| description.into());
            parameter.insert("schema".to_owned(), schema);
        }
    }
}

fn described(name: &str) -> Option<(&'static str, Value)> {
    let id = || {
        json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": ID_MAX,
            "example": 1 })
    };
    let word = |example: &str| {
        json!({ "type": "string", "pattern": "^[A-Za-z0-9._+-]+$", "minLength": 1,
            "maxLength": 128, "example": example })
    };
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    Some(match name {
        "app_id" => ("The app's id", word("com.example.app")),
        "release_id" => ("The release's id on this server", id()),
        "patch_id" => ("The patch's id on this server", id()),
        "token_id" => ("The token's id on this server", id()),
        "organization_id" => ("There is one organization: 1", id()),
        "version" => ("The root's version", id()),
        "sha256" => ("SHA-256 of the file, in lower-case hex", hash()),
        "release_sha256" => ("What statements call the release", hash()),
        "token" => (
            "The token of the upload, as it was announced",
            json!({ "type": "string",
            "pattern": "^[A-Za-z0-9_-]{43}$" }),
        ),
        "channel" => ("The channel", word("stable")),
        "release" => ("The release's version", word("1.2.3+4")),
        "arch" => ("The architecture", word("aarch64")),
        "platform" => ("The platform", word("android")),
        "sideloadable" => (
            "Whether it can be installed as it is",
            json!({ "type": "boolean" }),
        ),
        _ => return None,
    })
}

const ID_MAX: u64 = patchproof_protocol::developer::NUMBER_MAX;
const BAD_REQUEST: &str = "The request cannot be read, or a field of it is out of its bounds";
const UNAUTHORIZED: &str = "`unauthorized`: no token, or one that does not hold";
const FORBIDDEN: &str = "`forbidden`: the token's scope is not enough, or it is another app's";
const NOT_FOUND: &str = "What the path names is not there";
const TIMEOUT: &str = "The body stood still";
const TOO_LARGE: &str = "`too_large`: the body has more bytes than are taken";
const UNSUPPORTED: &str = "`unsupported_media_type`: the body is of another type";
const TOO_MANY: &str = "`too_many_requests`: `Retry-After` says when to ask again";
const UNAVAILABLE: &str = "`unavailable`: a part of the server does not answer; ask again";
