//! Signed statements, live and as files: what a server gives, a device's own verifier believes.

use libtest_mimic::Failed;
use patchproof_protocol::{channel_path, root_path, statement_path};
use patchproof_tests::claims;
use patchproof_tests::servers::Answer;
use patchproof_tests::trials::same;
use patchproof_trust::{Freshness, Nonce};
use serde_json::{Value, json};

use crate::Claim;
use crate::choosing::told;
use crate::signing::{Believer, Signer};
use crate::stage::Stand;
use crate::world::{App, Release, World, withdrawn};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 6] = claims![
        a_live_answer_is_believed_by_who_asked_and_by_nobody_else
        a_channel_document_is_believed_and_every_change_gives_it_a_higher_counter
        a_live_answer_and_the_document_say_the_same_under_one_counter
        a_statement_and_a_root_lie_where_devices_look_byte_for_byte
        a_rollout_is_told_to_who_asks_live_and_not_applied
        shorebirds_clients_of_a_signed_app_are_served_as_ever
    ];
    claims.to_vec()
}

/// A signed app with a release and patch 1, and a device of it.
pub(crate) struct Signed {
    pub(crate) app: App,
    pub(crate) release: Release,
    pub(crate) signer: Signer,
    pub(crate) device: Believer,
}

impl Signed {
    pub(crate) fn new(world: &World) -> Result<Self, Failed> {
        let (app, release) = world.released()?;
        let signer = Signer::of(&app)?;
        let device = Believer::new(&signer, &release)?;
        Ok(Self {
            app,
            release,
            signer,
            device,
        })
    }

    /// What is answered to somebody who asks live with this nonce; none where nothing is signed.
    pub(crate) fn live(&self, nonce: &Nonce) -> Result<Option<Vec<u8>>, Failed> {
        let asked = json!({
            "client_id": null,
            "patchproof": {
                "release_sha256": self.device.release_sha256(),
                "nonce": nonce.to_string(),
                "root_version": 1,
            },
        });
        let answer = self.app.check(&self.release, asked)?;
        let statement = answer.pointer("/patchproof/channel_statement");
        Ok(statement
            .and_then(Value::as_str)
            .map(|text| text.as_bytes().to_vec()))
    }

    pub(crate) fn document(&self) -> Result<Answer, Failed> {
        let path = channel_path(&self.app.id, &self.device.release_sha256(), "stable");
        self.app.device.get(&path)
    }
}

fn a_live_answer_is_believed_by_who_asked_and_by_nobody_else(stand: &Stand) -> Result<(), Failed> {
    let mut signed = Signed::new(&*stand.world()?)?;
    let (_, patch) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    let (mine, other) = (Nonce::of_bytes([7; 32]), Nonce::of_bytes([8; 32]));
    let answer = signed.live(&mine)?.ok_or("nothing was signed")?;
    let refused = signed.device.believes(&answer, Freshness::Nonce(other));
    same(refused.is_err(), true)?;
    let channel = signed.device.believes(&answer, Freshness::Nonce(mine))?;
    same(channel.selected.len(), 1)?;
    same(signed.device.takes(&patch.envelope, &channel)?, 1)
}

fn a_channel_document_is_believed_and_every_change_gives_it_a_higher_counter(
    stand: &Stand,
) -> Result<(), Failed> {
    let mut signed = Signed::new(&*stand.world()?)?;
    let (first, _) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    let (second, _) = signed.signer.publish(&signed.app, &signed.release, 2, 2)?;
    let app = signed.app.clone();
    let release = signed.release.clone();
    let mut counters = Vec::new();
    let mut expect = |selected: &[u64], rolled_back: &[u64]| -> Result<(), Failed> {
        let answer = signed.document()?.expect(200)?;
        same(
            answer.header("cache-control"),
            "public, max-age=60, must-revalidate",
        )?;
        same(answer.header("etag").is_empty(), false)?;
        let channel = signed.device.believes(&answer.body, Freshness::Expiry)?;
        let found: Vec<u64> = channel.selected.iter().map(|entry| entry.number).collect();
        same(found.as_slice(), selected)?;
        let found: Vec<u64> = channel
            .rolled_back
            .iter()
            .map(|entry| entry.number)
            .collect();
        same(found.as_slice(), rolled_back)?;
        counters.push(channel.counter);
        Ok(())
    };
    expect(&[1, 2], &[])?;
    app.roll("POST", &release, second)?;
    expect(&[1], &[2])?;
    app.roll("DELETE", &release, second)?;
    expect(&[1, 2], &[])?;
    app.promote(first, "beta", 10_000)?;
    expect(&[2], &[])?;
    app.promote(second, "stable", 500)?;
    expect(&[2], &[])?;
    app.kill_switch("POST", &release)?;
    expect(&[], &[1, 2])?;
    same(counters.is_sorted_by(|one, next| one < next), true)
        .map_err(|_| format!("{counters:?}").into())
}

