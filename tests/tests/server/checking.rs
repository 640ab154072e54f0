//! The check: what Shorebird's clients ask, old and new, and what they are told.

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::{CHECK, merge, offered, sha256, withdrawn};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 9] = claims![
        a_device_of_the_oldest_protocol_is_told_exactly_what_it_knows
        a_device_that_tells_what_it_runs_is_told_the_same
        a_device_that_tells_its_highest_download_is_offered_higher_numbers_alone
        where_nothing_is_known_there_is_no_patch_and_no_error
        fields_that_nobody_knows_are_passed_over
        what_is_no_question_is_refused_with_a_word_why
        a_device_without_a_client_id_gets_what_everybody_gets_alone
        a_patch_for_one_architecture_is_no_patch_for_another
        a_signature_of_the_hash_is_passed_on_as_it_is
    ];
    claims.to_vec()
}

fn a_device_of_the_oldest_protocol_is_told_exactly_what_it_knows(
    stand: &Stand,
) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, release) = world.released()?;
    let none = json!({"patch_available": false, "rolled_back_patch_numbers": []});
    same(app.check(&release, json!({}))?, none)?;
    app.publish(&release, 1, 1)?;
    let library = Library::patched(0, 1);
    let url = format!(
        "{}/patchproof/v1/downloads/{}",
        world.serve.url(),
        sha256(&library.patch)
    );
    let expected = json!({
        "patch_available": true,
        "patch": {"number": 1, "hash": sha256(&library.bytes), "download_url": url},
        "rolled_back_patch_numbers": [],
    });
    same(app.check(&release, json!({}))?, expected)?;
    let fetched = app.device.get(&url)?.expect(200)?;
    same(fetched.body, library.patch.to_vec())
}

fn a_device_that_tells_what_it_runs_is_told_the_same(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    app.publish(&release, 2, 2)?;
    let old = app.check(&release, json!({}))?;
    same(offered(&old), 2)?;
    let new = app.check(&release, json!({"current_patch_number": 1}))?;
    same(new, old.clone())?;
    let null = json!({"current_patch_number": 1, "patch_number": 1});
    same(app.check(&release, null)?, old)
}

fn a_device_that_tells_its_highest_download_is_offered_higher_numbers_alone(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    app.publish(&release, 2, 2)?;
    for (has, gets) in [(0, 2), (1, 2), (2, 0), (3, 0)] {
        let answer = app.check(&release, json!({"patch_number": has}))?;
        same((has, offered(&answer)), (has, gets))?;
    }
    Ok(())
}

fn where_nothing_is_known_there_is_no_patch_and_no_error(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let nothing = json!({"patch_available": false, "rolled_back_patch_numbers": []});
    for field in ["app_id", "channel", "release_version", "platform", "arch"] {
        for value in ["unknown", "", "ünknöwn \"\\\u{0}", &"x".repeat(300)] {
            let answer = app.check(&release, json!({field: value}))?;
            same((field, answer), (field, nothing.clone()))?;
        }
    }
    Ok(())
}

fn fields_that_nobody_knows_are_passed_over(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let more = json!({"module_version": "1.0.0", "later": {"a": [1, null]}});
    same(offered(&app.check(&release, more)?), 1)
}

fn what_is_no_question_is_refused_with_a_word_why(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let good = app.question(&release);
    let mut questions = vec![json!([]), json!(null), json!("text"), json!({})];
    for (field, value) in [
        ("app_id", Value::Null),
        ("app_id", json!(7)),
        ("platform", Value::Null),
        ("arch", json!({})),
        ("patch_number", json!(1.5)),
        ("patchproof_runs_sha256", json!("not a hash")),
        ("patchproof", json!([])),
    ] {
        let mut question = good.clone();
        merge(&mut question, json!({field: value}));
        questions.push(question);
    }
    for question in questions {
        let answer = app.device.post(CHECK, &question)?.expect(400);
        let body = answer
            .map_err(|failed| format!("{question}: {failed:?}"))?
            .value()?;
        let told = body["code"].is_string() && body["message"].is_string();
        same((&question, told), (&question, true))?;
    }
    let torn = app.question(&release).to_string();
    let torn = torn.split_at(torn.len() / 2).0;
    let kind = [("content-type", "application/json")];
    app.device
        .ask("POST", CHECK, &kind, torn.as_bytes())?
        .expect(400)?;
    let deep = "[".repeat(10_000);
    app.device
        .ask("POST", CHECK, &kind, deep.as_bytes())?
        .expect(400)?;
    // More than any device has to say is not read at all; the server may hang up over it.
    let endless = " ".repeat(1_000_000);
    if let Ok(answer) = app.device.ask("POST", CHECK, &kind, endless.as_bytes()) {
        answer.expect(413)?;
    }
    Ok(())
}

fn a_device_without_a_client_id_gets_what_everybody_gets_alone(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let patch = app.publish(&release, 2, 2)?;
    let anonymous = || app.check(&release, json!({"client_id": null}));
    same(offered(&anonymous()?), 2)?;
    app.promote(patch, "stable", 9_999)?;
    same(offered(&anonymous()?), 1)
}

fn a_patch_for_one_architecture_is_no_patch_for_another(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    for other in [json!({"arch": "x86_64"}), json!({"platform": "ios"})] {
        let answer = app.check(&release, other)?;
        same((offered(&answer), withdrawn(&answer)), (0, vec![]))?;
    }
    Ok(())
}

fn a_signature_of_the_hash_is_passed_on_as_it_is(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let mut asked = app.publication(&release, 1, 1);
    asked["artifacts"][0]["hash_signature"] = json!("c2lnbmF0dXJl");
    app.publish_as(asked, 1)?;
    let answer = app.check(&release, json!({}))?;
    same(&answer["patch"]["hash_signature"], &json!("c2lnbmF0dXJl"))
}
