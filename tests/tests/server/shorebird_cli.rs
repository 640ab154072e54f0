//! Shorebird's command line against this server: its requests in its order, and every answer in
//! the shape that it reads.

use std::collections::BTreeSet;

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::servers::Form;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::choosing::told;
use crate::stage::Stand;
use crate::world::{App, Release, VERSION, id, number, sha256, text};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 6] = claims![
        an_app_is_made_listed_and_deleted_in_its_shape
        a_release_is_made_and_listed_in_its_shape
        a_patch_goes_out_in_its_order_and_nobody_sees_it_before_the_end
        an_upload_by_put_is_as_good_as_a_form
        an_upload_of_other_bytes_is_refused_and_leaves_nothing
        what_was_begun_and_left_hides_nothing_that_comes_after
    ];
    claims.to_vec()
}

fn an_app_is_made_listed_and_deleted_in_its_shape(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let find = || -> Result<Option<Value>, Failed> {
        let all = app.api.get("/api/v1/apps")?.expect(200)?.value()?;
        let all = all["apps"].as_array().ok_or("no array")?.clone();
        Ok(all
            .into_iter()
            .find(|found| found["app_id"] == json!(app.id)))
    };
    let found = find()?.ok_or("the app is not listed")?;
    same(text(&found, "/display_name")?, "An app")?;
    same(text(&found, "/latest_release_version")?, VERSION)?;
    same(number(&found, "/latest_patch_number")?, 1)?;
    is_moment(text(&found, "/created_at")?)?;
    is_moment(text(&found, "/updated_at")?)?;
    let path = format!("/api/v1/apps/{}", app.id);
    app.api.ask("DELETE", &path, &[], &[])?.success()?;
    same(find()?, None::<Value>)?;
    told(&app, &release, 0, &[])
}

fn a_release_is_made_and_listed_in_its_shape(stand: &Stand) -> Result<(), Failed> {
    let app = stand.world()?.app()?;
    let asked = json!({
        "version": VERSION,
        "flutter_revision": "83675ed276",
        "flutter_version": "3.22.2",
        "display_name": null,
    });
    let made = app
        .api
        .post(&app.path("releases"), &asked)?
        .success()?
        .value()?;
    let release = &made["release"];
    same(&release["app_id"], &json!(app.id))?;
    same(&release["platform_statuses"], &json!({}))?;
    let path = app.path(&format!("releases/{}", number(release, "/id")?));
    let draft = json!({"status": "draft", "platform": "android", "metadata": {"a": {"b": 1}}});
    app.api.json("PATCH", &path, &draft)?.success()?;
    app.api
        .json("PATCH", &path, &json!({"notes": "first"}))?
        .success()?;
    let listed = app.api.get(&app.path("releases"))?.expect(200)?.value()?;
    let mut listed = listed["releases"][0].clone();
    for moment in ["created_at", "updated_at"] {
        is_moment(listed[moment].take().as_str().unwrap_or_default())?;
    }
    let expected = json!({
        "id": release["id"],
        "app_id": app.id,
        "version": VERSION,
        "flutter_revision": "83675ed276",
        "flutter_version": "3.22.2",
        "platform_statuses": {"android": "draft"},
        "notes": "first",
        "created_at": null,
        "updated_at": null,
    });
    same(listed, expected)?;
    let some = app.path("releases?sideloadable=true");
    let some = app.api.get(&some)?.expect(200)?.value()?;
    same(&some["releases"], &json!([]))
}

fn a_patch_goes_out_in_its_order_and_nobody_sees_it_before_the_end(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let path = app.path(&format!(
        "releases/{}/artifacts?arch=aarch64&platform=android",
        release.id
    ));
    let artifacts = app.api.get(&path)?.expect(200)?.value()?;
    let artifact = &artifacts["artifacts"][0];
    same(text(artifact, "/hash")?, sha256(&release.library).as_str())?;
    let fetched = app.api.get(text(artifact, "/url")?)?.expect(200)?;
    same(fetched.body, release.library.to_vec())?;

    let begun = begin(&app, &release)?;
    same(number(&begun, "/number")?, 1)?;
    told(&app, &release, 0, &[])?;
    let library = Library::patched(0, 1);
    let made = artifact_of(&app, id(&begun)?, &library)?;
    let keys: BTreeSet<&str> = made
        .as_object()
        .ok_or("an object")?
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "arch",
        "hash",
        "id",
        "patch_id",
        "platform",
        "size",
        "upload_method",
        "url",
    ];
    same(keys, BTreeSet::from(expected))?;
    same(&made["upload_method"], &json!("multipart"))?;
    told(&app, &release, 0, &[])?;
    app.upload(text(&made, "/url")?, &library.patch)?
        .success()?;
    told(&app, &release, 0, &[])?;

    let channels = app.api.get(&app.path("channels"))?.expect(200)?.value()?;
    same(channels.is_array(), true)?;
    let channel = app.channel("stable")?;
    let asked = json!({"patch_id": id(&begun)?, "channel_id": channel});
    app.api
        .post(&app.path("patches/promote"), &asked)?
        .success()?;
    told(&app, &release, 1, &[])?;
    let answer = app.check(&release, json!({}))?;
    let fetched = app.device.get(text(&answer, "/patch/download_url")?)?;
    same(fetched.expect(200)?.body, library.patch.to_vec())?;
    listed_as_shorebird_reads_it(&app, &release, &begun, &library)
}

