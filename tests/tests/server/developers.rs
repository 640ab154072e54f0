//! The developer's commands against the real server: a release from its first patch to the
//! kill switch, a signed one, and tokens.

mod desk;

use std::sync::atomic::{AtomicBool, Ordering};

use libtest_mimic::Failed;
use patchproof_protocol::statement_path;
use patchproof_tests::claims;
use patchproof_tests::lying_server::LyingServer;
use patchproof_tests::servers::Serve;
use patchproof_tests::trials::same;
use patchproof_trust::{PatchStatement, Unverified};
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::text;
use desk::{APP, Desk, LIBRARIES, MADE, RELEASE};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 4] = claims![
        a_developer_releases_patches_rolls_out_and_back_by_commands
        what_the_command_signs_off_android_is_for_the_abi_that_devices_there_name
        a_patch_whose_answer_went_missing_is_told_with_the_statement_that_is_there
        a_token_that_a_command_makes_opens_what_its_scope_says_until_it_is_revoked
    ];
    claims.to_vec()
}

fn a_developer_releases_patches_rolls_out_and_back_by_commands(
    stand: &Stand,
) -> Result<(), Failed> {
    let desk = Desk::begin(stand)?;
    let [base, first, second, stranger] = LIBRARIES;
    desk.build()?;
    desk.done(&["release", "--version", RELEASE, base])?;
    let again = desk.said(&["release", "--version", RELEASE, base])?;
    same(again.contains("was there"), true).map_err(|_| again)?;
    let other = ["release", "--version", RELEASE, first];
    desk.refused(&other, 1, "devices have that one")?;
    same(desk.offered()?, 0)?;

    // What the chain refuses is not uploaded, and takes no number.
    desk.refused(&on_release("patch", &[stranger]), 6, "nothing was uploaded")?;
    let said = desk.said(&on_release("patch", &["--notes", "mends it", first]))?;
    for summary in [
        "shorebird: verified: 4 of 8",
        "patchproof: verified: 4 of 8",
    ] {
        same((summary, said.contains(summary)), (summary, true)).map_err(|_| said.clone())?;
    }
    same(desk.offered()?, 0)?;

    let one = |command, more: &[&'static str]| -> Result<u64, Failed> {
        desk.done(&on_release(command, &[&["--patch", "1"], more].concat()))?;
        desk.offered()
    };
    same(one("promote", &["--channel", "stable"])?, 1)?;
    same(one("rollout", &["0"])?, 0)?;
    same(one("rollout", &["100"])?, 1)?;
    same(one("rollback", &[])?, 0)?;
    same(one("rollback", &["--undo"])?, 1)?;

    // The second is made from the first too; the kill switch takes both.
    let to_all = ["--channel", "stable", "--format", "json", second];
    let published: Value = serde_json::from_str(&desk.said(&on_release("patch", &to_all))?)?;
    let downloads = published["artifacts"][0]["downloads"].as_array();
    let mut downloads = downloads.into_iter().flatten();
    let delta = downloads.any(|it| it["from_number"] == 1);
    same(delta, true).map_err(|_| published.to_string())?;
    same(desk.offered()?, 2)?;
    desk.done(&on_release("rollback", &["--all"]))?;
    same(desk.offered()?, 0)?;
    desk.done(&on_release("rollback", &["--all", "--undo"]))?;
    same(desk.offered()?, 2)?;

    let patch = &desk.status()?["releases"][0]["patches"][0];
    let stands = ["number", "notes", "channel", "rollout_basis_points"].map(|it| &patch[it]);
    same(
        stands,
        [
            &json!(1),
            &json!("mends it"),
            &json!("stable"),
            &json!(10_000),
        ],
    )
}

fn what_the_command_signs_off_android_is_for_the_abi_that_devices_there_name(
    stand: &Stand,
) -> Result<(), Failed> {
    let desk = Desk::begin(stand)?;
    desk.release_signed()?;
    let unsigned = ["patch", "--release", MADE, "patched.zip"];
    desk.refused(&unsigned, 2, "nothing was published")?;
    let published = desk.patch_signed(&desk.url)?;
    let statement = text(&published, "/artifacts/0/statement_sha256")?;
    let client = desk.serve.client();
    let envelope = client.get(&statement_path(statement))?.success()?.body;
    let document = Unverified::<PatchStatement>::read(&envelope)?;
    let release = &document.statement().release;
    same(release.platform.as_str(), "linux")?;
    same(release.abi.as_str(), "aarch64")
}

fn a_patch_whose_answer_went_missing_is_told_with_the_statement_that_is_there(
    stand: &Stand,
) -> Result<(), Failed> {
    let desk = Desk::begin(stand)?;
    desk.release_signed()?;
    let between = losing_the_first_answer_to_publish(&desk.serve);
    let published = desk.patch_signed(&between.url(""))?;
    let status = desk.status()?;
    let patches = status["releases"][0]["patches"].as_array().map(Vec::len);
    same((patches, &published["number"]), (Some(1), &json!(1)))?;
    let there = text(
        &status,
        "/releases/0/patches/0/artifacts/0/statement_sha256",
    )?;
    same(text(&published, "/artifacts/0/statement_sha256")?, there)
}

/// Hands on every request, and every answer but the first one to `publish`.
fn losing_the_first_answer_to_publish(serve: &Serve) -> LyingServer {
    let client = serve.client();
    let lost = AtomicBool::new(false);
    LyingServer::start(move |request, talk| {
        let mut line = request.line.split(' ');
        let (method, path) = (line.next().unwrap_or(""), line.next().unwrap_or(""));
        let headers = ["authorization", "content-type"].map(|it| (it, request.header(it)));
        let headers: Vec<_> = headers.into_iter().filter(|it| !it.1.is_empty()).collect();
        let answer = client.ask(method, path, &headers, &request.body);
        let answer = answer.map_err(|failed| std::io::Error::other(format!("{failed:?}")))?;
        if path.ends_with("/publish") && !lost.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let (status, length) = (answer.status, answer.body.len());
        talk.say(format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        ))?;
        talk.say(&answer.body)
    })
}

fn a_token_that_a_command_makes_opens_what_its_scope_says_until_it_is_revoked(
    stand: &Stand,
) -> Result<(), Failed> {
    let mut desk = Desk::begin(stand)?;
    let admin = desk.serve.admin_token()?;
    desk.token.clone_from(&admin);
    let made = [
        "token", "create", "--name", "ci", "--scope", "read", "--app", APP,
    ];
    desk.token = desk.said(&made)?.trim().to_owned();
    desk.done(&["status"])?;
    desk.refused(&made, 1, "403")?;
    let reader = std::mem::replace(&mut desk.token, admin);
    let tokens: Value = serde_json::from_str(&desk.said(&["token", "list", "--format", "json"])?)?;
    let tokens = tokens["tokens"].as_array().into_iter().flatten();
    let mut ids = tokens
        .filter(|it| it["name"] == "ci")
        .map(|it| it["id"].to_string());
    let id = ids.next().ok_or("the token is not listed")?;
    desk.done(&["token", "revoke", &id])?;
    desk.token = reader;
    desk.refused(&["status"], 1, "401")
}

fn on_release<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--release", RELEASE], more].concat()
}
