//! What one library shows by itself, as `compare` tells it of a library beside itself.

use patchproof_report::{CompareVerdict, Finding, Rule, Severity};
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};

use crate::making::{android, compared, every_right_one, kind_of, rules, split, unified, with};

/// The only finding about a library, after a look at its verdict.
#[track_caller]
fn only_finding(made: &MadeSnapshot, rule: Rule, verdict: CompareVerdict) -> Finding {
    let comparison = compared(made, made);
    assert_eq!(
        rules(&comparison.findings),
        [rule],
        "{:#?}",
        comparison.findings
    );
    assert_eq!(comparison.verdict, verdict);
    comparison.findings.into_iter().next().unwrap()
}

fn expected_and_found(finding: &Finding) -> (&str, &str) {
    (
        finding.expected.as_deref().unwrap_or("none"),
        finding.found.as_deref().unwrap_or("none"),
    )
}

#[test]
fn a_right_library_beside_itself_is_identical_and_has_no_findings() {
    for made in every_right_one() {
        let comparison = compared(&made, &made);
        assert_eq!(
            comparison.verdict,
            CompareVerdict::Identical,
            "{}",
            kind_of(&made)
        );
        assert_eq!(comparison.findings, [], "{}", kind_of(&made));
    }
}

#[test]
fn an_absolute_path_is_a_note() {
    let path = "file:///home/someone/app/lib/main.dart";
    let made = with(split(), |made| made.source_path = Some(path.into()));
    let finding = only_finding(&made, Rule::AbsolutePath, CompareVerdict::Identical);
    assert_eq!(
        (finding.severity, finding.found.as_deref()),
        (Severity::Note, Some(path))
    );
}

#[test]
fn a_path_below_no_folder_of_a_machine_is_no_finding() {
    let made = with(split(), |made| {
        made.extra_strings = vec![b"file:///".into(), b"org-dartlang-app:///main.dart".into()];
    });
    assert_eq!(compared(&made, &made).findings, []);
}

#[test]
fn segments_aligned_to_4_kib_are_a_warning_on_64_bit_android() {
    let made = with(android(), |made| made.load_alignment_bytes = 4096);
    let finding = only_finding(
        &made,
        Rule::NotReadyFor16KiBPages,
        CompareVerdict::Identical,
    );
    assert_eq!(
        expected_and_found(&finding),
        ("16384 bytes or more", "4096 bytes")
    );
}

#[test]
fn segments_aligned_to_4_kib_are_no_warning_where_no_android_asks_for_more() {
    let arm = MadeSnapshot::new(Container::Elf32, Machine::Arm, Layout::Split);
    for made in [split(), arm] {
        let made = with(made, |made| made.load_alignment_bytes = 4096);
        assert_eq!(compared(&made, &made).findings, []);
    }
}

#[test]
fn the_kind_of_the_other_layout_is_an_error_in_each_layout() {
    for (made, kind, expected) in [(split(), 2, "3"), (unified(), 3, "2")] {
        let made = with(made, |made| made.isolate.kind = kind);
        let finding = only_finding(&made, Rule::KindUnexpected, CompareVerdict::Incompatible);
        assert_eq!(expected_and_found(&finding), (expected, &*kind.to_string()));
    }
}

#[test]
fn a_wrong_kind_of_the_vms_blob_is_told_by_its_symbol() {
    let made = with(split(), |made| made.vm.kind = i64::MIN);
    let finding = only_finding(&made, Rule::KindUnexpected, CompareVerdict::Incompatible);
    assert!(
        finding.message.starts_with("_kDartVmSnapshotData of OLD"),
        "{}",
        finding.message
    );
}

#[test]
fn a_negative_length_is_an_error() {
    [split(), unified()]
        .into_iter()
        .for_each(|made| assert_wrong_length(made, -1));
}

#[test]
fn a_length_that_leaves_no_room_for_the_header_is_an_error() {
    for made in [split(), unified()] {
        let payload = i64::try_from(made.isolate.payload.len()).unwrap();
        let room = made.isolate.length_bytes() - payload;
        assert_wrong_length(made, room - 1);
    }
}

#[test]
fn a_length_beyond_the_blob_is_an_error() {
    [split(), unified()]
        .into_iter()
        .for_each(|made| assert_wrong_length(made, i64::MAX));
}

#[track_caller]
fn assert_wrong_length(made: MadeSnapshot, length: i64) {
    let made = with(made, |made| made.isolate.length = Some(length));
    let finding = only_finding(&made, Rule::BlobLength, CompareVerdict::Incompatible);
    assert_eq!(finding.found, Some(length.to_string()));
}

#[test]
fn a_length_that_just_holds_the_header_is_none() {
    let mut made = split();
    made.isolate.payload.clear();
    assert_eq!(compared(&made, &made).findings, []);
}

#[test]
fn a_length_that_fills_the_blob_leaves_no_image_and_that_is_told_instead() {
    let mut made = split();
    made.isolate.image.clear();
    only_finding(&made, Rule::ImageMisfits, CompareVerdict::Undecided);
}

#[test]
fn a_length_that_leads_past_its_image_inside_the_blob_is_undecided() {
    let right = split().isolate.length_bytes();
    let made = with(split(), |made| made.isolate.length = Some(right + 64));
    let finding = only_finding(&made, Rule::ImageMisfits, CompareVerdict::Undecided);
    assert_eq!(finding.found.as_deref(), Some("_kDartIsolateSnapshotData"));
}

#[test]
fn blobs_of_two_versions_disagree() {
    let made = with(split(), |made| made.vm.version = vec![b'0'; 32]);
    let finding = only_finding(&made, Rule::HeadersDisagree, CompareVerdict::Incompatible);
    let (expected, found) = expected_and_found(&finding);
    assert!(
        expected.starts_with("000") && found.starts_with("7a3"),
        "{expected} {found}"
    );
}

#[test]
fn blobs_of_two_feature_strings_disagree() {
    let made = with(split(), |made| made.vm.features.extend(b" besides"));
    let finding = only_finding(&made, Rule::HeadersDisagree, CompareVerdict::Incompatible);
    let (expected, found) = expected_and_found(&finding);
    assert!(
        expected.ends_with(" besides") && !found.ends_with(" besides"),
        "{expected} {found}"
    );
}

#[test]
fn features_without_the_containers_machine_are_an_error() {
    for word in [" arm64", "", " x64x"] {
        let features = String::from_utf8(split().isolate.features)
            .unwrap()
            .replace(" x64", word);
        let made = split().with_features(&features);
        let finding = only_finding(
            &made,
            Rule::MachineWordDisagrees,
            CompareVerdict::Incompatible,
        );
        assert_eq!(finding.expected.as_deref(), Some("x64"));
    }
}

#[test]
fn the_machines_word_of_older_compilers_names_it_too() {
    for word in ["x64-sysv", "x64-win"] {
        let features = format!("product no-asserts {word} no-compressed-pointers null-safety");
        let made = split().with_features(&features);
        assert_eq!(compared(&made, &made).findings, []);
    }
}

#[test]
fn a_container_for_another_machine_than_the_features_is_an_error() {
    let made = with(split(), |made| made.machine_override = Some(183));
    let finding = only_finding(
        &made,
        Rule::MachineWordDisagrees,
        CompareVerdict::Incompatible,
    );
    assert_eq!(finding.expected.as_deref(), Some("arm64"));
}
