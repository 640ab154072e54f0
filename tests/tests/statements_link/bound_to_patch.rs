//! Every word that ties a statement to the patch, changed once.

use patchproof_patch::{CodecChoice, MakeOptions, make_with};
use patchproof_tests::bench::check;
use patchproof_trust::{Digest, FileName};

use crate::world::{World, broken, check_broken, statement, word};

#[test]
fn a_statement_for_another_download_is_broken() {
    broken(
        |world| world.statement.downloads[0].sha256 = Digest::of(b"another patch"),
        &["PP539", "good.patch is none of the downloads"],
    );
}

#[test]
fn a_patch_that_was_made_again_is_not_the_one_that_was_signed() {
    let mut world = World::new();
    world.put();
    let [base, new] = [&world.release, &world.patched].map(|app| &app.abis["x86_64"].dart);
    let again = patchproof_patch::make(base, new, 19).unwrap();
    assert_ne!(again, world.bench.get("good.patch"));
    world.bench.put("good.patch", &again);
    check_broken(&world.verify(&[]), &["PP539"]);
}

#[test]
fn a_statement_with_another_size_of_the_download_is_broken() {
    broken(
        |world| world.statement.downloads[0].size_bytes += 1,
        &["PP540", "size of the patch"],
    );
}

#[test]
fn a_statement_with_another_container_is_broken() {
    broken(
        |world| world.statement.downloads[0].container = word("patchproof"),
        &["PP540", "container"],
    );
}

#[test]
fn a_statement_with_another_codec_is_broken() {
    broken(
        |world| world.statement.downloads[0].codec = word("brotli"),
        &["PP540", "codec"],
    );
}

#[test]
fn a_statement_that_applies_the_patch_to_something_else_is_broken() {
    broken(
        |world| world.statement.downloads[0].from_sha256 = Some(Digest::of(b"the last patch")),
        &["PP540", "base of the patch"],
    );
}

#[test]
fn a_statement_that_takes_the_patch_for_the_whole_file_is_broken() {
    broken(
        |world| world.statement.downloads[0].from_sha256 = None,
        &["PP540", "it is to be the whole file"],
    );
}

#[test]
fn a_statement_that_makes_another_file_of_the_patch_is_broken() {
    broken(
        |world| {
            let mut more = world.statement.files[0].clone();
            more.name = FileName::new("libother.so").unwrap();
            world.statement.downloads[0].makes = more.name.clone();
            world.statement.files.push(more);
        },
        &["PP540", "file that the patch makes"],
    );
}

#[test]
fn a_statement_that_promises_another_library_is_broken() {
    broken(
        |world| world.statement.files[0].sha256 = Digest::of(b"another library"),
        &["PP541"],
    );
}

#[test]
fn a_statement_that_promises_another_size_of_the_library_is_broken() {
    broken(
        |world| world.statement.files[0].size_bytes += 1,
        &["PP541", "size"],
    );
}

#[test]
fn a_statement_without_the_library_is_broken() {
    broken(
        |world| {
            let name = FileName::new("libother.so").unwrap();
            world.statement.files[0].name = name.clone();
            world.statement.downloads[0].makes = name;
        },
        &["PP541", "names no libapp.so"],
    );
}

#[test]
fn a_patch_in_our_own_container_is_called_so() {
    let mut world = World::new();
    let [base, new] = [&world.release, &world.patched].map(|app| app.abis["x86_64"].dart.clone());
    let options = MakeOptions::patchproof(CodecChoice::Zstd);
    let patch = make_with(&base, &new, options).unwrap();
    world.bench.put("good.patch", &patch);
    world.statement = statement(&base, &patch);
    world.put();
    check_broken(&world.verify(&[]), &["PP540", "container"]);
    world.statement.downloads[0].container = word("patchproof");
    world.put();
    check(&world.verify(&[]), 0, &["statements x86_64 held"]);
}

#[test]
fn a_patch_that_does_not_inflate_is_told_by_its_own_link() {
    let mut world = World::new();
    world.put();
    world.bench.put("good.patch", b"no patch at all");
    check(
        &world.verify(&[]),
        1,
        &["broken at inflate", "PP539", "PP304"],
    );
}
