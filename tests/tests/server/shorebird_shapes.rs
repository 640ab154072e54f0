//! What Shorebird's command line reads besides patches: who one is, and what went wrong.

use libtest_mimic::Failed;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::json;

use crate::Claim;
use crate::stage::Stand;
use crate::world::{number, text};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 2] = claims![
        who_one_is_and_where_is_told_in_its_shape
        errors_have_its_shape
    ];
    claims.to_vec()
}

fn who_one_is_and_where_is_told_in_its_shape(stand: &Stand) -> Result<(), Failed> {
    let api = &stand.world()?.admin;
    let me = api.get("/api/v1/users/me")?.expect(200)?.value()?;
    number(&me, "/id")?;
    text(&me, "/email")?;
    let all = api.get("/api/v1/organizations")?.expect(200)?.value()?;
    let organization = number(&all, "/organizations/0/organization/id")?;
    text(&all, "/organizations/0/organization/name")?;
    text(&all, "/organizations/0/role")?;
    same(all["organizations"].as_array().map(Vec::len), Some(1))?;
    let path = format!("/api/v1/organizations/{organization}/apps");
    let apps = api.get(&path)?.expect(200)?.value()?;
    same(apps["apps"].is_array(), true)?;
    let path = format!("/api/v1/organizations/{organization}/users");
    let users = api.get(&path)?.expect(200)?.value()?;
    same(users["users"].is_array(), true)
}

fn errors_have_its_shape(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, release) = world.released()?;
    let api = &app.api;
    let absent = format!("/api/v1/apps/{}", "0".repeat(8));
    let again = json!({"version": release.version, "flutter_revision": "r"});
    let answers = [
        (401, app.device.get(&app.path("releases"))?),
        (401, app.device.with("wrong").get("/api/v1/users/me")?),
        (404, api.get(&format!("{absent}/releases"))?),
        (404, api.get(&format!("{absent}/channels"))?),
        (404, api.get(&app.path("releases/999999999/patches"))?),
        (404, api.get("/api/v1/no/such/path")?),
        (404, api.ask("DELETE", &absent, &[], &[])?),
        (405, api.ask("DELETE", "/api/v1/patches/check", &[], &[])?),
        (409, api.post(&app.path("releases"), &again)?),
        (
            400,
            api.post(&app.path("patches"), &json!({"release_id": "x"}))?,
        ),
    ];
    for (status, answer) in answers {
        let answer = answer.expect(status)?;
        let body = answer.value()?;
        let object = body.as_object().ok_or("no object")?;
        let known = object.iter().all(|(name, value)| {
            ["code", "message", "details"].contains(&name.as_str()) && value.is_string()
        });
        let whole = object.contains_key("code") && object.contains_key("message");
        same((&answer.asked, known && whole), (&answer.asked, true))?;
    }
    Ok(())
}
