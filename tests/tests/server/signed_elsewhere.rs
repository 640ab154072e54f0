//! What is signed off the server: it takes nothing that a device would not believe.

use libtest_mimic::Failed;
use patchproof_protocol::root_path;
use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::{Choice, Publisher};
use patchproof_tests::claims;
use patchproof_tests::servers::Answer;
use patchproof_tests::trials::same;
use patchproof_trust::{Freshness, Nonce, Word};
use serde_json::json;

use crate::Claim;
use crate::choosing::now_s;
use crate::signed::Signed;
use crate::signing::put_root;
use crate::stage::Stand;
use crate::world::World;

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 3] = claims![
        a_signed_app_takes_no_patch_that_is_not_signed_for_it
        a_root_follows_the_one_before_it
        without_its_key_a_server_passes_on_what_was_signed_elsewhere
    ];
    claims.to_vec()
}

fn a_signed_app_takes_no_patch_that_is_not_signed_for_it(stand: &Stand) -> Result<(), Failed> {
    let signed = Signed::new(&*stand.world()?)?;
    let (app, release, signer) = (&signed.app, &signed.release, &signed.signer);
    let library = Library::patched(0, 1);
    app.put_blob(&library.patch)?.success()?;
    let publish = |envelope: Option<Vec<u8>>| -> Result<Answer, Failed> {
        let mut asked = app.publication(release, 1, 1);
        if let Some(envelope) = envelope {
            asked["artifacts"][0]["statement"] = json!(String::from_utf8(envelope)?);
        }
        app.api.post(&app.path("publish"), &asked)
    };
    publish(None)?.refused(422, "statement_missing")?;
    let statement = signer.statement(release, 1, 1)?;
    let thief = Publisher::thief().signed_patch(statement.clone()).envelope;
    publish(Some(thief))?.refused(422, "statement_refused")?;
    publish(Some(b"{}".to_vec()))?.refused(422, "statement_refused")?;
    let one_of_two = signer.publisher.sign(&statement, &["patch-1"]);
    publish(Some(one_of_two))?.refused(422, "statement_refused")?;
    let mut others = vec![
        signer.statement(release, 2, 1)?,
        signer.statement(release, 1, 2)?,
    ];
    let mut of_other_app = statement.clone();
    of_other_app.app = Word::new("other")?;
    let mut of_other_version = statement;
    of_other_version.release.version = Word::new("9.9.9")?;
    others.extend([of_other_app, of_other_version]);
    for other in others {
        let envelope = signer.publisher.signed_patch(other).envelope;
        let answer = publish(Some(envelope))?.expect(422)?;
        let code = answer.value()?["code"].clone();
        let known = ["statement_mismatch", "statement_refused"].map(|code| json!(code));
        same((&code, known.contains(&code)), (&code, true))?;
    }
    same(app.next_number(release)?, 1)?;
    signer.publish(app, release, 1, 1)?;
    same(app.next_number(release)?, 2)
}

fn a_root_follows_the_one_before_it(stand: &Stand) -> Result<(), Failed> {
    let signed = Signed::new(&*stand.world()?)?;
    let (app, publisher) = (&signed.app, &signed.signer.publisher);
    let mut second = signed.signer.root.clone();
    second.version = 2;
    let mut third = second.clone();
    third.version = 3;
    let envelope = publisher.signed_root(&second);
    let stolen = Publisher::thief().sign(&second, &["root-1", "root-2"]);
    let one = publisher.sign(&second, &["root-1"]);
    for (version, bytes) in [
        (3, publisher.signed_root(&third)),
        (2, stolen),
        (2, one),
        (2, signed.signer.envelope.clone()),
        (3, envelope.clone()),
        (2, b"{}".to_vec()),
        (0, envelope.clone()),
    ] {
        let answer = put_root(app, version, &bytes)?;
        let refused = matches!(answer.status, 400 | 404 | 409 | 422);
        same((version, refused), (version, true))?;
    }
    app.device.get(&root_path(&app.id, 2))?.expect(404)?;
    signed.signer.put(app, 2, &envelope)?;
    let found = app.device.get(&root_path(&app.id, 2))?.expect(200)?;
    same(found.body, envelope)?;
    let all = app.api.get(&app.path("roots"))?.expect(200)?.value()?;
    let versions = [0, 1].map(|index| all["roots"][index]["version"].clone());
    same(versions, [json!(1), json!(2)])
}

fn without_its_key_a_server_passes_on_what_was_signed_elsewhere(
    stand: &Stand,
) -> Result<(), Failed> {
    // The one claim here that needs a server without the key.
    let world = World::on(stand.setup()?.start()?)?;
    let mut signed = Signed::new(&world)?;
    let (_, patch) = signed.signer.publish(&signed.app, &signed.release, 1, 1)?;
    same(signed.live(&Nonce::of_bytes([1; 32]))?, None)?;
    signed.document()?.expect(404)?;
    let publisher = signed.signer.publisher;
    let envelope = |counter: u64, by: &Publisher| -> Result<Vec<u8>, Failed> {
        let mut statement = publisher.channel(0, &Choice::of(counter, &[&patch]));
        statement.app = signed.signer.root.app.clone();
        statement.release = signed.device.device.release.clone();
        statement.issued_s = now_s()?;
        statement.expires_s = now_s()? + 3600;
        Ok(by.signed_channel(&statement))
    };
    let put = |bytes: &[u8]| {
        let kind = [("content-type", "application/json")];
        let path = signed.app.path("channel-statements");
        signed.app.api.ask("PUT", &path, &kind, bytes)
    };
    let fifth = envelope(5, &publisher)?;
    put(&fifth)?.success()?;
    same(signed.document()?.expect(200)?.body, fifth.clone())?;
    for refused in [
        envelope(4, &publisher)?,
        envelope(6, &Publisher::thief())?,
        b"{}".to_vec(),
    ] {
        let answer = put(&refused)?;
        same(matches!(answer.status, 400 | 409 | 422), true)?;
    }
    same(signed.document()?.expect(200)?.body, fifth.clone())?;
    let channel = signed.device.believes(&fifth, Freshness::Expiry)?;
    same(signed.device.takes(&patch.envelope, &channel)?, 1)
}
