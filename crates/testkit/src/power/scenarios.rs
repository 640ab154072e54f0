//! What is done to a phone, and what may be seen of it in between.

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{Failure, FaultPlan, Rot, Which};

use super::acts::{Acts, Stop};
use super::signed::{follows_signed_words, proven_under_a_root};
use crate::phone::{Deltas, Library, Phone};

/// A phone's past, and what happens then.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Scenario {
    /// In a few words.
    pub name: &'static str,
    /// What happened before. Nothing goes wrong, and all of it lasts.
    pub prepare: fn(&mut Phone),
    /// What is done, with the power going in between.
    pub act: fn(&mut Acts) -> Result<(), Stop>,
    /// Whether it is observed after how many starts without success an unproven patch is given up.
    pub is_patient: bool,
}

/// All of them.
pub const SCENARIOS: [Scenario; 15] = [
    scenario("fresh install", nothing, fresh_install),
    scenario(
        "update over update",
        proven_with_next_offered,
        update_over_update,
    ),
    scenario("rollback", two_installed, rollback),
    scenario("failed boot", second_just_ran, failed_boot),
    patient(scenario(
        "unfinished boots",
        second_installed,
        unfinished_boots,
    )),
    scenario("resumed download", nothing, resumed_download),
    scenario("app upgrade", proven_before_upgrade, app_upgrade),
    scenario("disk full", proven_with_next_offered, disk_full),
    scenario("two processes", proven_with_next_offered, two_processes),
    scenario("rotten state", rotten_state, rotten_state_acts),
    scenario("local install", proven_with_next_offered, local_install),
    scenario("events", second_installed, events),
    scenario("clear bans", second_banned, clear_bans),
    scenario("signed words", proven_under_a_root, follows_signed_words),
    scenario(
        "patch over a patch",
        proven_and_withdrawn,
        patch_over_a_patch,
    ),
];

const fn scenario(
    name: &'static str,
    prepare: fn(&mut Phone),
    act: fn(&mut Acts) -> Result<(), Stop>,
) -> Scenario {
    let is_patient = false;
    Scenario {
        name,
        prepare,
        act,
        is_patient,
    }
}

const fn patient(mut scenario: Scenario) -> Scenario {
    scenario.is_patient = true;
    scenario
}

fn nothing(phone: &mut Phone) {
    phone.server.offer(1, &Library::patched(0, 1));
}

fn fresh_install(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.call(|| app.update())?;
    drop(app);
    let app = acts.start(&[])?;
    acts.call(|| app.healthy()).map(drop)
}

/// Patch 1 runs, and ran well.
fn proven(phone: &mut Phone) {
    install(phone, 1, 1);
    let app = phone.start(&[]);
    app.healthy().expect("nothing fails in the past");
    app.send_events().expect("nothing fails in the past");
}

fn install(phone: &mut Phone, number: u64, content: u8) {
    phone
        .server
        .offer(number, &Library::patched(phone.release, content));
    let app = phone.start(&[]);
    app.update().expect("nothing fails in the past");
    app.send_events().expect("nothing fails in the past");
}

fn proven_with_next_offered(phone: &mut Phone) {
    proven(phone);
    phone.server.offer(2, &Library::patched(0, 2));
}

fn update_over_update(acts: &mut Acts) -> Result<(), Stop> {
    fresh_install(acts)
}

/// Patch 1 is proven, patch 2 will boot next.
fn second_installed(phone: &mut Phone) {
    proven(phone);
    install(phone, 2, 2);
}

/// Patch 1 is proven, and patch 2 runs and is well.
fn two_installed(phone: &mut Phone) {
    second_installed(phone);
    let app = phone.start(&[]);
    app.healthy().expect("nothing fails in the past");
    app.send_events().expect("nothing fails in the past");
    phone.server.offer_nothing(0);
    phone.server.withdraw(0, [2]);
}

fn rollback(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.call(|| app.update())?;
    drop(app);
    acts.start(&[]).map(drop)
}

/// Patch 2 has run for the first time, and its process is gone.
fn second_just_ran(phone: &mut Phone) {
    second_installed(phone);
    drop(phone.start(&[]));
}