fn a_live_answer_and_the_document_say_the_same_under_one_counter(
    stand: &Stand,
) -> Result<(), Failed> {
    let mut signed = Signed::new(&*stand.world()?)?;
    let (first, _) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    for round in 0..4_u8 {
        // Whichever is asked first after a change, both say it.
        let nonce = Nonce::of_bytes([round; 32]);
        let (live, document) = match round % 2 {
            0 => {
                let live = signed.live(&nonce)?;
                (live, signed.document()?)
            }
            _ => {
                let document = signed.document()?;
                (signed.live(&nonce)?, document)
            }
        };
        let live = live.ok_or("nothing was signed")?;
        let live = signed.device.believes(&live, Freshness::Nonce(nonce))?;
        let document = document.expect(200)?.body;
        let document = signed.device.believes(&document, Freshness::Expiry)?;
        same(live.counter, document.counter)?;
        same(live.choice_sha256(), document.choice_sha256())?;
        let method = if round % 2 == 0 { "POST" } else { "DELETE" };
        signed.app.roll(method, &signed.release, first)?;
    }
    Ok(())
}

fn a_statement_and_a_root_lie_where_devices_look_byte_for_byte(
    stand: &Stand,
) -> Result<(), Failed> {
    let signed = Signed::new(&*stand.world()?)?;
    let (_, patch) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    let device = &signed.app.device;
    let statement = device
        .get(&statement_path(&patch.name.to_string()))?
        .expect(200)?;
    same(&statement.body, &patch.envelope)?;
    same(
        statement.header("cache-control").contains("max-age=3600"),
        true,
    )?;
    let root = device.get(&root_path(&signed.app.id, 1))?.expect(200)?;
    same(&root.body, &signed.signer.envelope)?;
    same(root.header("cache-control").contains("immutable"), true)?;
    let tag = root.header("etag").to_owned();
    let again = root_path(&signed.app.id, 1);
    let again = device.ask("GET", &again, &[("if-none-match", &tag)], &[])?;
    same(again.status, 304)?;
    for absent in [
        root_path(&signed.app.id, 2),
        root_path("unknown", 1),
        statement_path(&"0".repeat(64)),
        channel_path(&signed.app.id, &"0".repeat(64), "stable"),
        channel_path("unknown", &signed.device.release_sha256(), "stable"),
    ] {
        device.get(&absent)?.expect(404)?;
    }
    Ok(())
}

fn a_rollout_is_told_to_who_asks_live_and_not_applied(stand: &Stand) -> Result<(), Failed> {
    let mut signed = Signed::new(&*stand.world()?)?;
    let (patch, _) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    signed.app.promote(patch, "stable", 1)?;
    let nonce = Nonce::of_bytes([3; 32]);
    let answer = signed.live(&nonce)?.ok_or("nothing was signed")?;
    let channel = signed.device.believes(&answer, Freshness::Nonce(nonce))?;
    let shares: Vec<_> = channel
        .selected
        .iter()
        .map(|entry| entry.rollout_basis_points)
        .collect();
    same(shares, vec![1])
}

fn shorebirds_clients_of_a_signed_app_are_served_as_ever(stand: &Stand) -> Result<(), Failed> {
    let signed = Signed::new(&*stand.world()?)?;
    let (patch, _) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    told(&signed.app, &signed.release, 1, &[])?;
    signed.app.roll("POST", &signed.release, patch)?;
    let answer = signed.app.check(&signed.release, json!({}))?;
    same(withdrawn(&answer), vec![1])?;
    same(answer.get("patchproof"), None)
}
