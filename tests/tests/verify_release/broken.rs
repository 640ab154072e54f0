//! Each link broken: who is at fault, in the exit code and in words.

use patchproof_patch::{CodecChoice, MakeOptions, make_with};
use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot};
use patchproof_tests::bench::{check, patch};

use crate::bench;

fn made() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

#[test]
fn another_compiler_breaks_compatibility() {
    let bench = bench();
    let other = made()
        .with_version("0123456789abcdef00112233445566aa")
        .build();
    bench.put("other.patch", &patch(&bench.get("release.so"), &other));
    bench.put("other.so", &other);
    let ran = bench.verify(&[("--patched", "other.so"), ("--patch", "other.patch")]);
    check(
        &ran,
        6,
        &[
            "broken at compatibility (exit 6): 3 of 8 links",
            "PP111",
            "PP121",
        ],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn another_machine_breaks_compatibility() {
    let bench = bench();
    let other = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split).build();
    bench.put("other.patch", &patch(&bench.get("release.so"), &other));
    bench.put("other.so", &other);
    let ran = bench.verify(&[("--patched", "other.so"), ("--patch", "other.patch")]);
    check(&ran, 6, &["broken at compatibility", "PP113", "PP123"]);
}

#[test]
fn an_engine_of_another_compiler_breaks_compatibility() {
    let bench = bench();
    let other = made().with_version("0123456789abcdef00112233445566aa");
    bench.put("other.so", &MadeEngine::accepting(&other).build());
    let ran = bench.verify(&[("--engine", "other.so")]);
    check(
        &ran,
        6,
        &[
            "broken at compatibility",
            "PP121",
            "Wrong full snapshot version",
        ],
    );
}

#[test]
fn an_engine_that_refuses_the_release_breaks_compatibility_without_a_patched_build() {
    let bench = bench();
    let other = made().with_version("0123456789abcdef00112233445566aa");
    bench.put("other.so", &MadeEngine::accepting(&other).build());
    let ran = bench.verify(&[("--engine", "other.so"), ("--patched", ""), ("--patch", "")]);
    check(&ran, 6, &["broken at compatibility", "PP121"]);
}

#[test]
fn an_engine_that_does_not_show_its_version_leaves_compatibility_undecided() {
    let bench = bench();
    let mut engine = MadeEngine::accepting(&made());
    engine
        .versions
        .push("0123456789abcdef00112233445566aa".to_owned());
    bench.put("two.so", &engine.build());
    let ran = bench.verify(&[("--engine", "two.so")]);
    check(
        &ran,
        2,
        &[
            "undecided (exit 2): 3 of 8 links held, undecided: compatibility",
            "PP127",
        ],
    );
}

#[test]
fn a_patch_from_another_base_breaks_base() {
    let bench = bench();
    let rebuilt = made().edited(7).build();
    bench.put("other.patch", &patch(&rebuilt, &bench.get("patched.so")));
    let ran = bench.verify(&[("--patch", "other.patch")]);
    check(
        &ran,
        5,
        &[
            "broken at base (exit 5)",
            "PP201",
            "the very file that was shipped",
        ],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_patch_for_a_longer_base_breaks_base_and_not_inflate() {
    let bench = bench();
    let longer = [bench.get("release.so"), vec![7; 5000]].concat();
    bench.put(
        "other.patch",
        &patch(&longer, &[bench.get("patched.so"), vec![7; 5000]].concat()),
    );
    let ran = bench.verify(&[("--patch", "other.patch")]);
    check(
        &ran,
        5,
        &[
            "broken at base",
            "undecided: inflate",
            "reads the base up to byte",
        ],
    );
}

#[test]
fn a_swapped_patch_breaks_base_and_names_the_library_that_fits() {
    let bench = bench();
    bench.put(
        "swapped.patch",
        &patch(&bench.get("patched.so"), &bench.get("release.so")),
    );
    let ran = bench.verify(&[("--patch", "swapped.patch")]);
    check(
        &ran,
        5,
        &[
            "broken at base",
            "over patched.so",
            "base and new file were swapped",
        ],
    );
}

#[test]
fn a_patch_that_is_cut_short_breaks_inflate() {
    let bench = bench();
    let good = bench.get("good.patch");
    bench.put("cut.patch", &good[..good.len() / 2]);
    let ran = bench.verify(&[("--patch", "cut.patch")]);
    check(
        &ran,
        1,
        &[
            "broken at inflate (exit 1)",
            "undecided: base",
            "PP202",
            "cut.patch",
        ],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_patch_that_is_no_patch_breaks_inflate() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    check(
        &bench.verify(&[("--patch", "text.patch")]),
        1,
        &["broken at inflate", "PP202"],
    );
}

#[test]
fn a_patch_that_is_too_large_for_its_base_breaks_inflate() {
    let bench = bench();
    let mut bomb = zstd::Encoder::new(Vec::new(), 1).unwrap();
    std::io::Write::write_all(&mut bomb, &[0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0]).unwrap();
    std::io::copy(
        &mut std::io::Read::take(std::io::repeat(0), 300 << 20),
        &mut bomb,
    )
    .unwrap();
    bench.put("bomb.patch", &bomb.finish().unwrap());
    check(
        &bench.verify(&[("--patch", "bomb.patch")]),
        1,
        &["broken at inflate", "PP204"],
    );
}

#[test]
fn a_patched_build_that_is_the_release_is_said() {
    let bench = bench();
    let release = bench.get("release.so");
    bench.put("none.patch", &patch(&release, &release));
    let ran = bench.verify(&[("--patched", "release.so"), ("--patch", "none.patch")]);
    check(&ran, 0, &["verified", "PP205"]);
}

/// A patch in our own container.
fn own(base: &[u8], new: &[u8]) -> Vec<u8> {
    let options = MakeOptions::patchproof(CodecChoice::Zstd);
    make_with(base, new, options).expect("made files are patched without trouble")
}

#[test]
fn a_patch_in_our_container_is_verified_as_any() {
    let bench = bench();
    let good = own(&bench.get("release.so"), &bench.get("patched.so"));
    bench.put("good.patch", &good);
    check(&bench.verify(&[]), 0, &["verified: 4 of 8"]);
}

#[test]
fn a_patch_that_names_another_base_breaks_base() {
    let bench = bench();
    bench.put("other.so", &made().edited(3).build());
    let other = own(&bench.get("other.so"), &bench.get("patched.so"));
    bench.put("good.patch", &other);
    check(
        &bench.verify(&[]),
        5,
        &["PP201", "the patch is for the base"],
    );
}

#[test]
fn a_patch_for_this_base_that_gives_another_build_breaks_inflate() {
    let bench = bench();
    let other = made().with_payload_seed(9).build();
    bench.put("good.patch", &own(&bench.get("release.so"), &other));
    check(
        &bench.verify(&[]),
        1,
        &["broken at inflate (exit 1)", "PP206"],
    );
}
