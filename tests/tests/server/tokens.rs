//! Tokens: who may do what.

use libtest_mimic::Failed;
use patchproof_tests::claims;
use patchproof_tests::servers::Client;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::scopes::{
    Scope::{Admin, Publisher, Read},
    TABLE,
};
use crate::stage::Stand;
use crate::world::{App, World, number, text};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 6] = claims![
        each_endpoint_is_for_its_scope_and_those_above
        every_endpoint_of_the_document_stands_in_the_table_of_scopes
        a_token_of_one_app_sees_no_other
        a_revoked_token_is_no_token
        a_token_is_told_once_and_nowhere_again
        what_is_no_token_is_refused_alike
    ];
    claims.to_vec()
}

fn each_endpoint_is_for_its_scope_and_those_above(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, _) = world.released()?;
    let mut wrong = Vec::new();
    for (scope, name) in [(Read, "read"), (Publisher, "publisher"), (Admin, "admin")] {
        let (token, _) = token(&world, name, None)?;
        let client = world.serve.client().with(&token);
        for (needed, method, path) in TABLE {
            let answer = ask(&client, method, &filled(path, &app))?;
            let is_refused = matches!(answer, 401 | 403);
            if is_refused != (scope < needed) || answer >= 500 {
                wrong.push(format!("{name}: {method} {path}: {answer}"));
            }
        }
    }
    for (_, method, path) in TABLE {
        let answer = ask(&world.serve.client(), method, &filled(path, &app))?;
        if answer != 401 {
            wrong.push(format!("nobody: {method} {path}: {answer}"));
        }
    }
    same(wrong, Vec::<String>::new())
}

fn every_endpoint_of_the_document_stands_in_the_table_of_scopes(
    stand: &Stand,
) -> Result<(), Failed> {
    let world = stand.world()?;
    let document = world
        .serve
        .client()
        .get("/openapi.json")?
        .expect(200)?
        .value()?;
    let paths = document["paths"].as_object().ok_or("no paths")?;
    let mut missing = Vec::new();
    for (path, item) in paths {
        for method in ["get", "put", "post", "patch", "delete"] {
            let known = TABLE.iter().any(|(_, of_table, known)| {
                of_table.eq_ignore_ascii_case(method) && shape(known) == shape(path)
            });
            if item.get(method).is_some()
                && !known
                && !OPEN.iter().any(|open| path.starts_with(open))
            {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    same(missing, Vec::<String>::new())
}

fn a_token_of_one_app_sees_no_other(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, release) = world.released()?;
    let (other, of_other) = world.released()?;
    let (secret, _) = token(&world, "publisher", Some(&app))?;
    let client = world.serve.client().with(&secret);
    let bound = App {
        api: client.clone(),
        ..app.clone()
    };
    let patch = bound.publish(&release, 1, 1)?;
    for path in ["releases", "channels", "status", "roots"] {
        let answer = client.get(&other.path(path))?;
        same((path, matches!(answer.status, 403 | 404)), (path, true))?;
    }
    // To bring, to publish, and its own patch by way of the other app.
    let publication = other.publication(&of_other, 1, 1);
    let rollback = format!("releases/{}/patches/{patch}/rollback", release.id);
    let blob = format!("blobs/{}", "0".repeat(64));
    for (method, path, body) in [
        ("PUT", blob.as_str(), &Value::Null),
        ("POST", "publish", &publication),
        ("POST", &rollback, &Value::Null),
    ] {
        let answer = client.json(method, &other.path(path), body)?;
        same((path, matches!(answer.status, 403 | 404)), (path, true))?;
    }
    same(app.offered(&release)?, 1)?;
    let listed = client.get("/api/v1/apps")?.expect(200)?.value()?;
    let listed = listed["apps"].as_array().ok_or("no array")?.clone();
    let listed: Vec<_> = listed.iter().map(|found| found["app_id"].clone()).collect();
    same(listed, vec![json!(app.id)])
}

fn a_revoked_token_is_no_token(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (secret, id) = token(&world, "admin", None)?;
    let client = world.serve.client().with(&secret);
    client.get("/api/v1/users/me")?.expect(200)?;
    let path = format!("/api/v1/tokens/{id}");
    world.admin.ask("DELETE", &path, &[], &[])?.success()?;
    client.get("/api/v1/users/me")?.expect(401)?;
    Ok(())
}

fn a_token_is_told_once_and_nowhere_again(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (secret, id) = token(&world, "read", None)?;
    same(secret.len() >= 43, true)?;
    let listed = world.admin.get("/api/v1/tokens")?.expect(200)?;
    let text = String::from_utf8_lossy(&listed.body).into_owned();
    same(text.contains(&secret), false)?;
    let value = listed.value()?;
    let mut all = value["tokens"].as_array().ok_or("no array")?.iter();
    same(all.any(|token| token["id"] == json!(id)), true)?;
    let admin = world.serve.admin_token()?;
    let said = world.serve.said();
    same(said.contains(&secret) || said.contains(&admin), false)
}

fn what_is_no_token_is_refused_alike(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let client = world.serve.client();
    let admin = world.serve.admin_token()?;
    let (basic, bare) = (format!("Basic {admin}"), admin.clone());
    let doubled = format!("Bearer {admin} {admin}");
    for header in ["", "Bearer", "Bearer ", "Bearer x", &basic, &bare, &doubled] {
        let headers = [("authorization", header)];
        let answer = client.ask("GET", "/api/v1/users/me", &headers, &[])?;
        same((header.len(), answer.status), (header.len(), 401))?;
    }
    Ok(())
}

fn token(world: &World, scope: &str, app: Option<&App>) -> Result<(String, i64), Failed> {
    let mut asked = json!({"name": "a test", "scope": scope});
    if let Some(app) = app {
        asked["app_id"] = json!(app.id);
    }
    let made = world
        .admin
        .post("/api/v1/tokens", &asked)?
        .success()?
        .value()?;
    Ok((text(&made, "/token")?.to_owned(), number(&made, "/id")?))
}

fn ask(client: &Client, method: &str, path: &str) -> Result<u16, Failed> {
    let nothing = Value::Null;
    let answer = match method {
        "GET" => client.get(path)?,
        _ => client.json(method, path, &nothing)?,
    };
    Ok(answer.status)
}

/// A path with an app that is there, and nothing else that is.
fn filled(path: &str, app: &App) -> String {
    let nobody = app.id.chars().rev().collect::<String>();
    let app = if path.ends_with("{app}") {
        &nobody
    } else {
        &app.id
    };
    path.replace("{app}", app)
        .replace("{organization}", "1")
        .replace("{release}", "999999999")
        .replace("{patch}", "999999999")
        .replace("{token}", "999999999")
        .replace("{version}", "7")
        .replace("{sha256}", &"0".repeat(64))
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let shown = |part| {
        if str::starts_with(part, '{') {
            "{}"
        } else {
            part
        }
    };
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}

/// What no token is asked for.
const OPEN: [&str; 7] = [
    "/api/v1/patches/",
    "/api/v1/uploads/",
    "/patchproof/v1/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
];