fn listed_as_shorebird_reads_it(
    app: &App,
    release: &Release,
    begun: &Value,
    library: &Library,
) -> Result<(), Failed> {
    let path = app.path(&format!("releases/{}/patches", release.id));
    let mut listed = app.api.get(&path)?.expect(200)?.value()?;
    let artifact = &mut listed["patches"][0]["artifacts"][0];
    is_moment(artifact["created_at"].take().as_str().unwrap_or_default())?;
    number(artifact, "/id")?;
    artifact["id"].take();
    let expected = json!({"patches": [{
        "id": begun["id"],
        "number": 1,
        "channel": "stable",
        "artifacts": [{
            "id": null,
            "patch_id": begun["id"],
            "arch": "aarch64",
            "platform": "android",
            "hash": sha256(&library.bytes),
            "size": library.patch.len(),
            "created_at": null,
        }],
        "is_rolled_back": false,
    }]});
    same(listed, expected)
}

fn an_upload_by_put_is_as_good_as_a_form(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let begun = begin(&app, &release)?;
    let library = Library::patched(0, 1);
    let made = artifact_of(&app, id(&begun)?, &library)?;
    let kind = [("content-type", "application/octet-stream")];
    let url = text(&made, "/url")?;
    app.device
        .ask("PUT", url, &kind, &library.patch)?
        .success()?;
    app.promote(id(&begun)?, "stable", 10_000)?;
    told(&app, &release, 1, &[])?;
    // It authorised once.
    let again = app.device.ask("PUT", url, &kind, &library.patch)?;
    same((400..500).contains(&again.status), true)
}

fn an_upload_of_other_bytes_is_refused_and_leaves_nothing(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let begun = begin(&app, &release)?;
    let library = Library::patched(0, 1);
    let made = artifact_of(&app, id(&begun)?, &library)?;
    let url = text(&made, "/url")?;
    let other = Library::patched(0, 2);
    let short = library.patch.get(1..).unwrap_or_default();
    for bytes in [&[][..], short, &other.patch, b"no patch at all"] {
        let answer = app.upload(url, bytes)?;
        same((400..500).contains(&answer.status), true)
            .map_err(|_| format!("{} bytes: {}", bytes.len(), answer.status))?;
        told(&app, &release, 0, &[])?;
    }
    // A patch without its file cannot go out.
    let asked = json!({"patch_id": id(&begun)?, "channel_id": app.channel("stable")?});
    let answer = app.api.post(&app.path("patches/promote"), &asked)?;
    same((400..500).contains(&answer.status), true)?;
    told(&app, &release, 0, &[])
}

fn what_was_begun_and_left_hides_nothing_that_comes_after(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let left = begin(&app, &release)?;
    artifact_of(&app, id(&left)?, &Library::patched(0, 1))?;
    let begun = begin(&app, &release)?;
    same(number(&begun, "/number")?, 2)?;
    let library = Library::patched(0, 2);
    let made = artifact_of(&app, id(&begun)?, &library)?;
    app.upload(text(&made, "/url")?, &library.patch)?
        .success()?;
    app.promote(id(&begun)?, "stable", 10_000)?;
    told(&app, &release, 2, &[])
}

fn begin(app: &App, release: &Release) -> Result<Value, Failed> {
    let asked = json!({"release_id": release.id, "metadata": {"release_platform": "android"}});
    app.api
        .post(&app.path("patches"), &asked)?
        .success()?
        .value()
}

fn artifact_of(app: &App, patch: i64, library: &Library) -> Result<Value, Failed> {
    let form = Form::of(&[
        ("arch", "aarch64"),
        ("platform", "android"),
        ("hash", &sha256(&library.bytes)),
        ("size", &library.patch.len().to_string()),
    ]);
    let path = app.path(&format!("patches/{patch}/artifacts"));
    app.form(&path, &form)?.success()?.value()
}

/// As Dart's `DateTime.parse` reads it.
fn is_moment(text: &str) -> Result<(), Failed> {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    same(
        shape.starts_with("0000-00-00T00:00:00") && shape.ends_with('Z'),
        true,
    )
    .map_err(|_| format!("{text:?} is no moment").into())
}
