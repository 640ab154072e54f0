//! What `compare` says of two libraries.

use patchproof_report::{CompareVerdict, Finding, Rule, Severity};
use patchproof_snapshot::{Engine, Named, Snapshot, compare};
use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot, Os};
use patchproof_testkit::made::{Embedder, example};

use crate::making::{
    android, compared, every_right_one, kind_of, macho, read, rules, split, unified, with,
};

/// The finding of this rule; the verdict follows from it.
#[track_caller]
fn difference(release: &MadeSnapshot, patched: &MadeSnapshot, rule: Rule) -> Finding {
    let comparison = compared(release, patched);
    assert_eq!(comparison.verdict, CompareVerdict::Incompatible);
    let mut found = comparison.findings.into_iter();
    let finding = found.find(|finding| finding.rule == rule);
    finding.unwrap_or_else(|| panic!("no {rule:?}"))
}

/// What the finding says of the words when the candidate has these features.
#[track_caller]
fn feature_message(change: impl Fn(&str) -> String) -> String {
    let features = String::from_utf8(split().isolate.features).unwrap();
    let patched = split().with_features(&change(&features));
    difference(&split(), &patched, Rule::FeaturesDiffer).message
}

#[test]
fn another_build_by_one_compiler_is_compatible() {
    for made in every_right_one() {
        let comparison = compared(&made, &made.clone().edited(1));
        assert_eq!(
            comparison.verdict,
            CompareVerdict::Compatible,
            "{}",
            kind_of(&made)
        );
    }
}

#[test]
fn the_example_is_compatible_without_findings() {
    let example = example();
    let [release, patched] =
        [&example.release, &example.patched].map(|it| Snapshot::read(it).unwrap());
    let comparison = compare(Named::new("a", &release), Named::new("b", &patched), None);
    assert_eq!(
        (comparison.verdict, comparison.findings),
        (CompareVerdict::Compatible, vec![])
    );
}

#[test]
fn another_version_is_the_only_difference_told() {
    let patched = split().with_version(&"0".repeat(32));
    let comparison = compared(&split(), &patched);
    assert_eq!(rules(&comparison.findings), [Rule::VersionDiffers]);
    assert_eq!(comparison.findings[0].found, Some("0".repeat(32)));
}

#[test]
fn a_word_instead_of_another_is_named_with_it() {
    let message = feature_message(|features| features.replace("no-tsan", "tsan"));
    assert!(
        message.contains("(`tsan` instead of `no-tsan`)"),
        "{message}"
    );
}

#[test]
fn another_build_mode_is_named() {
    let message = feature_message(|features| features.replace("product", "debug"));
    assert!(
        message.contains("(`debug` instead of `product`)"),
        "{message}"
    );
}

#[test]
fn a_word_that_is_gone_is_named() {
    let message = feature_message(|features| features.replace(" no-tsan", ""));
    assert!(message.contains("(without `no-tsan`)"), "{message}");
}

#[test]
fn a_word_that_came_is_named() {
    let message = feature_message(|features| features.replace(" x64", " null-safety x64"));
    assert!(
        message.contains("(with `null-safety` besides)"),
        "{message}"
    );
}

#[test]
fn the_same_words_in_another_order_are_told_so() {
    let message =
        feature_message(|features| features.replace("no-tsan no-msan", "no-msan no-tsan"));
    assert!(
        message.contains("(the same words in another order)"),
        "{message}"
    );
}

#[test]
fn features_that_differ_by_a_space_are_told_so() {
    let message = feature_message(|features| features.replace(" x64", "  x64"));
    assert!(message.contains("the same words"), "{message}");
}

#[test]
fn every_rule_about_features_shows_both_strings() {
    let patched = split().with_features("product x64 linux no-compressed-pointers");
    let finding = difference(&split(), &patched, Rule::FeaturesDiffer);
    let release = String::from_utf8(split().isolate.features).ok();
    let shown = (finding.expected, finding.found.as_deref());
    assert_eq!(
        shown,
        (release, Some("product x64 linux no-compressed-pointers"))
    );
}

