//! Publishing in one transaction: all of a patch or nothing, and no number lost.

use std::sync::Barrier;

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::json;

use crate::Claim;
use crate::choosing::told;
use crate::stage::Stand;
use crate::world::sha256;

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 7] = claims![
        what_is_published_is_seen_with_all_that_belongs_to_it
        a_number_that_is_not_the_next_is_refused_and_the_next_is_told
        what_was_refused_burns_no_number_and_is_seen_nowhere
        of_many_who_publish_one_number_at_once_one_succeeds
        a_patch_for_two_architectures_is_there_for_both_or_for_none
        a_patch_without_a_channel_is_seen_by_nobody
        a_patch_of_another_app_is_none_of_this_one
    ];
    claims.to_vec()
}

fn what_is_published_is_seen_with_all_that_belongs_to_it(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let mut asked = app.publication(&release, 1, 1);
    asked["notes"] = json!("why");
    asked["force_update"] = json!(true);
    asked["rollout_basis_points"] = json!(2_500);
    let patch = app.publish_as(asked, 1)?;
    let status = app.status(&release)?;
    let told = &status["patches"][0];
    let found = [
        &told["id"],
        &told["number"],
        &told["published"],
        &told["channel"],
        &told["rollout_basis_points"],
        &told["notes"],
        &told["force_update"],
        &told["artifacts"][0]["downloads"][0]["sha256"],
    ];
    let expected = [
        json!(patch),
        json!(1),
        json!(true),
        json!("stable"),
        json!(2_500),
        json!("why"),
        json!(true),
        json!(sha256(&Library::patched(0, 1).patch)),
    ];
    same(found, expected.each_ref())
}

fn a_number_that_is_not_the_next_is_refused_and_the_next_is_told(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    same(app.next_number(&release)?, 1)?;
    app.publish(&release, 1, 1)?;
    same(app.next_number(&release)?, 2)?;
    for number in [1, 3, 9_007_199_254_740_991] {
        let asked = app.publication(&release, number, 1);
        let answer = app.api.post(&app.path("publish"), &asked)?;
        answer.refused(409, "number_taken")?;
    }
    let zero = app.publication(&release, 0, 1);
    let answer = app.api.post(&app.path("publish"), &zero)?;
    same(matches!(answer.status, 400 | 409 | 422), true)?;
    same(app.next_number(&release)?, 2)
}

fn what_was_refused_burns_no_number_and_is_seen_nowhere(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    // Its download was never uploaded.
    let asked = app.publication(&release, 1, 7);
    let answer = app.api.post(&app.path("publish"), &asked)?.expect(422)?;
    let code = answer.value()?["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    same(code.is_empty(), false)?;
    same(app.next_number(&release)?, 1)?;
    same(&app.status(&release)?["patches"], &json!([]))?;
    told(&app, &release, 0, &[])?;
    app.publish(&release, 1, 1)?;
    told(&app, &release, 1, &[])
}

fn of_many_who_publish_one_number_at_once_one_succeeds(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    for number in 1..=3_u64 {
        let contents = 1..=RACERS;
        for content in contents.clone() {
            app.put_blob(&Library::patched(0, content).patch)?
                .success()?;
        }
        let barrier = Barrier::new(usize::from(RACERS));
        let race = |content: u8| {
            let asked = app.publication(&release, number, content);
            barrier.wait();
            let answer = app.api.post(&app.path("publish"), &asked);
            answer
                .map(|answer| (content, answer))
                .map_err(|failed| format!("{failed:?}"))
        };
        let answers = std::thread::scope(|scope| {
            let racers: Vec<_> = contents
                .map(|content| scope.spawn(move || race(content)))
                .collect();
            let joined = racers.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined.collect::<Result<Vec<_>, _>>()
        });
        let answers = answers.map_err(|_| "a racer fell")?;
        let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (won, lost): (Vec<_>, Vec<_>) = answers
            .into_iter()
            .partition(|(_, answer)| answer.status < 300);
        same((number, won.len()), (number, 1))?;
        for (_, answer) in lost {
            answer.refused(409, "number_taken")?;
        }
        let winner = won.first().map_or(0, |(content, _)| *content);
        let answer = app.check(&release, json!({}))?;
        let expected = sha256(&Library::patched(0, winner).bytes);
        same(&answer["patch"]["hash"], &json!(expected))?;
        same(app.next_number(&release)?, number + 1)?;
    }
    Ok(())
}

fn a_patch_for_two_architectures_is_there_for_both_or_for_none(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    // The release has no library for x86_64: the whole of it is refused.
    let mut asked = app.publication(&release, 1, 1);
    let mut other = asked["artifacts"][0].clone();
    other["arch"] = json!("x86_64");
    let artifacts = asked["artifacts"].as_array_mut().ok_or("an array")?;
    artifacts.push(other);
    app.put_blob(&Library::patched(0, 1).patch)?.success()?;
    app.api.post(&app.path("publish"), &asked)?.expect(422)?;
    told(&app, &release, 0, &[])?;
    same(app.next_number(&release)?, 1)
}

fn a_patch_without_a_channel_is_seen_by_nobody(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let mut asked = app.publication(&release, 1, 1);
    crate::world::merge(&mut asked, json!({"channel": null}));
    let patch = app.publish_as(asked, 1)?;
    told(&app, &release, 0, &[])?;
    app.promote(patch, "stable", 10_000)?;
    told(&app, &release, 1, &[])
}

fn a_patch_of_another_app_is_none_of_this_one(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, release) = world.released()?;
    let (other, _) = world.released()?;
    let patch = app.publish(&release, 1, 1)?;
    let channel = other.channel("stable")?;
    for (method, path, body) in [
        (
            "POST",
            other.path("patches/promote"),
            json!({"patch_id": patch, "channel_id": channel}),
        ),
        (
            "POST",
            app.path("patches/promote"),
            json!({"patch_id": patch, "channel_id": channel}),
        ),
        (
            "PUT",
            other.path(&format!("patches/{patch}/rollout")),
            json!({"rollout_basis_points": 1}),
        ),
        (
            "POST",
            other.path(&format!("patches/{patch}/rollback")),
            json!({}),
        ),
        (
            "POST",
            other.path(&format!("releases/{}/patches/{patch}/rollback", release.id)),
            json!({}),
        ),
        (
            "POST",
            other.path(&format!("releases/{}/kill-switch", release.id)),
            json!({}),
        ),
        (
            "POST",
            other.path("publish"),
            app.publication(&release, 2, 1),
        ),
        (
            "POST",
            other.path("patches"),
            json!({"release_id": release.id, "metadata": {}}),
        ),
    ] {
        let answer = other.api.json(method, &path, &body)?;
        same((&path, matches!(answer.status, 404 | 422)), (&path, true))
            .map_err(|failed| format!("{}: {failed:?}", answer.status))?;
    }
    told(&app, &release, 1, &[])
}

const RACERS: u8 = 6;
