//! A server that says anything: each update ends with an answer or a typed error, within its
//! bounds, and nothing is installed but what was announced, and where signatures count, signed.

mod desk;
mod kept;
mod liar;
mod lies;

use patchproof_device::{
    Boot, Booted, Cancel, Config, DeviceLimits, Outcome, StartFacts, StatementFacts, Updater,
};
use patchproof_lifecycle::GenerationId;
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk, SimMachine, SimProcess};

use super::choices::Choices;
use super::noise::noise;
use super::{Reached, Target};
use crate::phone::{BASE_URL, Phone};
use crate::power;
use desk::Desk;
use kept::announces;
use liar::Liar;

/// The target.
pub static TARGET: Target = Target {
    name: "http_answers",
    about: "whatever a server answers, what is installed was announced, and signed where it counts",
    depth: "a lie was told, and a patch was installed or refused after its bytes had come",
    run,
    seeds,
    dictionary: desk::WORDS,
    bytes_max: 2048,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let mut scene = Scene::new(Desk::of(&mut choices));
    for _ in 0..ACTS_MAX {
        if choices.is_empty() {
            break;
        }
        scene.act(&mut choices);
    }
    let came = scene.liar.downloads() > 0;
    scene.ends_well();
    match scene.liar.lies() > 0 && came {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// A phone, the one who answers it, and the publisher behind him.
struct Scene {
    phone: Phone,
    liar: Liar,
    desk: Desk,
    running: Option<Running>,
    facts: Option<StatementFacts>,
}

/// A process of the app.
struct Running {
    updater: Updater<SimProcess, SimMachine, Liar>,
    boot: Boot,
}

impl Scene {
    fn new(desk: Desk) -> Self {
        let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
        phone.trust = desk.trust();
        let mut scene = Self {
            liar: Liar::new(&phone.server),
            phone,
            desk,
            running: None,
            facts: None,
        };
        scene.desk.offers(&scene.phone, 1, 1);
        scene
    }

    fn act(&mut self, choices: &mut Choices<'_>) {
        match choices.below(12) {
            0..=4 => {
                self.liar.will_say(choices);
                self.update();
            }
            5 => {
                self.liar.will_say(choices);
                drop(self.running().updater.check(&Cancel::new()));
            }
            6 => {
                self.liar.will_say(choices);
                drop(self.running().updater.send_events(&Cancel::new()));
            }
            7 => {
                let content = choices.pick(&[2, 1, 3]);
                let number = choices.pick(&[2, 1, 3, 4]);
                self.desk.offers(&self.phone, number, content);
            }
            8 => self.desk.withdraws(&self.phone, choices.pick(&[1, 2, 3])),
            9 => self.desk.rotates(&self.phone, choices.pick(&[0, 1, 2, 3])),
            10 => self.phone.machine.pass(u64::from(choices.short()) * 1000),
            _ => self.ends(choices.below(3)),
        }
        self.liar.is_honest();
        self.remembers();
    }

    /// The process that runs; where none does, one is started.
    fn running(&mut self) -> &Running {
        if self.running.is_none() {
            self.running = Some(self.start());
        }
        self.running.as_ref().expect("it was started just now")
    }

    fn start(&mut self) -> Running {
        let updater = Updater::configure(
            self.phone.disk.process(),
            self.phone.machine.clone(),
            self.liar.clone(),
            config(&self.phone),
        );
        let updater = updater.expect("a made library and settings of ours can be used");
        let process = self.phone.next_process;
        self.phone.next_process += 1;
        let exits = Vec::new();
        let boot = updater.begin_boot(&StartFacts { process, exits });
        let violation = power::safe(&self.phone, &boot, "a start after lies");
        assert!(violation.is_none(), "{violation:?}");
        if let Booted::Generation { id, number, .. } = &boot.what {
            self.is_vouched(id, *number);
        }
        Running { updater, boot }
    }

    /// The process ends, after it said how it is or before.
    fn ends(&mut self, how: usize) {
        if let Some(Running { updater, boot }) = self.running.take() {
            match how {
                0 => drop(updater.report_healthy(&boot.id)),
                1 => drop(updater.report_failure(&boot.id, "it does not work")),
                _ => {}
            }
        }
        self.running();
    }

    fn update(&mut self) {
        self.liar.forget();
        let updated = self.running().updater.update(&Cancel::new(), &mut |_| {});
        let asked = self.liar.asked();
        assert!(
            asked.len() <= REQUESTS_MAX,
            "one update asked {} times",
            asked.len()
        );
        let is_asked_for = |url: &String| match self.desk.is_signed() {
            true => url.starts_with(BASE_URL),
            false => url.to_ascii_lowercase().starts_with("http"),
        };
        assert!(asked.iter().all(is_asked_for), "asked elsewhere: {asked:?}");
        if let Ok(updated) = updated
            && let Outcome::Installed { number, id } = updated.outcome
        {
            self.is_vouched(&id, number);
            if !self.desk.is_signed() {
                let announced = self.liar.answers();
                let is_it = |answer: &Vec<u8>| announces(answer, number, &id);
                assert!(
                    announced.iter().any(is_it),
                    "{number} is installed and was not announced"
                );
            }
            kept::is_in_place(self.running().updater.storage(), &id);
        }
        kept::is_bounded(&self.phone.disk);
    }

    /// What runs or is installed was signed, where that counts, and is not below what is allowed.
    fn is_vouched(&self, id: &GenerationId, number: u64) {
        if !self.desk.is_signed() {
            return;
        }
        assert!(
            self.desk.signed(number, id),
            "nobody signed {id} as {number}"
        );
        let floor = self.facts.map_or(0, |facts| facts.minimum_number);
        assert!(number >= floor, "{number} is below the floor of {floor}");
    }

    /// What is remembered of signed words only grows.
    fn remembers(&mut self) {
        let facts = self.running().updater.statement_facts();
        let facts = facts.expect("a disk without faults can be read");
        assert!(
            facts.is_some() || self.facts.is_none(),
            "{:?} is forgotten",
            self.facts
        );
        if let (Some(before), Some(now)) = (self.facts, facts) {
            let grows = now.root_version >= before.root_version
                && now.counter >= before.counter
                && now.minimum_number >= before.minimum_number;
            assert!(grows, "{before:?} became {now:?}");
        }
        self.facts = facts;
    }

    /// Where signatures count, nothing that was said keeps an honest server's next patch away.
    fn ends_well(&mut self) {
        if !self.desk.is_signed() {
            self.ends(2);
            return;
        }
        self.desk.offers(&self.phone, LAST_NUMBER, LAST_CONTENT);
        self.ends(0);
        let updated = self.running().updater.update(&Cancel::new(), &mut |_| {});
        let outcome = updated.as_ref().map(|updated| updated.outcome);
        let is_installed =
            matches!(outcome, Ok(Outcome::Installed { number, .. }) if number == LAST_NUMBER);
        assert!(is_installed, "after all lies {updated:?}");
        self.ends(0);
        let boot = &self.running().boot;
        let runs = matches!(boot.what, Booted::Generation { number, .. } if number == LAST_NUMBER);
        assert!(runs, "after all lies this runs: {boot:?}");
    }
}

/// As the phone has it, with a smaller limit for downloads.
fn config(phone: &Phone) -> Config {
    let config = phone.config();
    Config {
        limits: DeviceLimits {
            download_bytes_max: DOWNLOAD_BYTES_MAX,
            ..config.limits
        },
        ..config
    }
}

/// An update with a lie in it, one without, and then anything.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let kinds = (0_u8..).zip(desk::KINDS_IN_WORDS);
    let of = |(kind, word): (u8, &str), seed: u64| {
        let head = [kind, 0, 1, 2, 7, 7, 0, 0];
        let input = [head.as_slice(), noise(seed, 200).as_slice()].concat();
        (format!("{word}-{seed}"), input)
    };
    let both = kinds.chain((0..).zip(desk::KINDS_IN_WORDS)).zip(0_u64..);
    both.map(|(kind, seed)| of(kind, seed)).collect()
}

const ACTS_MAX: usize = 14;
const DOWNLOAD_BYTES_MAX: u64 = 64 << 10;
/// The roots that come next, up to 64, events, four choices and a download of each, twice.
const REQUESTS_MAX: usize = 200;
/// Offered in the end; no lie was ever about it.
const LAST_NUMBER: u64 = 9;
const LAST_CONTENT: u8 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_seeds_reach_the_depth() {
        let all = seeds();
        let deep = all.iter().filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(deep.count() * 2 > all.len());
    }

    #[test]
    #[should_panic(expected = "nobody signed")]
    fn a_patch_that_nobody_signed_is_found_out() {
        let scene = Scene::new(Desk::of(&mut Choices::new(&[3])));
        scene.is_vouched(&GenerationId::of_bytes([0; 32]), 1);
    }
}
