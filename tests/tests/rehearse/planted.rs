//! Planted faults: what a rehearsal is there to find, it finds.

use patchproof_rehearsal::{
    Arch, Cancel, Rehearsal, RehearseError, Rehearsed, RehearsedPatch, rehearse, rehearse_over,
};
use patchproof_report::{ExitCode, Rule};
use patchproof_testkit::phone::Library;

use crate::faulty::{Fault, Faulty};

fn rehearsal() -> Rehearsal {
    let base = Library::base(0).bytes;
    let patches = [1, 2].map(|content| {
        let library = Library::patched(0, content);
        RehearsedPatch::new(format!("{content}.patch"), library.patch, library.bytes)
    });
    Rehearsal::new(Arch::Aarch64, base, patches.into())
}

fn over(fault: Fault) -> Rehearsed {
    let wrap = |inner| Faulty::with(inner, fault);
    rehearse_over(&rehearsal(), wrap, &mut |_| {}, &Cancel::new()).unwrap()
}

fn rules(rehearsed: &Rehearsed) -> Vec<Rule> {
    let mut rules: Vec<Rule> = rehearsed.findings.iter().map(|it| it.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn without_a_fault_nothing_is_found() {
    let rehearsed = rehearse(&rehearsal(), &mut |_| {}, &Cancel::new()).unwrap();
    assert_eq!(
        rules(&rehearsed),
        [Rule::RehearsalExtent],
        "{:#?}",
        rehearsed.findings
    );
    assert_eq!(rehearsed.exit_code(), ExitCode::Verified);
}

#[test]
fn a_library_that_is_not_synced_is_found_as_a_lost_install() {
    let rehearsed = over(Fault::LibrarySync);
    assert_eq!(rules(&rehearsed), [Rule::RehearsalLostInstall]);
    assert_eq!(rehearsed.exit_code(), ExitCode::Different);
}

#[test]
fn a_state_that_is_not_synced_is_found_as_a_lost_install() {
    assert!(rules(&over(Fault::StateSync)).contains(&Rule::RehearsalLostInstall));
}

#[test]
fn an_engine_that_is_given_other_bytes_is_found() {
    assert_eq!(rules(&over(Fault::Reading)), [Rule::RehearsalBootedOther]);
}

#[test]
fn a_download_that_stays_is_found_as_waste() {
    assert!(rules(&over(Fault::Removal)).contains(&Rule::RehearsalLeftWaste));
}

#[test]
fn a_rehearsal_ends_when_it_is_cancelled() {
    let cancel = Cancel::new();
    let inner = cancel.clone();
    let ended = rehearse(&rehearsal(), &mut |_| inner.cancel(), &cancel);
    assert!(matches!(ended, Err(RehearseError::Cancelled)));
}

#[test]
fn progress_tells_every_crash_point_of_every_scene() {
    let mut told = 0;
    let rehearsed = rehearse(
        &rehearsal(),
        &mut |step| {
            assert!(step.done < step.crash_points);
            told += 1;
        },
        &Cancel::new(),
    );
    assert_eq!(rehearsed.unwrap().points.len(), told);
}
