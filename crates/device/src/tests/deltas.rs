//! Patches against the library that runs, and what a publisher says to the app.

use patchproof_patch::{MakeOptions, make_with};
use sha2::{Digest as _, Sha256};

use super::made::{patch_to, patched};
use super::world::{World, answer, number, update};
use crate::{Cancel, Outcome};

/// Says of the offered patch what it is made against, and more.
fn with(answer: &str, more: &str) -> String {
    answer.replacen("\"number\"", &format!("{more},\"number\""), 1)
}

fn made_against(library: &[u8]) -> String {
    let from = hex::encode(Sha256::digest(library));
    format!(r#""patchproof":{{"from_sha256":"{from}"}}"#)
}

fn delta(from: &[u8], to: &[u8]) -> Vec<u8> {
    make_with(from, to, MakeOptions::shorebird()).unwrap()
}

#[test]
fn a_question_names_the_patched_library_that_runs_and_never_the_bundled_one() {
    let (world, one) = (World::new(), patched("one"));
    world.install(1, &one);
    update(&world.start(2, &[]).0).unwrap();
    let checks = world.server().checks.clone();
    let named = format!(
        r#""patchproof_runs_sha256":"{}""#,
        hex::encode(Sha256::digest(&one))
    );
    assert!(!checks[0].contains("patchproof"), "{}", checks[0]);
    assert!(checks[1].contains(&named), "{}", checks[1]);
}

/// The address is the same, and so is the tag: a server may put one in the place of the other.
#[test]
fn a_partial_download_is_of_one_base() {
    let (world, one, two) = (World::new(), patched("one"), patched("two"));
    world.install(1, &one);
    world.server().asked_from.clear();
    let offered = answer(2, &two, "");
    {
        let mut server = world.server();
        server.answer = with(&offered, &made_against(&one));
        server.patch = delta(&one, &two);
        server.cut_after = Some(16);
    }
    let (device, boot) = world.start(2, &[]);
    assert_eq!(number(&boot), 1);
    update(&device).unwrap_err();
    {
        let mut server = world.server();
        server.answer = offered;
        server.patch = patch_to(&two);
        server.cut_after = None;
    }
    update(&device).unwrap();
    assert_eq!(world.server().asked_from, [0, 0]);
    drop(device);
    assert_eq!(number(&world.start(3, &[]).1), 2);
}

#[test]
fn a_server_may_say_that_a_patch_is_made_against_the_release() {
    let (world, one, two) = (World::new(), patched("one"), patched("two"));
    world.install(1, &one);
    world.offer(2, &two);
    world.server().answer = with(&answer(2, &two, ""), &made_against(&super::made::base()));
    let outcome = update(&world.start(2, &[]).0).unwrap().outcome;
    assert!(matches!(outcome, Outcome::Installed { number: 2, .. }));
}

#[test]
fn what_a_server_says_to_the_app_is_told() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    let said = r#""notes":"mends the cart","force_update":true"#;
    world.server().answer = with(&answer(1, &new, ""), said);
    let (device, _) = world.start(1, &[]);
    let available = device.check(&Cancel::new()).unwrap().available.unwrap();
    assert_eq!(available.notes.as_deref(), Some("mends the cart"));
    assert!(available.force_update);
    let updated = update(&device).unwrap();
    assert_eq!(updated.notes.as_deref(), Some("mends the cart"));
    assert!(updated.force_update);
    let again = update(&device).unwrap();
    assert_eq!((again.notes, again.force_update), (None, false));
}
