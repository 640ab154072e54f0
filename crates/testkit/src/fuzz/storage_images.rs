//! Any disk that operations, failures, power cuts and strangers leave: slots and generations on it
//! are what they were or what they were to become, and never something else.

mod acts;
mod model;
pub(super) mod reading;
pub(super) mod stranger;

use patchproof_rehearsal::{BlockSize, Bounds, Honesty, SimDisk, SimProcess};
use patchproof_storage::{Copies, Slots, generation};

use super::choices::Choices;
use super::noise::noise;
use super::{Reached, Target};
use acts::{Act, PLACES, any, commit, fault, place_of, publish};
use model::{Model, content};

/// The target.
pub static TARGET: Target = Target {
    name: "storage_images",
    about: "slots and generations recover to before or after, on any disk that may be left",
    depth: "a disk that a cut or a stranger left was read, and something was committed over it",
    run,
    seeds,
    dictionary: &[
        b"\x89PPST\r\n\n\x01\0\0\0",
        b"patchproof generation 1\n",
        b"libapp.so\n",
        b"state-a",
    ],
    bytes_max: 2048,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let mut scene = Scene::of(&mut choices);
    for _ in 0..STEPS_MAX {
        if choices.is_empty() {
            break;
        }
        scene.step(&mut choices);
        scene.model.holds(&scene.process);
    }
    scene.cut(choices.short().into());
    scene.model.holds(&scene.process);
    scene.goes_on();
    match scene.committed_after {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// A disk, what was done to it, and which kinds of things are done.
struct Scene {
    disk: SimDisk,
    process: SimProcess,
    model: Model,
    kinds: Vec<Kind>,
    /// Whether a disk that a cut or a stranger left was read.
    was_left: bool,
    committed_after: bool,
    commits: u32,
}

#[derive(Clone, Copy)]
enum Kind {
    Commit,
    Publish,
    Remove,
    Cut,
    CutDuring,
    Fail,
    Rot,
    Stranger,
}

impl Scene {
    fn of(choices: &mut Choices<'_>) -> Self {
        let bits = choices.short();
        let is_on = |bit: u16| bits >> bit & 1 == 1;
        let mut kinds = vec![Kind::Commit, Kind::Commit, Kind::Publish, Kind::Remove];
        let more = [
            (0, Kind::Cut),
            (1, Kind::CutDuring),
            (2, Kind::CutDuring),
            (3, Kind::Fail),
            (4, Kind::Rot),
            (5, Kind::Stranger),
        ];
        kinds.extend(
            more.into_iter()
                .filter(|(bit, _)| is_on(*bit))
                .map(|(_, kind)| kind),
        );
        let block = match is_on(6) {
            true => BlockSize::Bytes512,
            false => BlockSize::Bytes4096,
        };
        let honesty = match is_on(7) && is_on(8) {
            true => Honesty::Lying,
            false => Honesty::Honest,
        };
        let disk = SimDisk::new(block, honesty);
        Self {
            process: disk.process(),
            disk,
            model: Model::new(honesty),
            kinds,
            was_left: false,
            committed_after: false,
            commits: 0,
        }
    }

    fn step(&mut self, choices: &mut Choices<'_>) {
        match choices.pick(&self.kinds) {
            Kind::Commit => {
                let act = commit(choices);
                self.act(act);
            }
            Kind::Publish => self.act(Act::Publish(choices.below(PLACES.len()))),
            Kind::Remove => self.act(Act::Remove(choices.below(PLACES.len()))),
            Kind::Cut => self.cut(choices.short().into()),
            Kind::CutDuring => {
                let at = self.disk.operations() + u64::from(choices.byte() % 40);
                self.disk.cut_power_before(at);
                let act = any(choices);
                self.model.may_fail(true);
                self.act(act);
                self.model.may_fail(false);
                self.cut(choices.short().into());
            }
            Kind::Fail => {
                let ordered = self.disk.fail(fault(choices));
                let act = any(choices);
                self.model.may_fail(true);
                self.act(act);
                self.disk.take_back(ordered);
                self.model.may_fail(false);
            }
            Kind::Rot => {
                let rotten: Vec<SimDisk> = self.disk.rotten().map(|(_, _, disk)| disk).collect();
                if let Some(disk) = rotten.get(choices.below(rotten.len())) {
                    self.on(disk.fork());
                    self.model.somebody_else_wrote();
                }
            }
            Kind::Stranger => {
                stranger::writes(&self.process, choices);
                self.model.somebody_else_wrote();
                self.was_left = true;
            }
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Commit(copies, size) => {
                self.commits += 1;
                let document = content(self.commits, size);
                let committed = Slots::commit(&self.process, &document, copies);
                self.committed_after |= committed.is_ok() && self.was_left;
                self.model.committed(&document, committed.is_ok());
            }
            Act::Publish(place) => {
                self.commits += 1;
                let published = publish(&self.process, place_of(place), self.commits);
                self.model.published(place, self.commits, published.is_ok());
            }
            Act::Remove(place) => {
                let removed = generation::remove_folder(&self.process, &place_of(place));
                self.model.removed(place, removed.is_ok());
            }
        }
    }

    /// The power goes, and comes back with one of the disks that this may leave.
    fn cut(&mut self, number: usize) {
        self.disk.cut_power();
        let mut images = self.disk.images(Bounds::normal());
        let wanted = number % IMAGES;
        let image = images.nth(wanted).or_else(|| {
            let made = usize::try_from(images.coverage().images).unwrap_or(1);
            self.disk.images(Bounds::normal()).nth(wanted % made.max(1))
        });
        self.on(image.expect("a disk has an image"));
        self.was_left = true;
    }

    fn on(&mut self, disk: SimDisk) {
        self.disk = disk;
        self.process = self.disk.process();
    }

    /// Whatever the disk is by now, the next commit and the next generation last.
    fn goes_on(&mut self) {
        if Model::is_blocked(&self.process) {
            return;
        }
        self.act(Act::Commit(Copies::Both, 10));
        self.act(Act::Publish(0));
        assert!(
            self.model.is_settled(),
            "what was left keeps everything new away"
        );
        self.cut(0);
        self.model.holds(&self.process);
    }
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let of = |(name, bits, seed): (&str, u16, u64)| {
        let bits = bits.to_le_bytes();
        (
            name.to_owned(),
            [&bits, noise(seed, 120).as_slice()].concat(),
        )
    };
    [
        ("cuts", 0b00_0111, 1),
        ("failures-and-cuts", 0b00_1111, 2),
        ("rot", 0b01_0011, 3),
        ("a-stranger", 0b10_0000, 4),
        ("a-stranger-and-cuts", 0b10_0111, 5),
        ("everything", 0b111_1111, 6),
        ("a-lying-disk", 0b1_1000_0111, 7),
    ]
    .map(of)
    .into()
}

const STEPS_MAX: usize = 24;
const IMAGES: usize = 200;

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
    #[should_panic(expected = "is neither")]
    fn a_disk_that_forgets_is_found_out() {
        for number in 0..200 {
            let mut scene = Scene::of(&mut Choices::new(&[0b1000_0000, 1]));
            scene.model = Model::new(Honesty::Honest);
            scene.act(Act::Commit(Copies::One, 10));
            scene.act(Act::Commit(Copies::One, 20));
            scene.cut(number);
            scene.model.holds(&scene.process);
        }
    }
}
