//! `verify-release` as a process, over made files: each missing input and each broken link by its
//! exit code and its words.

use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot};
use patchproof_tests::bench::{Bench, Ran, patch};
use serde_json::Value;

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}

fn made() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

/// The exit code, and words that must stand in the output.
fn check(ran: &Ran, code: i32, words: &[&str]) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, code, "{all}");
    for word in words {
        assert!(all.contains(word), "`{word}` is not in:\n{all}");
    }
}

#[test]
fn a_good_release_is_verified() {
    let ran = bench().verify(&[]);
    check(
        &ran,
        0,
        &["verified: 4 of 8 links, not asked: rebuild, surroundings, statements, rehearsal"],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_engine_is_not_needed() {
    check(
        &bench().verify(&[("--engine", "")]),
        0,
        &["verified: 4 of 8 links"],
    );
}

#[test]
fn an_empty_call_says_what_is_needed() {
    check(
        &bench().run(&["verify-release"]),
        2,
        &["--release <FILE>", "--help"],
    );
}

#[test]
fn without_a_release_nothing_is_decided() {
    check(&bench().verify(&[("--release", "")]), 2, &["--release"]);
}

#[test]
fn without_the_patched_build_nothing_is_decided() {
    let ran = bench().verify(&[("--patched", "")]);
    check(
        &ran,
        2,
        &[
            "missing: compatibility, base, inflate",
            "needs `--patched`",
            "PP301",
        ],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn without_a_patch_nothing_is_decided() {
    let ran = bench().verify(&[("--patch", "")]);
    check(
        &ran,
        2,
        &["missing: base, inflate", "`base` needs `--patch`", "PP301"],
    );
}

#[test]
fn each_file_that_is_not_there_is_named_and_undecided() {
    for option in ["--release", "--patched", "--patch", "--engine"] {
        let ran = bench().verify(&[(option, "not-there.so")]);
        check(&ran, 2, &["PP302", "not-there.so", "undecided (exit 2)"]);
    }
}

#[test]
fn each_library_that_is_none_is_named_and_undecided() {
    let bench = bench();
    bench.put("text.so", b"no library at all");
    for option in ["--release", "--patched", "--engine"] {
        let ran = bench.verify(&[(option, "text.so"), ("--patch", "")]);
        check(&ran, 2, &["PP302", "text.so", "not an ELF or Mach-O file"]);
    }
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

#[test]
fn an_abi_that_the_release_is_not_for_is_undecided() {
    check(
        &bench().verify(&[("--abi", "arm64-v8a")]),
        2,
        &["PP303", "`--abi arm64-v8a`"],
    );
}

#[test]
fn the_abi_that_the_release_is_for_changes_nothing() {
    check(
        &bench().verify(&[("--abi", "x86_64")]),
        0,
        &["verified: 4 of 8"],
    );
}

#[test]
fn an_abi_that_nobody_has_is_a_usage_error() {
    check(
        &bench().verify(&[("--abi", "mips")]),
        2,
        &["invalid value 'mips'", "arm64-v8a"],
    );
}

#[test]
fn a_patch_with_the_label_of_another_abi_is_undecided() {
    let ran = bench().verify(&[("--patch", "arm64-v8a=good.patch")]);
    check(
        &ran,
        2,
        &[
            "PP303",
            "good.patch is given for arm64-v8a, and the release is for x86_64",
        ],
    );
}

#[test]
fn a_patch_with_the_label_of_the_release_is_taken() {
    check(
        &bench().verify(&[("--patch", "x86_64=good.patch")]),
        0,
        &["verified"],
    );
}

#[test]
fn two_patches_for_one_abi_are_undecided() {
    let ran = bench().run(&[
        "verify-release",
        "--release",
        "release.so",
        "--patched",
        "patched.so",
        "--patch",
        "good.patch",
        "--patch",
        "x86_64=good.patch",
    ]);
    check(&ran, 2, &["PP303", "a second patch for x86_64"]);
}

#[test]
fn a_required_link_without_input_is_undecided_and_named() {
    let ran = bench().verify(&[("--require", "rehearsal")]);
    check(
        &ran,
        2,
        &["missing: rehearsal", "`--require rehearsal`", "PP301"],
    );
}

#[test]
fn a_required_link_that_held_is_verified() {
    check(
        &bench().verify(&[("--require", "inflate")]),
        0,
        &["verified"],
    );
}

#[test]
fn a_link_that_nobody_knows_is_a_usage_error() {
    check(
        &bench().verify(&[("--require", "luck")]),
        2,
        &["invalid value 'luck'", "statements"],
    );
}

#[test]
fn a_report_in_a_file_leaves_the_summary_on_standard_output() {
    let bench = bench();
    let ran = bench.verify(&[("-o", "report.json"), ("--format", "json")]);
    check(&ran, 0, &["verified: 4 of 8 links"]);
    let report: Value = serde_json::from_slice(&bench.get("report.json")).unwrap();
    assert_eq!(report["verdict"], "verified");
}

#[test]
fn a_report_that_cannot_be_written_is_never_a_zero() {
    check(
        &bench().verify(&[("-o", "no/such/folder/report")]),
        2,
        &["no/such/folder/report"],
    );
}

#[test]
fn the_json_says_what_the_exit_code_says() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    for (patch, code) in [("good.patch", 0), ("text.patch", 1), ("", 2)] {
        let ran = bench.verify(&[("--patch", patch), ("--format", "json")]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &report["exit_code"]), (code, &Value::from(code)));
    }
}
