//! Running a server: whether it is well, how it starts and stops, what it tells.

use std::os::unix::fs::PermissionsExt as _;

use libtest_mimic::Failed;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::json;

use crate::Claim;
use crate::choosing::told;
use crate::stage::Stand;
use crate::world::{App, CHECK, World, text};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 5] = claims![
        a_server_tells_that_it_lives_and_is_ready
        its_figures_are_prometheus_text_and_count_requests
        its_openapi_document_is_the_one_that_is_checked_in
        a_server_that_is_stopped_ends_well_and_starts_again_with_everything
        each_answer_bears_the_id_of_its_request
    ];
    claims.to_vec()
}

/// What only a folder has.
pub(crate) fn of_a_folder() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 4] = claims![
        the_first_administrators_token_is_for_its_owner_alone
        a_folder_that_a_server_holds_is_refused_to_a_second
        the_example_is_there_for_who_asks_for_it
        where_a_setting_makes_no_sense_it_is_named
    ];
    claims.to_vec()
}

fn a_server_tells_that_it_lives_and_is_ready(stand: &Stand) -> Result<(), Failed> {
    let client = stand.world()?.serve.client();
    for path in ["/healthz", "/readyz"] {
        let answer = client.get(path)?;
        same((path, answer.status), (path, 200))?;
    }
    Ok(())
}

fn its_figures_are_prometheus_text_and_count_requests(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let before = checks_counted(&app)?;
    for _ in 0..3 {
        app.check(&release, json!({}))?;
    }
    let counted = checks_counted(&app)? - before;
    // Other tests ask as well.
    same(counted >= 3.0, true).map_err(|_| format!("{counted} checks were counted").into())
}

/// How many checks were answered so far, by the figures.
fn checks_counted(app: &App) -> Result<f64, Failed> {
    let answer = app.device.get("/metrics")?.expect(200)?;
    let kind = answer.header("content-type").to_owned();
    same(kind.starts_with("text/plain"), true).map_err(|_| kind)?;
    let text = String::from_utf8(answer.body)?;
    let samples = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut checks = 0.0;
    for sample in samples {
        let (name, value) = sample.rsplit_once(' ').ok_or("no sample")?;
        let value: f64 = value.parse().map_err(|_| format!("{sample:?}"))?;
        if name.starts_with("patchproof_requests_total{") && name.contains(CHECK) {
            checks += value;
        }
    }
    Ok(checks)
}

fn its_openapi_document_is_the_one_that_is_checked_in(stand: &Stand) -> Result<(), Failed> {
    let answer = stand
        .world()?
        .serve
        .client()
        .get("/openapi.json")?
        .expect(200)?;
    let checked_in = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let checked_in = std::fs::read(checked_in)?;
    let checked_in: serde_json::Value = serde_json::from_slice(&checked_in)?;
    same(answer.value()? == checked_in, true)
        .map_err(|_| "docs/openapi.json is not what the server serves".into())
}

fn a_server_that_is_stopped_ends_well_and_starts_again_with_everything(
    stand: &Stand,
) -> Result<(), Failed> {
    let mut world = World::on(stand.fresh()?)?;
    let (app, release) = world.released()?;
    app.publish(&release, 1, 1)?;
    let token = world.serve.admin_token()?;
    same(world.serve.stop(), Some(0)).map_err(|_| world.serve.said())?;
    world.serve.restart()?;
    same(world.serve.admin_token()?, token)?;
    told(&app, &release, 1, &[])?;
    app.publish(&release, 2, 2)?;
    told(&app, &release, 2, &[])
}

fn each_answer_bears_the_id_of_its_request(stand: &Stand) -> Result<(), Failed> {
    let client = stand.world()?.serve.client();
    let one = client.get("/healthz")?.header("x-request-id").to_owned();
    let other = client
        .post(CHECK, &json!({}))?
        .header("x-request-id")
        .to_owned();
    same(one.is_empty() || other.is_empty() || one == other, false)
}

fn the_first_administrators_token_is_for_its_owner_alone(stand: &Stand) -> Result<(), Failed> {
    let serve = &stand.world()?.serve;
    let mode = std::fs::metadata(serve.data().join("admin.token"))?
        .permissions()
        .mode();
    same(mode & 0o777, 0o600)?;
    same(serve.said().contains("admin.token"), true)
}

fn a_folder_that_a_server_holds_is_refused_to_a_second(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let data = world.serve.data().display().to_string();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", &data])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    same(output.status.code(), Some(2)).map_err(|_| said.clone())?;
    same(said.contains(&data), true).map_err(|_| said.into())
}

fn the_example_is_there_for_who_asks_for_it(stand: &Stand) -> Result<(), Failed> {
    let mut setup = stand.setup()?;
    setup.args.push("--example".to_owned());
    let serve = setup.start()?;
    let token = std::fs::read_to_string(serve.data().join("example.token"))?;
    let client = serve.client().with(token.trim());
    let apps = client.get("/api/v1/apps")?.expect(200)?.value()?;
    same(text(&apps, "/apps/0/app_id")?, "com.example.app")
}

fn where_a_setting_makes_no_sense_it_is_named(_: &Stand) -> Result<(), Failed> {
    for (name, value) in [
        ("--listen", "nowhere"),
        ("--database", "mysql://a/b"),
        ("--blobs", "ftp://a/b"),
        ("--public-url", "not a url"),
        ("--config", "/no/such/file.toml"),
        ("--channel-key", "/no/such/key.pem"),
    ] {
        let folder = tempfile::tempdir()?;
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
            .args(["serve", name, value])
            .args(["--data", "data"])
            .current_dir(folder.path())
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        same((name, output.status.code()), (name, Some(2))).map_err(|_| said.clone())?;
        let named = said.contains(name.trim_start_matches('-')) || said.contains(value);
        same((name, named), (name, true)).map_err(|_| said)?;
    }
    Ok(())
}