#[test]
fn another_machine_is_told() {
    let arm = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split);
    let finding = difference(&split(), &arm, Rule::MachineDiffers);
    assert_eq!(
        (finding.expected.as_deref(), finding.found.as_deref()),
        (Some("x64"), Some("arm64"))
    );
}

#[test]
fn another_container_is_told() {
    let elf = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Unified);
    let elf = elf.for_target(Os::Macos, Embedder::Flutter);
    let comparison = compared(&elf, &macho());
    assert_eq!(rules(&comparison.findings), [Rule::ContainerDiffers]);
}

#[test]
fn another_layout_is_told() {
    let finding = difference(&split(), &unified(), Rule::LayoutDiffers);
    let shown = (finding.expected.as_deref(), finding.found.as_deref());
    assert_eq!(shown, (Some("split"), Some("unified")));
}

#[test]
fn another_embedder_is_told() {
    let standalone = with(split(), |made| made.embedder = Some(Embedder::Standalone));
    let finding = difference(&split(), &standalone, Rule::EmbedderDiffers);
    assert_eq!(finding.expected.as_deref(), Some("dart:ui"));
}

#[test]
fn each_library_is_called_by_its_name() {
    let message = difference(&split(), &unified(), Rule::VersionDiffers).message;
    assert!(message.starts_with("NEW was"), "{message}");
    assert!(message.contains("than OLD"), "{message}");
}

#[test]
fn the_gravest_findings_stand_first() {
    let release = with(android(), |made| {
        made.source_path = Some("file:///home/someone/main.dart".into());
        made.load_alignment_bytes = 4096;
    });
    let found = compared(&release, &with(unified(), |made| made.isolate.kind = 9)).findings;
    let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
    assert_eq!(
        severities.first().zip(severities.last()),
        Some((&Severity::Error, &Severity::Note))
    );
}

#[test]
fn a_warning_that_both_libraries_deserve_is_told_once() {
    let small = |made| {
        with(made, |made: &mut MadeSnapshot| {
            made.load_alignment_bytes = 4096
        })
    };
    let found = compared(&small(android()), &small(android().edited(1))).findings;
    assert_eq!(rules(&found), [Rule::NotReadyFor16KiBPages]);
}

#[test]
fn an_error_of_both_libraries_is_told_of_each() {
    let wrong = |made| with(made, |made: &mut MadeSnapshot| made.isolate.kind = 7);
    let found = compared(&wrong(split()), &wrong(split().edited(1))).findings;
    assert_eq!(rules(&found), [Rule::KindUnexpected; 2]);
}

#[test]
fn the_released_library_is_also_asked_of_the_engine() {
    let old = read(&split().with_version(&"1".repeat(32)));
    let engine = MadeEngine::accepting(&split()).build();
    let engine = Engine::read(&engine).unwrap();
    let new = read(&split());
    let (old, new) = (Named::new("OLD", &old), Named::new("NEW", &new));
    let found = compare(old, new, Some(Named::new("ENGINE", &engine))).findings;
    let asked = found
        .iter()
        .filter(|finding| finding.rule == Rule::EngineVersion);
    let messages: Vec<&str> = asked.map(|finding| &*finding.message).collect();
    assert!(
        matches!(&*messages, [only] if only.contains(" to OLD")),
        "{messages:?}"
    );
}

#[test]
fn the_identity_changes_with_every_blobs_version_and_features() {
    let made = [
        split(),
        split().with_version(&"0".repeat(32)),
        with(split(), |made| made.vm.version = vec![b'0'; 32]),
        with(split(), |made| made.isolate.version = vec![b'0'; 32]),
        with(split(), |made| made.vm.features.push(b'x')),
        with(split(), |made| made.isolate.features.push(b'x')),
    ];
    let identities = made.map(|made| read(&made).identity_sha256());
    let mut distinct = identities.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), identities.len());
}

#[test]
fn the_identity_stays_where_only_contents_change() {
    let identities = [split(), split().edited(4)].map(|made| read(&made).identity_sha256());
    assert_eq!(identities[0], identities[1]);
}
