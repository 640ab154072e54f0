//! The same libraries in builds of another kind, and files beside them that may differ.

use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{RealApp, RealLibrary, Signed, Unsigned};
use super::super::world::{Packing, World};
use super::ENDS;
use crate::made::MadeApp;

pub(crate) const PACKINGS: Family = Family {
    name: "builds of another kind, and files that may differ",
    kinds: &[
        Kind::new(
            "packed as another kind of archive",
            How::Words(packed),
            &[(Signed, 3)],
            ENDS,
        ),
        Kind::new(
            "bare libraries, the root beside them",
            How::Words(bare),
            &[(RealApp, 1)],
            ENDS,
        ),
        Kind::new(
            "one ABI alone, its files without a label",
            How::Words(one_abi),
            &[(Signed, 2)],
            ENDS,
        ),
        app("another signature of the archive", |app, chance| {
            for name in ["CERT.RSA", "CERT.SF", "MANIFEST.MF"] {
                app.meta_inf.insert(name.to_owned(), chance.bytes(99));
            }
        }),
        app("a signature of another kind", |app, chance| {
            let ends = ["EC", "DSA", "RSA", "SF"];
            let end = chance.pick_of(&ends).copied().unwrap_or("EC");
            app.meta_inf
                .insert(format!("{}.{end}", chance.name(5)), chance.bytes(99));
        }),
        app("other records of the build", |app, chance| {
            let names = [
                "com/android/build/gradle/app-metadata.properties",
                "version-control-info.textproto",
                "androidx.core_core.version",
                "kotlin_stdlib.kotlin_module",
            ];
            if let Some(name) = chance.pick_of(&names) {
                app.meta_inf.insert((*name).to_owned(), chance.bytes(30));
            }
        }),
        app("other licence texts", |app, chance| {
            app.assets.insert("NOTICES.Z".to_owned(), chance.bytes(60));
        }),
        app("another list of the assets", |app, chance| {
            let names = [
                "AssetManifest.bin",
                "AssetManifest.json",
                "AssetManifest.bin.json",
            ];
            if let Some(name) = chance.pick_of(&names) {
                app.assets.insert((*name).to_owned(), chance.bytes(60));
            }
        }),
        Kind::new(
            "an asset that only the release has",
            How::Words(asset_went),
            &[(Signed, 6), (RealApp, 1)],
            ENDS,
        ),
        Kind::new(
            "a rebuild packed otherwise",
            How::Words(rebuilt),
            &[(Signed, 4)],
            ENDS,
        ),
        Kind::new(
            "a rebuild that is the same",
            How::Words(rebuilt_alike),
            &[(Unsigned, 1), (RealLibrary, 1)],
            ENDS,
        ),
        Kind::new(
            "an ABI that only the patched build has",
            How::Words(more_abis),
            &[(Signed, 2)],
            ENDS,
        ),
    ],
};

const fn app(name: &'static str, change: fn(&mut MadeApp, &mut Chance)) -> Kind {
    Kind::new(name, How::App(change), &[(Signed, 6), (RealApp, 1)], ENDS)
}

fn packed(world: &mut World, chance: &mut Chance) {
    let packings = [
        [Packing::Aab, Packing::Aab],
        [Packing::Set, Packing::Set],
        [Packing::Aar, Packing::Aar],
    ];
    if let Some(packings) = chance.pick_of(&packings) {
        world.packings = *packings;
    }
}

fn bare(world: &mut World, _: &mut Chance) {
    world.packings = [Packing::Library; 2];
    if let Some(signing) = &mut world.signing {
        signing.is_embedded = false;
    }
}

fn one_abi(world: &mut World, chance: &mut Chance) {
    let abis = world.abis();
    let Some(kept) = chance.pick_of(&abis) else {
        return;
    };
    for app in [&mut world.release, &mut world.patched] {
        app.abis.retain(|abi, _| abi == kept);
    }
    world.patches.retain(|abi, _| abi == kept);
    if let Some(signing) = &mut world.signing {
        signing.documents.retain(|abi, _| abi == kept);
    }
    world.is_labelled = false;
}

/// Users keep what no longer ships: a note, and no more.
fn asset_went(world: &mut World, chance: &mut Chance) {
    let name = format!("images/{}.png", chance.name(8));
    world.release.assets.insert(name, chance.bytes(40));
}

fn rebuilt_alike(world: &mut World, _: &mut Chance) {
    world.rebuilt = Some(Packing::Library);
}

fn rebuilt(world: &mut World, chance: &mut Chance) {
    let packings = [Packing::Apk, Packing::Aab, Packing::Set, Packing::Aar];
    world.rebuilt = chance.pick_of(&packings).copied();
}

fn more_abis(world: &mut World, chance: &mut Chance) {
    let abis = ["armeabi-v7a", "x86"];
    let more = MadeApp::new().abis.remove("armeabi-v7a");
    if let (Some(abi), Some(libraries)) = (chance.pick_of(&abis), more) {
        world.patched.abis.insert((*abi).to_owned(), libraries);
    }
}
