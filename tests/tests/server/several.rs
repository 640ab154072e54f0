//! Several processes on one database and one store are one server.

use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::servers::Serve;
use patchproof_tests::trials::same;
use serde_json::json;

use crate::Claim;
use crate::stage::Stand;
use crate::world::{App, Release, World, offered, withdrawn};

/// What only a shared database has.
pub(crate) fn of_a_database() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 3] = claims![
        a_write_on_one_is_seen_on_the_other_within_a_second
        two_who_publish_one_number_by_two_servers_do_not_both_succeed
        what_one_was_told_stands_when_it_is_killed
    ];
    claims.to_vec()
}

/// Two servers, and an app as each shows it.
struct Two {
    one: World,
    other: Serve,
    app: App,
    there: App,
    release: Release,
}

impl Two {
    fn new(stand: &Stand) -> Result<Self, Failed> {
        let setup = stand.setup()?;
        let one = World::on(setup.clone().start()?)?;
        let other = setup.start()?;
        let (app, release) = one.released()?;
        // Tokens are in the database, so that of the first is good for both.
        let api = other.client().with(&one.serve.admin_token()?);
        let there = App {
            id: app.id.clone(),
            device: api.anonymous(),
            api,
        };
        Ok(Self {
            one,
            other,
            app,
            there,
            release,
        })
    }

    /// Waits until the other shows it, and answers whether that was within a second.
    fn follows(&self, offers: u64, withdraws: &[u64]) -> Result<(), Failed> {
        let start = Instant::now();
        loop {
            let answer = self.there.check(&self.release, json!({}))?;
            let found = (offered(&answer), withdrawn(&answer));
            if found == (offers, withdraws.to_vec()) {
                return Ok(());
            }
            if start.elapsed() > Duration::from_secs(1) {
                return Err(format!("after a second: {found:?}, not {offers}").into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn a_write_on_one_is_seen_on_the_other_within_a_second(stand: &Stand) -> Result<(), Failed> {
    let two = Two::new(stand)?;
    let patch = two.app.publish(&two.release, 1, 1)?;
    two.follows(1, &[])?;
    two.app.roll("POST", &two.release, patch)?;
    two.follows(0, &[1])?;
    two.app.roll("DELETE", &two.release, patch)?;
    two.follows(1, &[])?;
    two.app.promote(patch, "beta", 10_000)?;
    two.follows(0, &[])?;
    // And what was written there is seen here.
    two.there.promote(patch, "stable", 10_000)?;
    two.follows(1, &[])?;
    let start = Instant::now();
    while two.app.offered(&two.release)? != 1 {
        same(start.elapsed() < Duration::from_secs(1), true)?;
    }
    let answer = two.there.check(&two.release, json!({}))?;
    let url = answer["patch"]["download_url"].as_str().unwrap_or_default();
    let fetched = two.there.device.get(url)?.expect(200)?.body;
    same(fetched, Library::patched(0, 1).patch.to_vec())
}

fn two_who_publish_one_number_by_two_servers_do_not_both_succeed(
    stand: &Stand,
) -> Result<(), Failed> {
    let two = Two::new(stand)?;
    for content in [1, 2] {
        two.app
            .put_blob(&Library::patched(0, content).patch)?
            .success()?;
    }
    for number in 1..=5 {
        let publish = |app: &App, content| {
            let asked = app.publication(&two.release, number, content);
            let answer = app.api.post(&app.path("publish"), &asked);
            answer
                .map(|answer| answer.status)
                .map_err(|failed| format!("{failed:?}"))
        };
        let (here, there) = std::thread::scope(|scope| {
            let there = scope.spawn(|| publish(&two.there, 2));
            (publish(&two.app, 1), there.join())
        });
        let there = there.map_err(|_| "a racer fell")?;
        let mut statuses = [here?, there?].map(|status| if status < 300 { 200 } else { status });
        statuses.sort_unstable();
        same((number, statuses), (number, [200, 409]))?;
        same(two.app.next_number(&two.release)?, number + 1)?;
    }
    Ok(())
}

fn what_one_was_told_stands_when_it_is_killed(stand: &Stand) -> Result<(), Failed> {
    let mut two = Two::new(stand)?;
    two.app.publish(&two.release, 1, 1)?;
    two.one.serve.kill();
    two.follows(1, &[])?;
    two.there.publish(&two.release, 2, 2)?;
    two.follows(2, &[])?;
    two.one.serve.restart()?;
    same(two.app.offered(&two.release)?, 2)?;
    same(two.other.stop(), Some(0))
}
