//! Pairs of real builds, and what they are known to be.

use libtest_mimic::Trial;
use patchproof_report::Certainty::{Certain, Likely, Possible};
use patchproof_report::Rule::{
    CauseNotDeterministic, CauseOtherCompiler, CauseOtherEmbedder, CauseOtherFeatures,
    CauseOtherMachine, CauseOtherSources, CausePageAlignment,
};

use patchproof_tests::trials::same;

use crate::{Answer, Pair, pair};

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = one_version();
    trials.extend(other_targets());
    trials
}

/// Pairs of one snapshot version, with the same features.
fn one_version() -> Vec<Trial> {
    vec![
        sass(
            "two_builds_of_one_source_show_another_order_and_no_other_sources",
            ["linux-x64@1.97.1", "linux-musl-x64@1.97.1"],
            two_builds_of_one_source,
        ),
        sass(
            "two_versions_by_one_compiler_show_other_sources",
            ["linux-x64@1.97.2", "linux-x64@1.97.3"],
            two_versions,
        ),
        sass(
            "two_versions_that_differ_in_one_text_show_that_text",
            ["android-arm64@1.89.1", "android-arm64@1.89.2"],
            one_text,
        ),
        sass(
            "two_versions_in_another_order_show_both",
            ["android-arm@1.93.2", "android-arm@1.93.3"],
            |it| {
                it.has(&[
                    (CauseOtherSources, Likely),
                    (CauseNotDeterministic, Possible),
                ])
            },
        ),
        sass(
            "two_versions_in_the_unified_layout_show_other_sources",
            ["linux-x64@1.104.0", "linux-x64@1.104.1"],
            |it| it.has(&[(CauseOtherSources, Likely)]),
        ),
        pair(
            "two_versions_of_a_flutter_app_show_other_sources_by_one_name",
            [FLUTTER, "flet-desktop@0.28.3/libapp.so"],
            flutter,
        ),
    ]
}

/// Pairs that no rebuild of one release could be.
fn other_targets() -> Vec<Trial> {
    vec![
        sass(
            "two_compilers_are_all_that_is_said_of_two_compilers",
            ["linux-x64@1.89.0", "linux-x64@1.97.1"],
            |it| it.has(&[(CauseOtherCompiler, Certain)]),
        ),
        sass(
            "two_systems_are_told_by_their_words_and_pages",
            ["linux-x64@1.97.1", "android-x64@1.97.1"],
            |it| it.has(&[(CauseOtherFeatures, Certain), (CausePageAlignment, Certain)]),
        ),
        sass(
            "two_machines_are_told_and_their_words_are_not",
            ["linux-x64@1.97.1", "linux-riscv64@1.97.1"],
            |it| it.has(&[(CauseOtherMachine, Certain)]),
        ),
        sass(
            "elf_and_mach_o_of_one_machine_are_two_containers_by_two_compilers",
            ["darwin-arm64@1.97.1", "darwin-arm64@1.104.1"],
            |it| it.has(&[(CauseOtherMachine, Certain), (CauseOtherCompiler, Certain)]),
        ),
        pair(
            "a_flutter_app_and_a_program_are_for_two_embedders",
            [FLUTTER, "sass-embedded-linux-x64@1.89.0/sass.snapshot"],
            |it| it.has(&[(CauseOtherEmbedder, Certain)]),
        ),
    ]
}

/// A trial over two builds of sass, each by its target and version.
fn sass(name: &str, builds: [&str; 2], claim: fn(&Pair) -> Answer) -> Trial {
    let [a, b] = builds.map(|build| format!("sass-embedded-{build}/sass.snapshot"));
    pair(name, [&*a, &*b], claim)
}

/// Built of the same sources with the same compiler, once on glibc and once on musl.
fn two_builds_of_one_source(it: &Pair) -> Answer {
    it.has(&[(CauseNotDeterministic, Likely)])?;
    let difference = it.difference();
    let blobs = difference
        .differing()
        .filter(|it| it.name.starts_with("_kDart"));
    let blobs: Vec<&str> = blobs.map(|it| &*it.name).collect();
    same(
        &*blobs,
        [
            "_kDartIsolateSnapshotData",
            "_kDartIsolateSnapshotInstructions",
        ],
    )?;
    // 13 names went, 13 came in functions of the same sizes, and 22 functions changed in size.
    same(difference.functions_total, 48)?;
    same(
        &*difference.strings_gone,
        ["_sourceSpecificity@219101800", "get:member"].map(owned),
    )?;
    let new = ["_extensions@219101800", "get:isChildless", "isChildless"].map(owned);
    same(&*difference.strings_new, &new)?;
    let message = &it.explanation.causes.first().ok_or("no cause")?.message;
    let swapped = "of 13 functions that went and 13 that came 13 are pairs of one size";
    same(message.contains(swapped), true)
}

fn two_versions(it: &Pair) -> Answer {
    it.has(&[(CauseOtherSources, Likely)])?;
    let difference = it.difference();
    same(difference.functions_total, 82)?;
    let has = |texts: &[String], text: &str| texts.iter().any(|it| it == text);
    same(has(&difference.strings_gone, "1.97.2"), true)?;
    same(has(&difference.strings_new, "1.97.3"), true)
}

fn one_text(it: &Pair) -> Answer {
    it.has(&[(CauseOtherSources, Likely)])?;
    it.differs_in(&["build id note", "_kDartIsolateSnapshotData"])?;
    same(&*it.difference().strings_gone, &["1.89.1".to_owned()])?;
    same(&*it.difference().strings_new, &["1.89.2".to_owned()])
}

fn flutter(it: &Pair) -> Answer {
    it.has(&[(CauseOtherSources, Likely)])?;
    let difference = it.difference();
    same(
        (difference.functions_named, difference.functions_total),
        (false, 0),
    )?;
    same(difference.strings_gone_total, 0)?;
    same(&*difference.strings_new, &["saveBytesToFile".to_owned()])
}

fn owned(text: &str) -> String {
    text.to_owned()
}

const FLUTTER: &str = "flet-desktop@0.28.2/libapp.so";
