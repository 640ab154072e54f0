//! schemathesis over the document that the server serves: nothing that it makes up gives a 5xx.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use patchproof_testkit::corpora::Network;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::{World, number, text};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 1] =
        claims![nothing_that_fits_the_document_or_does_not_gives_a_5xx];
    claims.to_vec()
}

fn nothing_that_fits_the_document_or_does_not_gives_a_5xx(stand: &Stand) -> Result<(), Failed> {
    let program = stand.schemathesis()?;
    let world = World::on(stand.fresh()?)?;
    let token = token_far_from_small_numbers(&world)?;
    let (app, release) = world.released()?;
    let patch = app.publish(&release, 1, 1)?;
    let folder = tempfile::tempdir()?;
    let known = known(&app.id, release.id, patch);
    std::fs::write(folder.path().join("schemathesis.toml"), known)?;
    let output = Command::new(&*program)
        .args(["--config-file", "schemathesis.toml", "run"])
        .arg(format!("{}/openapi.json", world.serve.url()))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "not_a_server_error"])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args([
            "--max-examples",
            EXAMPLES,
            "--seed",
            "1",
            "--generation-deterministic",
        ])
        .args(["--request-timeout", "20", "--workers", "1", "--no-color"])
        .current_dir(folder.path())
        .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.path())
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    same(output.status.code(), Some(0)).map_err(|_| format!("{said}\n{complained}"))?;
    everything_was_tried(&world, &said)?;
    // It was let in to the end, and the server is as well as before.
    let client = world.serve.client().with(&token);
    client.get("/api/v1/users/me")?.expect(200)?;
    client.get("/readyz")?.expect(200)?;
    Ok(())
}

/// It found no 5xx, and not for want of looking: it says how many operations it tried, which are
/// those of the document, and how many requests it made.
fn everything_was_tried(world: &World, said: &str) -> Result<(), Failed> {
    let number = |before: &str, after: &str| -> Result<usize, Failed> {
        let number = said.lines().find_map(|line| {
            let rest = line.trim().strip_prefix(before)?;
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let (number, rest) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            number.parse().ok().filter(|_| rest.starts_with(after))
        });
        Ok(number.ok_or_else(|| format!("no {before:?}, number, {after:?} in {said}"))?)
    };
    let document = world.serve.client().get("/openapi.json")?.expect(200)?;
    let document = document.value()?;
    let paths = document["paths"].as_object().ok_or("no paths")?;
    let items = paths.values().filter_map(Value::as_object);
    let names = items.flat_map(|item| item.keys());
    let is_method = |name: &&String| METHODS.contains(&name.as_str());
    let operations = names.filter(is_method).count();
    same(number("Selected: ", "/")?, operations)?;
    same(number("Tested: ", "")?, operations)?;
    let requests = number("", " generated, ")?;
    println!("{requests} requests over {operations} operations, no 5xx");
    same(requests >= REQUESTS_MIN * operations, true).map_err(|_| said.into())
}

/// What makes it meet an app, a release and a patch that are there, and not only 404. The app is
/// not deleted under it.
fn known(app: &str, release: i64, patch: i64) -> String {
    format!(
        "[parameters]\n\
         app_id = \"{app}\"\nrelease_id = {release}\npatch_id = {patch}\n\n\
         [[operations]]\n\
         include-method = \"DELETE\"\ninclude-path = \"/api/v1/apps/{{app_id}}\"\n\
         parameters = {{ app_id = \"unknown\" }}\n"
    )
}

/// An administrator's token whose id nobody guesses: the endpoint that revokes is tried as well.
fn token_far_from_small_numbers(world: &World) -> Result<String, Failed> {
    let asked = json!({"name": "fuzzer", "scope": "admin"});
    loop {
        let made = world
            .admin
            .post("/api/v1/tokens", &asked)?
            .success()?
            .value()?;
        if number(&made, "/id")? > 50 {
            return Ok(text(&made, "/token")?.to_owned());
        }
    }
}

/// Installs it, at one version, into an environment of its own in the target folder.
pub(crate) fn install() -> Result<PathBuf, Failed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("schemathesis-{VERSION}"));
    let program = folder.join("bin").join("schemathesis");
    let works = Command::new(&program).arg("--version").output();
    if works.is_ok_and(|said| said.status.success()) {
        return Ok(program);
    }
    if Network::from_env() == Network::Offline {
        let program = program.display();
        return Err(
            format!("{program} is not there, and PATCHPROOF_OFFLINE forbids fetching").into(),
        );
    }
    let python = "install Python 3 with venv and pip (on Debian and Ubuntu: apt-get install \
                  python3 python3-venv; `.ci/run` does it)";
    run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
        python,
    )?;
    let package = format!("schemathesis=={VERSION}");
    let pip = folder.join("bin").join("pip");
    let registry = "is the registry reachable?";
    let quietly = ["install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(pip).args(quietly).arg(package), registry)?;
    Ok(program)
}

fn run(command: &mut Command, remedy: &str) -> Result<(), Failed> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}: {remedy}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{command:?}: {said}\n{remedy}").into())
}

const VERSION: &str = "4.32.5";
const EXAMPLES: &str = "12";
/// An operation, on the average; it makes about twice as many.
const REQUESTS_MIN: usize = 20;
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];
