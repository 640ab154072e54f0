//! What becomes of patches under a real engine.

use std::fs;
use std::path::PathBuf;

use libtest_mimic::Failed;
use patchproof_tests::foreign::forced;
use patchproof_tests::trials::same;

use crate::Story;
use crate::phone::{Phone, until_halted};

pub(crate) const STORIES: [Story; 8] = [
    ("a_good_patch_boots_in_the_real_vm", good),
    (
        "a_patch_that_crashes_the_vm_falls_back_at_the_next_start_and_is_never_offered_again",
        crashes,
    ),
    (
        "a_patch_whose_failure_is_reported_falls_back_at_the_next_start",
        fails,
    ),
    ("a_rolled_back_patch_leaves_and_comes_again", rolled_back),
    ("a_kill_in_any_phase_leaves_an_app_that_boots", killed),
    ("ten_updates_in_a_row_each_boot", ten),
    ("two_processes_of_one_app_do_not_hurt_each_other", two),
    (
        "another_compilers_library_is_refused_before_it_boots",
        refused,
    ),
];

fn good(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, patched, _) = phone(paths)?;
    same(phone.run(&["vm"])?.boots(), ("0", SHIPPED))?;
    phone.offer(1, &patched);
    let fetching = phone.run(&["update", "vm", "healthy"])?;
    same(
        (fetching.after("update "), fetching.boots()),
        (INSTALLED, ("0", SHIPPED)),
    )?;
    same(phone.run(&["vm", "healthy"])?.boots(), ("1", PATCHED))
}

/// The engine takes the process with it, as a real one does; the platform tells of it.
fn crashes(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, patched, foreign) = phone(paths)?;
    phone.offer(1, &patched);
    phone.run(&["update"])?;
    same(phone.run(&["vm", "healthy"])?.boots(), ("1", PATCHED))?;
    let forced = forced(&phone.released, foreign).ok_or(FORCED)?;
    phone.offer(2, &forced);
    same(phone.run(&["update"])?.after("update "), INSTALLED)?;

    let crashed = phone.run(&["engine"])?;
    same((crashed.boots(), crashed.ended_well), (("2", "134"), false))?;
    let exits = format!("{}:{NATIVE_CRASH}", crashed.after("process "));
    let next = phone.run_after(&exits, &["vm", "update"])?;
    same(
        (next.boots(), next.after("update ")),
        (("1", PATCHED), NOT_TAKEN),
    )?;
    // Also under another number: it is the content that is known to be bad.
    phone.offer(3, &forced);
    same(phone.run(&["update"])?.after("update "), NOT_TAKEN)?;
    let downloads = phone.server.bodies("/download");
    same(downloads.len(), 2)?;
    same(phone.run(&["vm"])?.boots(), ("1", PATCHED))
}

fn fails(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, _, foreign) = phone(paths)?;
    phone.offer(1, &forced(&phone.released, foreign).ok_or(FORCED)?);
    phone.run(&["update"])?;
    same(phone.run(&["vm", "failure"])?.boots(), ("1", "134"))?;
    let next = phone.run(&["vm", "update"])?;
    same(
        (next.boots(), next.after("update ")),
        (("0", SHIPPED), NOT_TAKEN),
    )?;
    let events = phone.server.bodies("/api/v1/patches/events").concat();
    same(events.contains("__patch_install_failure__"), true)
}

fn rolled_back(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, patched, _) = phone(paths)?;
    phone.offer(1, &patched);
    phone.run(&["update"])?;
    phone.run(&["vm", "healthy"])?;
    phone.server.offer(None, &[1]);
    let withdrawing = phone.run(&["update", "vm"])?;
    same(withdrawing.boots(), ("1", PATCHED))?;
    same(phone.run(&["vm"])?.boots(), ("0", SHIPPED))?;
    phone.offer(1, &patched);
    same(phone.run(&["update"])?.after("update "), INSTALLED)?;
    same(phone.run(&["vm"])?.boots(), ("1", PATCHED))
}

