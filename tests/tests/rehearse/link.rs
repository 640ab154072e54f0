//! The link `rehearsal` of `verify-release`.

use patchproof_tests::bench::check;

use crate::bench;

#[test]
fn it_is_not_asked_unless_somebody_asks() {
    let ran = bench().verify(&[]);
    check(&ran, 0, &["rehearsal x86_64 not asked"]);
}

#[test]
fn it_holds_where_it_is_required_and_says_how_far_it_went() {
    let ran = bench().verify(&[("--require", "rehearsal")]);
    check(
        &ran,
        0,
        &["rehearsal x86_64 held", "PP601", "the power was cut"],
    );
}

#[test]
fn it_is_looked_at_on_a_wish_too() {
    let bench = bench();
    let ran = bench.run(&[
        "verify-release",
        "--release",
        "release.so",
        "--patched",
        "patched.so",
        "--patch",
        "good.patch",
        "--rehearse",
    ]);
    check(&ran, 0, &["rehearsal x86_64 held"]);
}

#[test]
fn without_a_patch_it_says_what_is_missing() {
    let ran = bench().verify(&[("--patch", ""), ("--require", "rehearsal")]);
    check(&ran, 2, &["`rehearsal` needs `--patch`"]);
}

#[test]
fn a_patch_that_does_not_inflate_leaves_it_undecided() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    let ran = bench.verify(&[("--patch", "text.patch"), ("--require", "rehearsal")]);
    check(
        &ran,
        1,
        &["broken at inflate", "rehearsal x86_64 undecided"],
    );
}
