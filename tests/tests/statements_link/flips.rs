//! Whatever byte of a statement is another, the link does not hold.

use patchproof_report::{LinkId, LinkState, Report};
use patchproof_verify::{Build, Input, Inputs, LabelledPatch, verify_release};
use proptest::prelude::*;

use crate::world::{NOW_S, World};

/// The whole chain in memory, over this statement.
pub(crate) fn inputs(world: &World, statement: Vec<u8>) -> Inputs {
    let file = |name: &str, bytes: Vec<u8>| LabelledPatch::new(None, Input::new(name, Ok(bytes)));
    let build = |name: &str| Build::in_memory(name, world.bench.get(name));
    let mut inputs = Inputs::new(build("release.apk"));
    inputs.patched = Some(build("patched.apk"));
    inputs.patches = vec![file("good.patch", world.bench.get("good.patch"))];
    inputs.signed.statements = vec![file("statement.json", statement)];
    inputs.now_s = NOW_S;
    inputs
}

fn state(report: &Report) -> LinkState {
    let mut rows = report.links().iter();
    let row = rows.find(|row| row.id == LinkId::Statements);
    row.expect("the link has a row").state
}

#[test]
fn a_statement_of_which_any_byte_is_another_is_never_held() {
    let mut world = World::new();
    world.put();
    let honest = world.bench.get("statement.json");
    let whole = inputs(&world, honest.clone());
    assert_eq!(state(&verify_release(&whole)), LinkState::Held);
    let flips = (0..honest.len(), 1..=u8::MAX);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(512));
    let ran = runner.run(&flips, |(at, mask)| {
        let mut flipped = honest.clone();
        flipped[at] ^= mask;
        let mut inputs = whole.clone();
        inputs.signed.statements[0].file.bytes = Ok(flipped);
        let report = verify_release(&inputs);
        prop_assert_eq!(state(&report), LinkState::Broken);
        prop_assert_eq!(report.exit_code().number(), 4);
        Ok(())
    });
    ran.expect("no flip is held");
}

#[test]
fn a_statement_that_is_cut_anywhere_is_never_held() {
    let mut world = World::new();
    world.put();
    let honest = world.bench.get("statement.json");
    let whole = inputs(&world, honest.clone());
    for length in (0..honest.len()).step_by(97) {
        let mut inputs = whole.clone();
        inputs.signed.statements[0].file.bytes = Ok(honest[..length].to_vec());
        let state = state(&verify_release(&inputs));
        assert_eq!(state, LinkState::Broken, "cut at {length}");
    }
}
