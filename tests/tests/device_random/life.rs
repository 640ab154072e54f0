//! What can happen in the life of a phone, as far as it can happen.

use std::collections::BTreeSet;

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{Failure, Honesty};
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

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Happens {
    Act(Act),
    /// The power goes before the so many-th operation of this act, or right after it; of the disks
    /// that may be left, the phone wakes up with one.
    CutDuring(Act, u64, usize),
    /// The so many-th operation of this act fails, once.
    FailsDuring(Act, u64, Failure),
    /// A process ends.
    Ends(u8, Exit),
    /// The server offers a content under a number, or nothing any more.
    Offers(Option<(u64, u8)>),
    /// The server withdraws just these numbers.
    Withdraws(BTreeSet<u64>),
    /// Phones that say what they run are offered this, good or bad.
    Deltas(Deltas),
    /// The store installs the other release; no process runs then.
    OtherRelease,
}

/// One thing that a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Start(u8),
    Healthy(u8),
    Failed(u8),
    Update(u8),
}

impl Act {
    pub(crate) const fn process(self) -> u8 {
        match self {
            Self::Start(process)
            | Self::Healthy(process)
            | Self::Failed(process)
            | Self::Update(process) => process,
        }
    }
}

/// Which processes run: all that has to be known to say what can happen next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    running: BTreeSet<u8>,
}

impl Life {
    /// What the processes can do, the likelier ones more than once.
    fn acts(&self) -> Vec<Act> {
        let of = |process: u8| {
            let weights: &[(Act, usize)] = if self.running.contains(&process) {
                &[
                    (Act::Healthy(process), 3),
                    (Act::Failed(process), 1),
                    (Act::Update(process), 5),
                ]
            } else {
                &[(Act::Start(process), 6)]
            };
            let of_both = if process == 0 { 3 } else { 1 };
            let times = |(act, weight): &(Act, usize)| std::iter::repeat_n(*act, weight * of_both);
            weights.iter().flat_map(times).collect::<Vec<_>>()
        };
        [of(0), of(1)].concat()
    }
}

impl ReferenceStateMachine for Life {
    type State = Self;
    type Transition = Happens;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Happens> {
        let acts = state.acts();
        let act = || prop::sample::select(acts.clone());
        let running: Vec<u8> = state.running.iter().copied().collect();
        let ends = if running.is_empty() {
            Just(Happens::OtherRelease).boxed()
        } else {
            let process = prop::sample::select(running);
            (process, exit())
                .prop_map(|(process, exit)| Happens::Ends(process, exit))
                .boxed()
        };
        let cut = |(act, at, image)| Happens::CutDuring(act, at, image);
        let fail = |(act, at, failure)| Happens::FailsDuring(act, at, failure);
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

    fn apply(mut state: Self, happens: &Happens) -> Self {
        match happens {
            Happens::Act(act) | Happens::FailsDuring(act, ..) => {
                state.running.insert(act.process());
            }
            Happens::CutDuring(..) => state.running.clear(),
            Happens::Ends(process, _) => {
                state.running.remove(process);
            }
            Happens::Offers(_)
            | Happens::Withdraws(_)
            | Happens::Deltas(_)
            | Happens::OtherRelease => {}
        }
        state
    }

    fn preconditions(state: &Self, happens: &Happens) -> bool {
        match happens {
            Happens::Act(act) | Happens::CutDuring(act, ..) | Happens::FailsDuring(act, ..) => {
                state.running.contains(&act.process()) != matches!(act, Act::Start(_))
            }
            Happens::Ends(process, _) => state.running.contains(process),
            Happens::OtherRelease => state.running.is_empty(),
            Happens::Offers(_) | Happens::Withdraws(_) | Happens::Deltas(_) => true,
        }
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
