//! A patched build that the engine of the release does not take, though everything else is right:
//! its patch is made and signed for it.

use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, Signed, Unsigned};
use super::super::stories::snapshot;
use super::super::world::World;
use crate::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot};

pub(crate) const COMPILERS: Family = Family {
    name: "another compiler, mode or machine",
    kinds: &[
        built(
            "another snapshot version",
            &[(Signed, 8)],
            |made, chance| {
                let version: String = (0..32).map(|_| digit(chance)).collect();
                made.with_version(&version)
            },
        ),
        built("another mode", &[(Signed, 4)], |made, chance| {
            let mode = ["release", "debug"].get(chance.pick(2)).copied();
            instead(made, "product", mode.unwrap_or_default())
        }),
        built("other pointers", &[(Signed, 2)], |made, _| {
            instead(made, "compressed-pointers", "no-compressed-pointers")
        }),
        built("another system", &[(Signed, 6)], |made, chance| {
            let system = ["linux", "ios", "fuchsia"].get(chance.pick(3)).copied();
            instead(made, "android", system.unwrap_or_default())
        }),
        built("a feature more", &[(Signed, 8)], |made, chance| {
            let features = String::from_utf8_lossy(&made.isolate.features).into_owned();
            made.with_features(&format!("{features} {}", chance.name(7)))
        }),
        Kind::new(
            "the patched build of another machine",
            How::Words(|world, chance| {
                let seed = chance.next();
                put(world, chance, |abi| {
                    let machine = match abi {
                        "arm64-v8a" => Machine::X64,
                        _ => Machine::Arm64,
                    };
                    MadeSnapshot::new(Container::Elf64, machine, Layout::Split).edited(seed)
                });
            }),
            &[(Signed, 6)],
            ENDS,
        ),
        Kind::new(
            "the patched build in another layout",
            How::Words(|world, chance| {
                let seed = chance.next();
                put(world, chance, |abi| {
                    let machine = match abi {
                        "arm64-v8a" => Machine::Arm64,
                        _ => Machine::X64,
                    };
                    MadeSnapshot::new(Container::Elf64, machine, Layout::Unified).edited(seed)
                });
            }),
            &[(Signed, 6)],
            ENDS,
        ),
        Kind::new(
            "the engine of another release",
            How::Words(|world, chance| {
                let version: String = (0..32).map(|_| digit(chance)).collect();
                let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
                let engine = MadeEngine::accepting(&made.with_version(&version));
                world.engine = Some(engine.build());
            }),
            &[(Unsigned, 6)],
            ENDS,
        ),
    ],
};

const fn built(
    name: &'static str,
    on: &'static [(Story, usize)],
    change: fn(MadeSnapshot, &mut Chance) -> MadeSnapshot,
) -> Kind {
    Kind::new(name, How::Built(change), on, ENDS)
}

/// Puts another library into the patched build, with patch and statement for it.
pub(crate) fn put(world: &mut World, chance: &mut Chance, made: impl Fn(&str) -> MadeSnapshot) {
    let abis = world.abis();
    let Some(abi) = chance.pick_of(&abis) else {
        return;
    };
    world.put_output(abi, made(abi).build());
    world.make_patch(abi);
    world.renew_statements();
}

/// The patched build as it is made before it is changed.
pub(crate) fn changed(
    world: &mut World,
    chance: &mut Chance,
    change: fn(MadeSnapshot, &mut Chance) -> MadeSnapshot,
) {
    let abis = world.abis();
    let Some(abi) = chance.pick_of(&abis) else {
        return;
    };
    let made = change(snapshot(abi).edited(7), chance);
    world.put_output(abi, made.build());
    world.make_patch(abi);
    world.renew_statements();
}

/// One feature in place of another.
fn instead(made: MadeSnapshot, old: &str, new: &str) -> MadeSnapshot {
    let features = String::from_utf8_lossy(&made.isolate.features).into_owned();
    let words = features.split(' ');
    let words: Vec<&str> = words
        .map(|word| if word == old { new } else { word })
        .collect();
    made.with_features(&words.join(" "))
}

fn digit(chance: &mut Chance) -> char {
    let digits = b"0123456789abcdef";
    char::from(*chance.among(digits).unwrap_or(&b'0'))
}

const ENDS: &[&str] = &["compatibility 6"];