/// SIGKILL after the start, while the engine runs, and in each phase of an update; and the update
/// is made after it.
fn killed(paths: &[PathBuf]) -> Result<(), Failed> {
    let phases: [&[&str]; 6] = [
        &["halt"],
        &["vm", "halt"],
        &["vm", "healthy", "halt"],
        &["halt=1", "update"],
        &["halt=2", "update"],
        &["halt=3", "update"],
    ];
    for acts in phases {
        let (phone, patched, _) = phone(paths)?;
        phone.offer(1, &patched);
        phone.killed(acts)?;
        let after = phone.run(&["vm", "healthy", "update"])?;
        same(
            (after.boots(), after.after("update ")),
            (("0", SHIPPED), INSTALLED),
        )
        .map_err(|found| format!("after {acts:?}: {found:?}"))?;
        // The first start of the patch is killed as well, once: nothing is held against it.
        phone.killed(&["vm", "halt"])?;
        let boots = phone.run(&["vm", "healthy"])?;
        same(boots.boots(), ("1", PATCHED)).map_err(|found| format!("{acts:?}: {found:?}"))?;
    }
    Ok(())
}

/// The two of a pair in turn, each time under a new number.
fn ten(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, patched, _) = phone(paths)?;
    for number in 1..=10_u64 {
        let (library, says) = match number % 2 {
            1 => (&patched, PATCHED),
            _ => (&phone.released, SHIPPED),
        };
        phone.offer(number, library);
        // What is installed already is not fetched again: its number is a new one.
        drop(phone.run(&["update", "healthy"])?);
        let boots = phone.run(&["vm", "healthy"])?;
        same(boots.boots(), (number.to_string().as_str(), says))?;
    }
    let folders = fs::read_dir(phone.device().join("generations"))?;
    same(folders.count() <= 2, true)
}

fn two(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, patched, _) = phone(paths)?;
    phone.offer(1, &patched);
    phone.run(&["update"])?;
    phone.run(&["vm", "healthy"])?;
    // One that runs patch 1 for as long as it likes.
    let mut first = phone.start(&["vm", "healthy", "halt"])?;
    same(
        until_halted(&mut first)?.contains(&"boots 1".to_owned()),
        true,
    )?;
    // Another updates, and a third boots what that installed: the first one's files stay.
    phone.offer(2, &phone.released);
    same(phone.run(&["vm", "update"])?.boots(), ("1", PATCHED))?;
    same(phone.run(&["vm", "healthy"])?.boots(), ("2", SHIPPED))?;
    let held = fs::read_dir(phone.device().join("generations"))?.count();
    same(held, 2)?;
    first.kill()?;
    first.wait()?;
    // Its kill says nothing against patch 1, which proved itself before: it is taken again.
    phone.server.offer(None, &[2]);
    phone.run(&["update"])?;
    same(phone.run(&["vm"])?.boots(), ("0", SHIPPED))?;
    phone.offer(1, &patched);
    same(phone.run(&["update"])?.after("update "), INSTALLED)?;
    same(phone.run(&["vm"])?.boots(), ("1", PATCHED))
}

fn refused(paths: &[PathBuf]) -> Result<(), Failed> {
    let (phone, _, foreign) = phone(paths)?;
    phone.offer(1, &foreign);
    let refusing = phone.run(&["update"])?;
    same(refusing.after("update fails 10").contains("snapshot"), true)?;
    same(phone.run(&["vm", "update"])?.boots(), ("0", SHIPPED))
}

/// A phone, the patched library, and another compiler's.
fn phone(paths: &[PathBuf]) -> Result<(Phone, Vec<u8>, Vec<u8>), Failed> {
    let [runtime, base, patched, foreign] = paths else {
        return Err("four paths were asked for".into());
    };
    let phone = Phone::new(runtime, base)?;
    Ok((phone, fs::read(patched)?, fs::read(foreign)?))
}

const FORCED: &str = "both say what they are";
const SHIPPED: &str = "0 1.97.2";
const PATCHED: &str = "0 1.97.3";
const INSTALLED: &str = "1";
const NOT_TAKEN: &str = "2";
const NATIVE_CRASH: i32 = 2;
