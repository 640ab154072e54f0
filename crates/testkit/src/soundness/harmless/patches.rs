//! The same two libraries with a patch that is made otherwise, and signed as it is.

use patchproof_patch::{CodecChoice, MakeOptions, make_with};

use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{RealLibrary, Shorebird, Signed, Unsigned};
use super::super::stories::snapshot;
use super::super::world::World;
use super::ENDS;

pub(crate) const PATCHES: Family = Family {
    name: "patches made otherwise",
    kinds: &[
        Kind::new(
            "at each level, for Shorebird's devices",
            How::Words(|world, chance| {
                let levels = [
                    1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                ];
                remake(
                    world,
                    chance,
                    |level| MakeOptions::shorebird().at_level(level),
                    &levels,
                );
            }),
            &[(Signed, 12), (Shorebird, 6), (Unsigned, 3)],
            ENDS,
        ),
        Kind::new(
            "in our own container",
            How::Words(|world, chance| {
                let levels = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
                let options = |level| MakeOptions::patchproof(CodecChoice::Zstd).at_level(level);
                remake(world, chance, options, &levels);
            }),
            &[(Signed, 8), (Shorebird, 2), (RealLibrary, 1)],
            ENDS,
        ),
        Kind::new(
            "in our own container, by brotli or by whatever is smallest",
            How::Words(|world, chance| {
                let codecs = [
                    |_: i32| MakeOptions::patchproof(CodecChoice::Brotli),
                    |_: i32| MakeOptions::patchproof(CodecChoice::Auto),
                ];
                if let Some(options) = chance.pick_of(&codecs).copied() {
                    remake(world, chance, options, &[1]);
                }
            }),
            &[(Signed, 2), (Unsigned, 2)],
            ENDS,
        ),
        Kind::new(
            "to other builds by the same compiler",
            How::Words(|world, chance| {
                for abi in world.abis() {
                    let seed = chance.next();
                    world.put_output(&abi, snapshot(&abi).edited(seed).build());
                    world.make_patch(&abi);
                }
                world.renew_statements();
            }),
            &[(Signed, 10)],
            ENDS,
        ),
        Kind::new(
            "to a build that has nothing of the release",
            How::Words(|world, chance| {
                for abi in world.abis() {
                    let other = snapshot(&abi).with_payload_seed(chance.next());
                    world.put_output(&abi, other.build());
                    world.make_patch(&abi);
                }
                world.renew_statements();
            }),
            &[(Signed, 6)],
            ENDS,
        ),
    ],
};

fn remake(world: &mut World, chance: &mut Chance, options: fn(i32) -> MakeOptions, levels: &[i32]) {
    let level = chance.pick_of(levels).copied().unwrap_or(3);
    for abi in world.abis() {
        // Small files have one patch at several levels.
        if let Some(snapshot) = world.snapshot {
            let output = snapshot(&abi).edited(chance.next()).build();
            world.put_output(&abi, output);
        }
        let made = make_with(&world.base(&abi), &world.output(&abi), options(level));
        world
            .patches
            .insert(abi, made.expect("libraries can be patched"));
    }
    world.renew_statements();
}
