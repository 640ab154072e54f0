//! What a code patch cannot carry, changed in one build alone.

use super::super::chance::Chance;
use super::super::edit::Edit;
use super::super::kind::{Family, How, Kind, Target};
use super::super::stories::Story::{RealApp, Signed};
use crate::made::{MadeApp, dex};

pub(crate) const AROUND: Family = Family {
    name: "what surrounds the library",
    kinds: &[
        Kind::new(
            "a byte of another file",
            How::Bytes(Target::Around, Edit::Flip),
            &[(Signed, 30), (RealApp, 4)],
            ENDS,
        ),
        Kind::new(
            "another file cut short",
            How::Bytes(Target::Around, Edit::Truncate),
            &[(Signed, 10), (RealApp, 1)],
            ENDS,
        ),
        app("another DEX file", |app, chance| {
            app.dex = vec![dex(chance.next())]
        }),
        app("one more DEX file", |app, chance| {
            app.dex.push(dex(chance.next()))
        }),
        Kind::new(
            "an asset that came",
            How::Words(|world, chance| {
                let name = format!("images/{}.png", chance.name(8));
                world.patched.assets.insert(name, chance.bytes(40));
            }),
            &[(Signed, 8), (RealApp, 1)],
            ENDS,
        ),
        app("a plugin's library that came", |app, chance| {
            let name = format!("lib{}.so", chance.name(6));
            for libraries in app.abis.values_mut() {
                libraries.others.insert(name.clone(), chance.bytes(60));
            }
        }),
        app("another version code", |app, chance| {
            app.version_code += 1 + chance.below_wide(900)
        }),
        app("another version name", |app, chance| {
            app.version_name = format!("1.2.{}", 4 + chance.below(900));
        }),
        app("another app id", |app, chance| {
            app.app_id.push_str(&chance.name(4))
        }),
        app("one more permission", |app, chance| {
            let name = format!("android.permission.{}", chance.name(9).to_uppercase());
            app.permissions.push(name);
        }),
        Kind::new(
            "a debuggable app",
            How::App(|app, _| app.debuggable = Some(true)),
            &[(Signed, 2), (RealApp, 2)],
            ENDS,
        ),
        app("other resources", |app, chance| {
            app.resources = chance.bytes(64)
        }),
        app("another image of the launcher", |app, chance| {
            for image in app.res.values_mut() {
                *image = chance.bytes(500);
            }
        }),
        app("a service that a library registers", |app, chance| {
            let name = format!("services/dev.{}", chance.name(8));
            app.meta_inf.insert(name, chance.bytes(20));
        }),
    ],
};

const fn app(name: &'static str, change: fn(&mut MadeApp, &mut Chance)) -> Kind {
    Kind::new(name, How::App(change), &[(Signed, 8), (RealApp, 1)], ENDS)
}

const ENDS: &[&str] = &["surroundings 1"];
