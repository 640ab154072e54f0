//! Events: what devices tell of patches is kept and counted.

use libtest_mimic::Failed;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::{App, CLIENT, EVENTS, Release, merge};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 4] = claims![
        each_event_of_shorebirds_clients_is_taken_and_counted
        an_event_comes_with_words_or_without
        an_event_of_a_patch_that_nobody_knows_is_taken
        what_is_no_event_is_refused_with_a_word_why
    ];
    claims.to_vec()
}

fn each_event_of_shorebirds_clients_is_taken_and_counted(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    for (times, kind) in (1..).zip(KINDS) {
        for _ in 0..times {
            tell(&app, &event(&app, &release, json!({"type": kind})))?;
        }
    }
    let status = app.status(&release)?;
    let counted = &status["patches"][0]["events"];
    let expected = json!({KINDS[0]: 1, KINDS[1]: 2, KINDS[2]: 3, KINDS[3]: 4});
    same(counted, &expected)
}

fn an_event_comes_with_words_or_without(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    app.publish(&release, 1, 1)?;
    let words = "crash_recovery: detected_at=1, file_ok=true\n\u{0}\u{1f600}";
    for message in [json!(null), json!(words), json!("")] {
        let mut body = event(&app, &release, json!({}));
        body["event"]["message"] = message;
        tell(&app, &body)?;
    }
    let mut without = event(&app, &release, json!({}));
    merge(&mut without["event"], json!({"message": null}));
    tell(&app, &without)?;
    let status = app.status(&release)?;
    same(&status["patches"][0]["events"], &json!({KINDS[0]: 4}))
}

fn an_event_of_a_patch_that_nobody_knows_is_taken(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    for other in [
        json!({"patch_number": 99}),
        json!({"release_version": "0.0.1"}),
        json!({"app_id": "unknown"}),
    ] {
        tell(&app, &event(&app, &release, other))?;
    }
    Ok(())
}

fn what_is_no_event_is_refused_with_a_word_why(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let mut bodies = vec![json!([]), json!({}), json!({"event": []}), json!(null)];
    for other in [
        json!({"type": null}),
        json!({"type": 3}),
        json!({"patch_number": -1}),
        json!({"timestamp": "now"}),
        json!({"app_id": null}),
    ] {
        bodies.push(event(&app, &release, other));
    }
    for body in bodies {
        let answer = app.device.post(EVENTS, &body)?.expect(400);
        let said = answer
            .map_err(|failed| format!("{body}: {failed:?}"))?
            .value()?;
        same((&body, said["message"].is_string()), (&body, true))?;
    }
    Ok(())
}

fn tell(app: &App, body: &Value) -> Result<(), Failed> {
    app.device.post(EVENTS, body)?.expect(201)?;
    Ok(())
}

/// As the updater sends it.
pub(crate) fn event(app: &App, release: &Release, fields: Value) -> Value {
    let mut event = json!({
        "app_id": app.id,
        "arch": "aarch64",
        "client_id": CLIENT,
        "type": KINDS[0],
        "patch_number": 1,
        "platform": "android",
        "release_version": release.version,
        "timestamp": 1_780_000_000,
        "message": null,
    });
    merge(&mut event, fields);
    json!({"event": event})
}

pub(crate) const KINDS: [&str; 4] = [
    "__patch_download__",
    "__patch_install__",
    "__patch_install_failure__",
    "__patch_update_failure__",
];
