//! Any life of a phone: events, failures and power cuts in any order, on the real device library.

use std::collections::BTreeSet;

use patchproof_lifecycle::Exit;
use patchproof_rehearsal::{BlockSize, Failure, FaultPlan, Honesty, Which};
use patchproof_storage::Operation;

use super::choices::Choices;
use super::noise::noise;
use super::{Reached, Target};
use crate::lives::{Act, Happens, Life, Lived, Living};
use crate::phone::Deltas;

/// The target.
pub static TARGET: Target = Target {
    name: "lifecycle_events",
    about: "whatever happens to a phone, what it shows is what the reference allows",
    depth: "a patch was installed and booted, and a crash, a failure or a power cut came",
    run,
    seeds,
    dictionary: &[],
    bytes_max: 1024,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let swarm = Swarm::of(&mut choices);
    let (lived, crashes) = live(&swarm, swarm.is_strict(), &mut choices);
    let went_wrong = lived.cuts + lived.failures + crashes > 0;
    match lived.installs > 0 && lived.patched_starts > 0 && went_wrong {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// Lives as the input says, and gives how much happened and how often a process crashed.
fn live(swarm: &Swarm, is_strict: bool, choices: &mut Choices<'_>) -> (Lived, u64) {
    let mut life = Life::default();
    let mut living = Living::new(swarm.block, swarm.honesty, is_strict);
    let mut crashes = 0;
    for _ in 0..HAPPENS_MAX {
        if choices.is_empty() {
            break;
        }
        let happens = swarm.next(&life, choices);
        if !life.allows(&happens) {
            continue;
        }
        crashes += u64::from(matches!(&happens, Happens::Ends(_, exit) if exit.is_known_crash()));
        living.happens(&happens);
        living.is_tidy();
        life.goes_on(&happens);
    }
    (living.lived(), crashes)
}

/// Which kinds of things happen in this life at all, and on which disk.
struct Swarm {
    kinds: Vec<Kind>,
    block: BlockSize,
    honesty: Honesty,
    has_two_processes: bool,
}

/// A kind of thing that happens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Act,
    Offers,
    Ends,
    Cut,
    Fails,
    Deltas,
    Withdraws,
    OtherRelease,
    CutsDownloads,
    Passes,
    Sends,
}

impl Swarm {
    /// Acts, offers and ends are always there; of all else, as the bits say.
    fn of(choices: &mut Choices<'_>) -> Self {
        let bits = choices.short();
        let is_on = |bit: u16| bits >> bit & 1 == 1;
        let mut kinds = Vec::new();
        for (bit, (kind, weight)) in (0_u16..).zip(KINDS) {
            if bit < ALWAYS || is_on(bit) {
                kinds.extend(std::iter::repeat_n(kind, weight));
            }
        }
        Self {
            kinds,
            // The bits of what is always there say the rest.
            block: match is_on(0) {
                true => BlockSize::Bytes512,
                false => BlockSize::Bytes4096,
            },
            honesty: match is_on(1) && is_on(2) {
                true => Honesty::Lying,
                false => Honesty::Honest,
            },
            has_two_processes: is_on(15),
        }
    }

    fn is_strict(&self) -> bool {
        self.honesty == Honesty::Honest
    }

    fn next(&self, life: &Life, choices: &mut Choices<'_>) -> Happens {
        match choices.pick(&self.kinds) {
            Kind::Act => Happens::Act(self.act(life, choices)),
            Kind::Offers => Happens::Offers(match choices.below(10) {
                9 => None,
                _ => Some((choices.pick(&[1, 2, 3]), choices.pick(&[1, 2, 3]))),
            }),
            Kind::Ends => Happens::Ends(self.process(choices), choices.pick(&EXITS)),
            Kind::Cut => {
                let (act, at) = (self.act(life, choices), u64::from(choices.byte() % 128));
                Happens::CutDuring(act, at, usize::from(choices.short()))
            }
            Kind::Fails => Happens::FailsDuring(self.act(life, choices), fault(choices)),
            Kind::Deltas => Happens::Deltas(choices.pick(&DELTAS)),
            Kind::Withdraws => {
                let numbers = choices.byte();
                let numbers = (0..3).filter(|bit| numbers >> bit & 1 == 1);
                Happens::Withdraws(numbers.map(|bit| bit + 1).collect::<BTreeSet<u64>>())
            }
            Kind::OtherRelease => Happens::OtherRelease,
            Kind::CutsDownloads => {
                let cuts = choices.flag();
                Happens::CutsDownloads(cuts.then(|| u64::from(choices.short() % 512)))
            }
            Kind::Passes => Happens::Passes(u64::from(choices.short()) * MS_A_STEP),
            Kind::Sends => Happens::Act(Act::Sends(self.process(choices))),
        }
    }

    fn act(&self, life: &Life, choices: &mut Choices<'_>) -> Act {
        let mut acts = life.acts();
        acts.retain(|act| self.has_two_processes || act.process() == 0);
        choices.pick(&acts)
    }

    fn process(&self, choices: &mut Choices<'_>) -> u8 {
        match self.has_two_processes {
            true => u8::from(choices.flag()),
            false => 0,
        }
    }
}

/// Any failure of the disk that the model has.
fn fault(choices: &mut Choices<'_>) -> FaultPlan {
    let of = match choices.below(6) {
        0 => Which::Changes,
        1 => Which::NeedsSpace,
        2 => Which::Kind(choices.pick(&OPERATIONS)),
        _ => Which::Any,
    };
    let failure = choices.pick(&FAILURES);
    let nth = u64::from(choices.byte() % 128);
    let mut plan = match choices.one_in(4) {
        true => FaultPlan::for_ever(of, nth, failure),
        false => FaultPlan::once(of, nth, failure),
    };
    if choices.one_in(3) {
        plan = plan.after_a_short_write(choices.byte().into());
    }
    if choices.one_in(3) {
        plan = plan.although_done();
    }
    plan
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let of = |(name, bits, seed): (&str, u16, u64)| {
        let bits = bits.to_le_bytes();
        (
            name.to_owned(),
            [&bits, noise(seed, 240).as_slice()].concat(),
        )
    };
    [
        ("calm", 0, 1),
        ("cuts", 1 << 3, 2),
        ("failures", 1 << 4, 3),
        ("deltas-and-withdrawals", 0b110_0000, 4),
        ("releases", 1 << 7, 5),
        ("two-processes", 1 << 15, 6),
        ("everything", u16::MAX ^ 0b110, 7),
        ("a-lying-disk", 0b1110, 8),
    ]
    .map(of)
    .into()
}

/// With how often each comes. The first ones are always there.
const KINDS: [(Kind, usize); 11] = [
    (Kind::Act, 14),
    (Kind::Offers, 4),
    (Kind::Ends, 5),
    (Kind::Cut, 4),
    (Kind::Fails, 3),
    (Kind::Deltas, 2),
    (Kind::Withdraws, 1),
    (Kind::OtherRelease, 1),
    (Kind::CutsDownloads, 1),
    (Kind::Passes, 1),
    (Kind::Sends, 1),
];
const ALWAYS: u16 = 3;
const EXITS: [Exit; 6] = [
    Exit::Unknown,
    Exit::Crash,
    Exit::NativeCrash,
    Exit::UserRequest,
    Exit::LowMemory,
    Exit::Anr,
];
/// None of them may keep a phone from what it is offered.
const DELTAS: [Deltas; 5] = [
    Deltas::Good,
    Deltas::None,
    Deltas::Garbage,
    Deltas::OfAnother,
    Deltas::Missing,
];
const FAILURES: [Failure; 6] = [
    Failure::Io,
    Failure::NoSpace,
    Failure::Quota,
    Failure::Denied,
    Failure::ReadOnly,
    Failure::TwoFileSystems,
];
const OPERATIONS: [Operation; 8] = [
    Operation::Sync,
    Operation::SyncFolder,
    Operation::Rename,
    Operation::Write,
    Operation::Remove,
    Operation::Read,
    Operation::Lock,
    Operation::List,
];
/// Longer lives show nothing that two shorter ones do not.
const HAPPENS_MAX: usize = 48;
/// 65,535 of them are a month and a half.
const MS_A_STEP: u64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_seeds_reach_the_depth() {
        let all = seeds();
        let deep = all.iter().filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(deep.count() * 2 > all.len());
    }

    /// A disk that lies, held to what an honest one promises.
    #[test]
    #[should_panic(expected = "to run, found")]
    fn a_disk_that_forgets_is_found_out() {
        let swarm = Swarm {
            honesty: Honesty::Lying,
            ..Swarm::of(&mut Choices::new(&[1 << 3, 0]))
        };
        for seed in 0..2_000 {
            live(&swarm, true, &mut Choices::new(&noise(seed, 300)));
        }
    }
}
