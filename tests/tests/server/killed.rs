//! The server is killed under load, again and again: what it acknowledged is there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::events::{KINDS, event};
use crate::stage::Stand;
use crate::world::{App, EVENTS, Release, World, offered, sha256, withdrawn};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 1] =
        claims![a_server_that_is_killed_under_load_has_all_that_it_acknowledged];
    claims.to_vec()
}

/// What one client was told until the server was gone.
#[derive(Clone, Debug, Default)]
struct Acknowledged {
    /// The patches of its release, by number, and whether each was last rolled back.
    patches: BTreeMap<u64, bool>,
    /// What it wanted to do with a patch when the answer failed to come.
    in_flight: Option<u64>,
    events: u64,
}

fn a_server_that_is_killed_under_load_has_all_that_it_acknowledged(
    stand: &Stand,
) -> Result<(), Failed> {
    let mut world = World::on(stand.fresh()?)?;
    let app = world.app()?;
    let releases = (0..PUBLISHERS).map(|number| app.release(&format!("1.0.{number}+1")));
    let releases = releases.collect::<Result<Vec<_>, _>>()?;
    let mut told = vec![Acknowledged::default(); releases.len()];
    for round in 0..ROUNDS {
        let before = acknowledged(&told);
        kill_under_load(&mut world, &app, &releases, &mut told, round)
            .map_err(|failed| format!("round {round}: {failed:?}"))?;
        same(acknowledged(&told) > before, true)
            .map_err(|_| format!("round {round}: nothing was acknowledged"))?;
        world.serve.restart()?;
        for (release, told) in releases.iter().zip(&mut told) {
            let held = all_is_there(&app, release, told);
            held.map_err(|failed| format!("round {round}: {told:?}: {failed:?}"))?;
        }
    }
    let patches: usize = told.iter().map(|told| told.patches.len()).sum();
    let events: u64 = told.iter().map(|told| told.events).sum();
    println!("{patches} patches and {events} events were acknowledged under {ROUNDS} kills");
    same(patches > 0 && events > 0, true)
}

/// Everybody goes on until the server is gone. What fails before it is killed is no end but a
/// failure: else a server that refuses everything would be under no load.
fn kill_under_load(
    world: &mut World,
    app: &App,
    releases: &[Release],
    told: &mut [Acknowledged],
    round: u64,
) -> Result<(), Failed> {
    let is_killed = AtomicBool::new(false);
    let until_killed = |release: &Release, told: &mut Acknowledged| loop {
        if let Err(failed) = go_on(app, release, told) {
            let is_killed = is_killed.load(Ordering::SeqCst);
            return is_killed.then_some(()).ok_or_else(|| format!("{failed:?}"));
        }
    };
    let until_killed = &until_killed;
    std::thread::scope(|scope| {
        let clients = releases.iter().zip(told);
        let clients: Vec<_> = clients
            .map(|(release, told)| scope.spawn(move || until_killed(release, told)))
            .collect();
        std::thread::sleep(Duration::from_millis(350 + 130 * round));
        is_killed.store(true, Ordering::SeqCst);
        world.serve.kill();
        for client in clients {
            client.join().map_err(|_| "a client fell")??;
        }
        Ok(())
    })
}

/// How much was acknowledged so far.
fn acknowledged(told: &[Acknowledged]) -> usize {
    let writes =
        |told: &Acknowledged| told.patches.len() + usize::try_from(told.events).unwrap_or(0);
    told.iter().map(writes).sum()
}

/// One patch, a few events about it, and back and forth with it.
fn go_on(app: &App, release: &Release, told: &mut Acknowledged) -> Result<(), Failed> {
    let number = 1 + told.patches.keys().next_back().copied().unwrap_or(0);
    told.in_flight = Some(number);
    let patch = app.publish(release, number, content(number)?)?;
    told.patches.insert(number, false);
    for _ in 0..5 {
        let body = event(app, release, json!({"type": KINDS[1], "patch_number": 1}));
        app.device.post(EVENTS, &body)?.expect(201)?;
        told.events += 1;
    }
    app.roll("POST", release, patch)?;
    told.patches.insert(number, true);
    if number % 3 == 0 {
        app.roll("DELETE", release, patch)?;
        told.patches.insert(number, false);
    }
    told.in_flight = None;
    Ok(())
}

fn all_is_there(app: &App, release: &Release, told: &mut Acknowledged) -> Result<(), Failed> {
    let status = app.status(release)?;
    let found = status["patches"].as_array().ok_or("no patches")?;
    let numbers: Vec<u64> = found
        .iter()
        .filter_map(|patch| patch["number"].as_u64())
        .collect();
    // No hole, and at most the one in flight more than was acknowledged.
    let expected: Vec<u64> = (1..).take(numbers.len()).collect();
    same(&numbers, &expected)?;
    let (acknowledged, there) = (told.patches.len(), numbers.len());
    same((acknowledged..=acknowledged + 1).contains(&there), true)
        .map_err(|_| format!("{there} patches are there"))?;
    same(app.next_number(release)?, u64::try_from(there)? + 1)?;
    for (number, patch) in numbers.iter().zip(found) {
        whole(app, *number, patch)?;
        let rolled_back = patch["rolled_back_at"].is_u64();
        let acknowledged = told.patches.get(number).copied();
        if told.in_flight != Some(*number) {
            same((number, Some(rolled_back)), (number, acknowledged))?;
        }
        // From here on, what is there counts.
        told.patches.insert(*number, rolled_back);
    }
    let events = found
        .first()
        .and_then(|first| first["events"][KINDS[1]].as_u64());
    let events = events.unwrap_or(0);
    same((told.events..=told.events + 1).contains(&events), true)
        .map_err(|_| format!("{events} events are there"))?;
    told.events = events;
    told.in_flight = None;
    devices_are_told(app, release, told)
}

/// Half a patch is no patch.
fn whole(app: &App, number: u64, patch: &Value) -> Result<(), Failed> {
    let library = Library::patched(0, content(number)?);
    let artifact = &patch["artifacts"][0];
    same(&artifact["hash"], &json!(sha256(&library.bytes)))?;
    same(&patch["channel"], &json!("stable"))?;
    let path = format!("/patchproof/v1/downloads/{}", sha256(&library.patch));
    same(
        app.device.get(&path)?.expect(200)?.body,
        library.patch.to_vec(),
    )
}

fn devices_are_told(app: &App, release: &Release, told: &Acknowledged) -> Result<(), Failed> {
    let answer = app.check(release, json!({}))?;
    let standing = told
        .patches
        .iter()
        .filter(|(_, is_rolled_back)| !**is_rolled_back);
    let newest = standing.map(|(number, _)| *number).max().unwrap_or(0);
    let gone = told
        .patches
        .iter()
        .filter(|(_, is_rolled_back)| **is_rolled_back);
    let gone: Vec<u64> = gone.map(|(number, _)| *number).collect();
    same((offered(&answer), withdrawn(&answer)), (newest, gone))
}

fn content(number: u64) -> Result<u8, Failed> {
    Ok(u8::try_from(number % 200)?)
}

const PUBLISHERS: usize = 4;
const ROUNDS: u64 = 4;
