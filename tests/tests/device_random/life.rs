//! What can happen in the life of a phone, as a property test draws it.

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{Failure, FaultPlan, Honesty, Which};
use patchproof_testkit::lives::{Happens, Life};
use patchproof_testkit::phone::Deltas;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use proptest_state_machine::ReferenceStateMachine;

/// Whether syncs of the disk last.
pub(crate) trait Disk: std::fmt::Debug + 'static {
    const HONESTY: Honesty;
    /// Whether what is seen is held against the reference to the letter.
    const STRICT: bool;
}

/// Every life.
#[derive(Debug)]
pub(crate) struct Lives;

impl ReferenceStateMachine for Lives {
    type State = Life;
    type Transition = Happens;

    fn init_state() -> BoxedStrategy<Life> {
        Just(Life::default()).boxed()
    }

    fn transitions(state: &Life) -> BoxedStrategy<Happens> {
        let acts = state.acts();
        let act = || prop::sample::select(acts.clone());
        let running: Vec<u8> = state.running().iter().copied().collect();
        let ends = if running.is_empty() {
            Just(Happens::OtherRelease).boxed()
        } else {
            let process = prop::sample::select(running);
            (process, exit())
                .prop_map(|(process, exit)| Happens::Ends(process, exit))
                .boxed()
        };
        let cut = |(act, at, image)| Happens::CutDuring(act, at, image);
        let fail = |(act, at, failure)| {
            Happens::FailsDuring(act, FaultPlan::once(Which::Any, at, failure))
        };
        prop_oneof![
            12 => act().prop_map(Happens::Act),
            4 => (act(), 0..120_u64, any::<usize>()).prop_map(cut),
            3 => (act(), 0..120_u64, failure()).prop_map(fail),
            4 => ends,
            4 => prop::option::weighted(0.9, (1..=3_u64, 1..=3_u8)).prop_map(Happens::Offers),
            2 => prop::sample::select(DELTAS).prop_map(Happens::Deltas),
            1 => prop::collection::btree_set(1..=3_u64, 0..2).prop_map(Happens::Withdraws),
        ]
        .boxed()
    }

    fn apply(mut state: Life, happens: &Happens) -> Life {
        state.goes_on(happens);
        state
    }

    fn preconditions(state: &Life, happens: &Happens) -> bool {
        state.allows(happens)
    }
}

/// None of them may keep a phone from what it is offered.
const DELTAS: &[Deltas] = &[
    Deltas::None,
    Deltas::Good,
    Deltas::Good,
    Deltas::Garbage,
    Deltas::OfAnother,
    Deltas::Missing,
];

fn exit() -> impl Strategy<Value = Exit> {
    prop_oneof![
        Just(Exit::Crash),
        Just(Exit::NativeCrash),
        Just(Exit::UserRequest),
        Just(Exit::LowMemory),
        Just(Exit::Unknown),
    ]
}

fn failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        Just(Failure::Io),
        Just(Failure::NoSpace),
        Just(Failure::Denied)
    ]
}