fn failed_boot(acts: &mut Acts) -> Result<(), Stop> {
    let before = acts.phone.next_process - 1;
    let app = acts.start(&[(before, Exit::NativeCrash)])?;
    acts.call(|| app.healthy())?;
    acts.call(|| app.update()).map(drop)
}

fn unfinished_boots(acts: &mut Acts) -> Result<(), Stop> {
    for _ in 0..4 {
        drop(acts.start(&[])?);
    }
    Ok(())
}

fn resumed_download(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.phone.server.cut_after(Some(CUT_AFTER_BYTES));
    acts.call_in_vain(|| app.update())?;
    drop(app);
    acts.phone.server.be_honest();
    let app = acts.start(&[])?;
    acts.call(|| app.update()).map(drop)
}

/// Patch 1 of release 0 is proven; release 1 is installed over it, and has a patch of its own.
fn proven_before_upgrade(phone: &mut Phone) {
    proven(phone);
    phone.release = 1;
    phone.server.offer(3, &Library::patched(1, 3));
}

fn app_upgrade(acts: &mut Acts) -> Result<(), Stop> {
    fresh_install(acts)
}

fn disk_full(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    let full = FaultPlan::for_ever(Which::NeedsSpace, 8, Failure::NoSpace);
    let full = acts.phone.disk.fail(full);
    let in_vain = acts.call_in_vain(|| app.update());
    acts.phone.disk.take_back(full);
    in_vain?;
    acts.call(|| app.update()).map(drop)
}

fn two_processes(acts: &mut Acts) -> Result<(), Stop> {
    let one = acts.start(&[])?;
    let other = acts.start(&[])?;
    acts.call(|| one.update())?;
    acts.call(|| other.healthy())?;
    drop(one);
    let third = acts.start(&[])?;
    acts.call(|| third.healthy())?;
    acts.call(|| other.update())?;
    drop(other);
    acts.call(|| third.update()).map(drop)
}

/// Both slots of the state have gone bad.
fn rotten_state(phone: &mut Phone) {
    proven(phone);
    for slot in ["state-a", "state-b"] {
        let rotten = phone.disk.rotten();
        let mut of_slot =
            rotten.filter(|(path, rot, _)| path == slot && matches!(rot, Rot::Bit { .. }));
        let (.., disk) = of_slot.next().expect("every slot can rot");
        phone.disk = disk;
    }
}

fn rotten_state_acts(acts: &mut Acts) -> Result<(), Stop> {
    fresh_install(acts)
}

fn local_install(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.call(|| app.install(2, &Library::patched(0, 2)))?;
    drop(app);
    acts.start(&[]).map(drop)
}

fn events(acts: &mut Acts) -> Result<(), Stop> {
    acts.phone.server.answer_events_with(Some(503));
    let app = acts.start(&[])?;
    acts.call(|| app.failed())?;
    acts.call_in_vain(|| app.send_events())?;
    acts.phone.server.be_honest();
    acts.call(|| app.send_events())?;
    drop(app);
    acts.start(&[]).map(drop)
}

/// Patch 1 is proven, patch 2 reported that it failed.
fn second_banned(phone: &mut Phone) {
    second_installed(phone);
    let app = phone.start(&[]);
    app.failed().expect("nothing fails in the past");
    app.send_events().expect("nothing fails in the past");
}

fn clear_bans(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.call(|| app.updater.clear_bans(&std::collections::BTreeSet::new()))?;
    acts.call(|| app.update())?;
    drop(app);
    acts.start(&[]).map(drop)
}

/// Patch 1 runs, and ran well. Since then it is withdrawn, and patch 2 is offered, made against it
/// for whoever runs it.
fn proven_and_withdrawn(phone: &mut Phone) {
    proven_with_next_offered(phone);
    phone.server.withdraw(0, [1]);
    phone.server.deltas(Deltas::Good);
}

/// The answer takes the base away from under the update that it asks for; and a process that starts
/// in between goes on with a download that is made against something else.
fn patch_over_a_patch(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.phone.server.cut_after(Some(CUT_AFTER_BYTES));
    acts.call_in_vain(|| app.update())?;
    acts.phone.server.be_honest();
    acts.call(|| app.update())?;
    drop(app);
    let app = acts.start(&[])?;
    acts.call(|| app.healthy()).map(drop)
}

/// In the middle of a small patch.
const CUT_AFTER_BYTES: u64 = 64;
