//! Good files in the wrong place: another ABI, another base, another output, the other way round.

use patchproof_patch::make;

use super::super::bundle::{Bundle, Packed};
use super::super::chance::Chance;
use super::super::edit::Edit;
use super::super::kind::{Family, How, Kind, is_library};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed, Unsigned};
use super::super::stories::snapshot;
use super::super::world::World;
use crate::made::{Content, MadeSnapshot};

pub(crate) const SWAPS: Family = Family {
    name: "files of another ABI, base or build",
    kinds: &[
        files(
            "the patches of two ABIs swapped",
            &[(Signed, 1)],
            |bundle, _| {
                swap_labels(&mut bundle.patches);
            },
        ),
        files(
            "the statements of two ABIs swapped",
            &[(Signed, 1)],
            |bundle, _| {
                swap_labels(&mut bundle.statements);
            },
        ),
        files(
            "the channels of two ABIs swapped",
            &[(Signed, 1)],
            |bundle, _| {
                swap_labels(&mut bundle.channels);
            },
        ),
        files(
            "the libraries of two ABIs swapped",
            &[(Signed, 3)],
            |bundle, chance| {
                let which = chance.pick(3);
                for build in [(0, &mut bundle.release), (1, &mut bundle.patched)] {
                    if which == build.0 || which == 2 {
                        swap_libraries(build.1);
                    }
                }
            },
        ),
        files("release and patched build swapped", BUNDLED, |bundle, _| {
            std::mem::swap(&mut bundle.release, &mut bundle.patched);
        }),
        files(
            "the release as its own patched build",
            BUNDLED,
            |bundle, _| {
                bundle.patched = bundle.release.clone();
            },
        ),
        files(
            "an ABI without a patch",
            &[(Signed, 2)],
            |bundle, chance| {
                bundle.patches.remove(chance.pick(2));
            },
        ),
        files(
            "a second patch for one ABI",
            &[(Signed, 2)],
            |bundle, chance| {
                let more = bundle.patches.get(chance.pick(2)).cloned();
                bundle.patches.extend(more);
            },
        ),
        files(
            "a patch for an ABI that is not there",
            &[(Signed, 2)],
            |bundle, chance| {
                if let Some((abi, _)) = bundle.patches.get_mut(chance.pick(2)) {
                    *abi = Some("armeabi-v7a".to_owned());
                }
            },
        ),
        files("another file as the patch", ANYWHERE, other_file_as_patch),
        files(
            "the patch of a third build",
            &[(Signed, 8), (Unsigned, 8)],
            |bundle, chance| {
                let which = chance.pick(bundle.patches.len());
                let base = third(
                    bundle.patches.get(which).and_then(|(abi, _)| abi.clone()),
                    chance,
                );
                let patch = make(
                    &base.build(),
                    &base.clone().edited(chance.next()).build(),
                    3,
                );
                if let (Some((_, bytes)), Ok(patch)) = (bundle.patches.get_mut(which), patch) {
                    *bytes = patch;
                }
            },
        ),
        words("a signed patch over another base", |world, chance| {
            one_patch(world, chance, |world, abi, chance| {
                let base = snapshot(abi).edited(chance.next() | 1).build();
                make(&base, &world.output(abi), 3).ok()
            });
        }),
        words(
            "a signed patch that gives another build",
            |world, chance| {
                one_patch(world, chance, |world, abi, chance| {
                    let seed = chance.next();
                    let other = snapshot(abi).edited(seed).build();
                    make(&world.base(abi), &other, 3).ok()
                });
            },
        ),
        words(
            "a signed patch made the other way round",
            |world, chance| {
                one_patch(world, chance, |world, abi, _| {
                    make(&world.output(abi), &world.base(abi), 3).ok()
                });
            },
        ),
        words(
            "a signed patch from the patched build to itself",
            |world, chance| {
                one_patch(world, chance, |world, abi, _| {
                    make(&world.output(abi), &world.output(abi), 3).ok()
                });
            },
        ),
        Kind::new(
            "a rebuild of which a byte is another",
            How::Files(|bundle, chance| {
                let mut rebuilt = bundle.release.clone();
                rebuilt.change("/libapp.so", |bytes| Edit::Flip.apply(bytes, chance));
                bundle.rebuilt = Some(rebuilt);
            }),
            &[(Signed, 10), (Unsigned, 10), (RealLibrary, 2)],
            &["rebuild 1", "rebuild 3"],
        ),
        words("a patched build without an ABI", |world, chance| {
            let abis = world.abis();
            if let Some(abi) = chance.pick_of(&abis) {
                world.patched.abis.remove(abi);
            }
        }),
    ],
};

const fn files(
    name: &'static str,
    on: &'static [(Story, usize)],
    change: fn(&mut Bundle, &mut Chance),
) -> Kind {
    Kind::new(name, How::Files(change), on, ENDS)
}

const fn words(name: &'static str, change: fn(&mut World, &mut Chance)) -> Kind {
    Kind::new(name, How::Words(change), &[(Signed, 2)], ENDS)
}

fn swap_labels(files: &mut [(Option<String>, Vec<u8>)]) {
    if let [(one, _), (other, _)] = files {
        std::mem::swap(one, other);
    }
}

fn swap_libraries(build: &mut Packed) {
    let Some(zip) = build.zip() else { return };
    let mut libraries: Vec<&mut Content> = Vec::new();
    for entry in &mut zip.entries {
        if is_library(&String::from_utf8_lossy(&entry.name)) {
            libraries.push(&mut entry.content);
        }
    }
    if let [one, other] = libraries.as_mut_slice() {
        std::mem::swap(*one, *other);
    }
}

fn other_file_as_patch(bundle: &mut Bundle, chance: &mut Chance) {
    let others = [
        Some(Vec::new()),
        Some(bundle.release.bytes()),
        Some(bundle.patched.bytes()),
        bundle.statements.first().map(|(_, bytes)| bytes.clone()),
        bundle.engine.clone(),
    ];
    let others: Vec<Vec<u8>> = others.into_iter().flatten().collect();
    let other = chance.pick_of(&others).cloned();
    if let (Some((_, bytes)), Some(other)) = (bundle.patches.first_mut(), other) {
        *bytes = other;
    }
}

/// A build of another app by the same compiler.
fn third(abi: Option<String>, chance: &mut Chance) -> MadeSnapshot {
    let abi = abi.unwrap_or_default();
    snapshot(&abi).with_payload_seed(chance.next() | 2)
}

/// Makes the patch of one ABI otherwise, and signs it as it is.
fn one_patch(
    world: &mut World,
    chance: &mut Chance,
    made: fn(&World, &str, &mut Chance) -> Option<Vec<u8>>,
) {
    let abis = world.abis();
    let Some(abi) = chance.pick_of(&abis) else {
        return;
    };
    if let Some(patch) = made(world, abi, chance) {
        world.patches.insert(abi.clone(), patch);
        world.renew_statements();
    }
}

const BUNDLED: &[(Story, usize)] = &[(Signed, 1), (Unsigned, 1), (RealApp, 1), (RealLibrary, 1)];
const ANYWHERE: &[(Story, usize)] = &[(Signed, 4), (Unsigned, 4), (RealLibrary, 4)];
const ENDS: &[&str] = &[
    "artefact 1",
    "artefact 2",
    "compatibility 6",
    "base 2",
    "base 5",
    "inflate 1",
    "statements 4",
];
