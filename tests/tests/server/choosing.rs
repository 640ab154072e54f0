//! What a developer decides of patches that are out: where they sit, how far they are rolled out,
//! and that they go.

use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::Failed;
use patchproof_protocol::bucket;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::{App, Release, offered, withdrawn};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 10] = claims![
        a_patch_sits_on_one_channel_and_promoting_moves_it
        a_staged_patch_is_seen_by_its_channel_alone
        a_patch_that_is_rolled_back_goes_and_the_one_below_comes
        a_patch_that_is_rolled_forward_is_offered_again
        the_kill_switch_withdraws_every_number_and_gives_them_back
        a_patch_that_expired_is_offered_no_more_and_not_withdrawn
        notes_and_force_are_told_where_there_are_some
        a_rollout_reaches_the_clients_whose_bucket_is_below_it
        a_rollout_that_is_no_share_is_refused
        what_a_channel_is_called_is_a_word
    ];
    claims.to_vec()
}

fn a_patch_sits_on_one_channel_and_promoting_moves_it(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let patch = app.publish(&release, 1, 1)?;
    app.promote(patch, "beta", 10_000)?;
    same(app.offered(&release)?, 0)?;
    let beta = app.check(&release, json!({"channel": "beta"}))?;
    same(offered(&beta), 1)?;
    app.promote(patch, "stable", 10_000)?;
    same(app.offered(&release)?, 1)?;
    let beta = app.check(&release, json!({"channel": "beta"}))?;
    same(offered(&beta), 0)
}

fn a_staged_patch_is_seen_by_its_channel_alone(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let mut staged = app.publication(&release, 2, 2);
    staged["channel"] = json!("staging");
    app.publish_as(staged, 2)?;
    same(app.offered(&release)?, 1)?;
    let staging = app.check(&release, json!({"channel": "staging"}))?;
    same(offered(&staging), 2)
}

fn a_patch_that_is_rolled_back_goes_and_the_one_below_comes(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let second = app.publish(&release, 2, 2)?;
    app.roll("POST", &release, second)?;
    told(&app, &release, 1, &[2])?;
    let path = app.path(&format!("releases/{}/patches", release.id));
    let listed = app.api.get(&path)?.expect(200)?.value()?;
    let listed = [0, 1].map(|index| listed["patches"][index]["is_rolled_back"].clone());
    same(listed, [json!(false), json!(true)])?;
    // Twice is as good as once.
    app.roll("POST", &release, second)?;
    told(&app, &release, 1, &[2])
}

fn a_patch_that_is_rolled_forward_is_offered_again(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let patch = app.publish(&release, 1, 1)?;
    app.roll("POST", &release, patch)?;
    told(&app, &release, 0, &[1])?;
    app.roll("DELETE", &release, patch)?;
    told(&app, &release, 1, &[])?;
    let alias = app.path(&format!("patches/{patch}/rollback"));
    app.api.ask("POST", &alias, &[], &[])?.success()?;
    told(&app, &release, 0, &[1])?;
    app.api.ask("DELETE", &alias, &[], &[])?.success()?;
    told(&app, &release, 1, &[])
}

fn the_kill_switch_withdraws_every_number_and_gives_them_back(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    for number in 1..=3 {
        app.publish(&release, number, u8::try_from(number)?)?;
    }
    app.kill_switch("POST", &release)?;
    told(&app, &release, 0, &[1, 2, 3])?;
    app.kill_switch("DELETE", &release)?;
    told(&app, &release, 3, &[])
}

fn a_patch_that_expired_is_offered_no_more_and_not_withdrawn(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let mut asked = app.publication(&release, 2, 2);
    asked["expires_at"] = json!(now_s()? + 1000);
    let patch = app.publish_as(asked, 2)?;
    told(&app, &release, 2, &[])?;
    change(&app, &release, patch, json!({"expires_at": now_s()? - 1}))?;
    told(&app, &release, 1, &[])?;
    change(&app, &release, patch, json!({"expires_at": 0}))?;
    told(&app, &release, 2, &[])
}

fn notes_and_force_are_told_where_there_are_some(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let patch = app.publish(&release, 1, 1)?;
    let told = |name: &str| -> Result<Option<Value>, Failed> {
        Ok(app.check(&release, json!({}))?["patch"].get(name).cloned())
    };
    same(told("notes")?, None)?;
    same(told("force_update")?, None)?;
    let words = "Fixes the \u{1f41b} in the \"menu\"";
    change(
        &app,
        &release,
        patch,
        json!({"notes": words, "force_update": true}),
    )?;
    same(told("notes")?, Some(json!(words)))?;
    same(told("force_update")?, Some(json!(true)))?;
    // As Shorebird's own body has it: what is left out stays.
    change(&app, &release, patch, json!({"notes": "other"}))?;
    same(told("force_update")?, Some(json!(true)))
}

fn a_rollout_reaches_the_clients_whose_bucket_is_below_it(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let patch = app.publish(&release, 1, 1)?;
    let hash = Library::patched(0, 1).sha256;
    let mut reached = [false; CLIENTS];
    for to in [0, 100, 2_000, 5_000, 10_000] {
        let path = app.path(&format!("patches/{patch}/rollout"));
        let asked = json!({"rollout_basis_points": to});
        app.api.json("PUT", &path, &asked)?.success()?;
        for (number, was_reached) in reached.iter_mut().enumerate() {
            let client = format!("client {number}");
            let answer = app.check(&release, json!({"client_id": client}))?;
            let is_reached = offered(&answer) == 1;
            let expected = bucket(&app.id, &hash, client.as_bytes()) < to;
            same((to, &client, is_reached), (to, &client, expected))?;
            same((&client, *was_reached && !is_reached), (&client, false))?;
            *was_reached = is_reached;
        }
    }
    Ok(())
}

fn a_rollout_that_is_no_share_is_refused(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let patch = app.publish(&release, 1, 1)?;
    let path = app.path(&format!("patches/{patch}/rollout"));
    for share in [
        json!(10_001),
        json!(-1),
        json!(0.5),
        json!("1"),
        json!(70_000),
    ] {
        let asked = json!({"rollout_basis_points": share});
        let answer = app.api.json("PUT", &path, &asked)?;
        let refused = matches!(answer.status, 400 | 422);
        same((&share, refused), (&share, true))?;
    }
    told(&app, &release, 1, &[])
}

fn what_a_channel_is_called_is_a_word(stand: &Stand) -> Result<(), Failed> {
    let (app, _) = stand.world()?.released()?;
    for name in ["", "two words", "a/b", "\u{0}", &"x".repeat(129)] {
        let answer = app
            .api
            .post(&app.path("channels"), &json!({"channel": name}))?;
        let refused = matches!(answer.status, 400 | 422);
        same((name, refused), (name, true))?;
    }
    Ok(())
}

pub(crate) fn told(
    app: &App,
    release: &Release,
    offers: u64,
    withdraws: &[u64],
) -> Result<(), Failed> {
    let answer = app.check(release, json!({}))?;
    let found = (offered(&answer), withdrawn(&answer));
    same(found, (offers, withdraws.to_vec()))
}

fn change(app: &App, release: &Release, patch: i64, fields: Value) -> Result<(), Failed> {
    let path = app.path(&format!("releases/{}/patches/{patch}", release.id));
    app.api.json("PATCH", &path, &fields)?.success()?;
    Ok(())
}

pub(crate) fn now_s() -> Result<u64, Failed> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

const CLIENTS: usize = 60;
