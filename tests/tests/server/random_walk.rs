//! Whatever a developer does in whatever order, devices are told what a small model says.

use std::collections::BTreeMap;

use libtest_mimic::Failed;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::Claim;
use crate::stage::Stand;
use crate::world::{App, Release, offered, withdrawn};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 1] =
        claims![whatever_is_done_no_number_is_offered_and_withdrawn_and_the_model_agrees];
    claims.to_vec()
}

/// What a developer may do; the number of a patch is taken modulo those that there are.
#[derive(Clone, Copy, Debug)]
enum Act {
    Publish,
    Promote(usize, usize),
    RollBack(usize),
    RollForward(usize),
    Kill,
    Revive,
}

/// A patch as the model knows it.
#[derive(Clone, Copy, Debug)]
struct Known {
    id: i64,
    channel: usize,
    is_rolled_back: bool,
    /// By the kill switch alone, which gives it back.
    is_killed: bool,
}

impl Known {
    const fn is_gone(&self) -> bool {
        self.is_rolled_back || self.is_killed
    }
}

struct Walk {
    app: App,
    release: Release,
    patches: BTreeMap<u64, Known>,
}

fn whatever_is_done_no_number_is_offered_and_withdrawn_and_the_model_agrees(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let mut walk = Walk {
        app,
        release,
        patches: BTreeMap::new(),
    };
    // The same walk each time, so that what it finds is found again.
    let mut runner = TestRunner::deterministic();
    let mut acts = vec![Act::Publish];
    for _ in 0..STEPS {
        acts.push(
            act()
                .new_tree(&mut runner)
                .map_err(|why| why.to_string())?
                .current(),
        );
    }
    for (step, act) in acts.iter().enumerate() {
        let walked = walk.does(*act).and_then(|()| walk.agrees());
        walked.map_err(|failed| format!("after step {step} of {acts:?}: {failed:?}"))?;
    }
    Ok(())
}

fn act() -> impl proptest::strategy::Strategy<Value = Act> {
    (0..6_u8, 0..12_usize, 0..CHANNELS.len()).prop_map(|(kind, which, channel)| match kind {
        0 => Act::Publish,
        1 => Act::Promote(which, channel),
        2 => Act::RollBack(which),
        3 => Act::RollForward(which),
        4 if which < 3 => Act::Kill,
        4 => Act::Promote(which, channel),
        _ if which < 6 => Act::Revive,
        _ => Act::RollForward(which),
    })
}

impl Walk {
    fn does(&mut self, act: Act) -> Result<(), Failed> {
        let (app, release) = (&self.app, &self.release);
        let patches = &mut self.patches;
        match act {
            Act::Publish => {
                let number = u64::try_from(patches.len())? + 1;
                let id = app.publish(release, number, u8::try_from(number)?)?;
                let known = Known {
                    id,
                    channel: 0,
                    is_rolled_back: false,
                    is_killed: false,
                };
                patches.insert(number, known);
            }
            Act::Promote(which, channel) => {
                let patch = nth(patches, which)?;
                let name = CHANNELS.get(channel).ok_or("a channel")?;
                app.promote(patch.id, name, 10_000)?;
                patch.channel = channel;
            }
            Act::RollBack(which) => {
                let patch = nth(patches, which)?;
                app.roll("POST", release, patch.id)?;
                (patch.is_rolled_back, patch.is_killed) = (true, false);
            }
            Act::RollForward(which) => {
                let patch = nth(patches, which)?;
                app.roll("DELETE", release, patch.id)?;
                (patch.is_rolled_back, patch.is_killed) = (false, false);
            }
            Act::Kill | Act::Revive => {
                let kills = matches!(act, Act::Kill);
                app.kill_switch(if kills { "POST" } else { "DELETE" }, release)?;
                for patch in patches.values_mut().filter(|patch| !patch.is_rolled_back) {
                    patch.is_killed = kills;
                }
            }
        }
        Ok(())
    }

    fn agrees(&self) -> Result<(), Failed> {
        for (index, channel) in CHANNELS.iter().enumerate() {
            let answer = self.app.check(&self.release, json!({"channel": channel}))?;
            let (offers, withdraws) = (offered(&answer), withdrawn(&answer));
            let newest = self
                .patches
                .iter()
                .rev()
                .find(|(_, patch)| patch.channel == index && !patch.is_gone());
            let expected = newest.map_or(0, |(number, _)| *number);
            same((channel, offers), (channel, expected))?;
            same((channel, withdraws.contains(&offers)), (channel, false))?;
            // A device may run a patch that has moved to another channel since.
            for (number, patch) in &self.patches {
                let listed = withdraws.contains(number);
                if patch.channel == index || listed {
                    same(
                        (channel, number, listed),
                        (channel, number, patch.is_gone()),
                    )?;
                }
            }
        }
        Ok(())
    }
}

fn nth(patches: &mut BTreeMap<u64, Known>, which: usize) -> Result<&mut Known, Failed> {
    let which = which % patches.len();
    Ok(patches.values_mut().nth(which).ok_or("a patch")?)
}

const CHANNELS: [&str; 2] = ["stable", "beta"];
const STEPS: usize = 60;
