//! JUnit read back by the library's own reader: colours, counts, and characters that XML forbids.

use patchproof_report::{
    Finding, Link, LinkId, LinkState, Report, ReportVerdict, Rule, report_junit,
};
use proptest::prelude::*;
use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus};

use crate::hostile::{any_report, spelled, texts};
use crate::samples;

fn read(report: &Report) -> Junit {
    let xml = report_junit(report);
    Junit::deserialize_from_str(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"))
}

fn case<'a>(junit: &'a Junit, suite: &str, link: &str) -> &'a TestCase {
    let suite = junit
        .test_suites
        .iter()
        .find(|it| it.name.as_str() == suite);
    let cases = &suite.unwrap().test_cases;
    cases.iter().find(|it| it.name.as_str() == link).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn it_is_green_exactly_where_the_verdict_is(report in any_report()) {
        let junit = read(&report);
        let green = junit.failures + junit.errors == 0;
        prop_assert_eq!(green, report.verdict() == ReportVerdict::Verified);
    }

    #[test]
    fn its_counts_are_those_of_the_links(report in any_report()) {
        let junit = read(&report);
        let broken = |it: &&Link| it.state == LinkState::Broken;
        prop_assert_eq!(junit.failures, report.links().iter().filter(broken).count());
        let cases = junit.test_suites.iter().map(|suite| suite.test_cases.len()).sum::<usize>();
        prop_assert_eq!(junit.tests, cases);
        prop_assert!(cases == report.links().len() || cases == report.links().len() + 1);
    }
}

#[test]
fn a_required_link_that_is_missing_is_an_error_and_one_nobody_asked_for_is_skipped() {
    let junit = read(&samples::undecided());
    let base = case(&junit, samples::ARM64, "base");
    let TestCaseStatus::NonSuccess { kind, ty, .. } = &base.status else {
        panic!("{:?}", base.status);
    };
    assert_eq!(*kind, NonSuccessKind::Error);
    assert_eq!(ty.as_ref().unwrap().as_str(), "PP301");
    let rebuild = case(&junit, samples::ARM64, "rebuild");
    assert!(matches!(rebuild.status, TestCaseStatus::Skipped { .. }));
}

#[test]
fn a_required_link_without_a_row_is_red_all_the_same() {
    let held = samples::row(LinkId::Artefact, samples::X86, LinkState::Held);
    for links in [vec![], vec![held]] {
        let junit = read(&samples::conclude(links));
        assert_eq!((junit.errors, junit.failures), (1, 0));
    }
}

#[test]
fn a_broken_link_fails_by_its_rule_and_an_undecided_one_is_an_error() {
    let junit = read(&samples::broken());
    assert_eq!((junit.failures, junit.errors), (2, 1));
    let base = case(&junit, samples::ARM64, "base");
    let TestCaseStatus::NonSuccess { kind, ty, .. } = &base.status else {
        panic!("{:?}", base.status);
    };
    assert_eq!(*kind, NonSuccessKind::Failure);
    assert_eq!(ty.as_ref().unwrap().as_str(), "PP201");
}

#[test]
fn the_hashes_are_properties() {
    let report = samples::broken();
    let junit = read(&report);
    let base = case(&junit, samples::X86, "base");
    let of_link = |it: &&Link| it.id == LinkId::Base && it.abi.as_deref() == Some(samples::X86);
    let link = report.links().iter().find(of_link).unwrap();
    let expected = link.expected_sha256.as_deref().unwrap();
    let has = |name: &str| {
        let mut properties = base.properties.iter();
        properties.any(|it| it.name.as_str() == name && it.value.as_str() == expected)
    };
    assert!(has("expected_sha256") && has("found_sha256"), "{base:?}");
}

#[test]
fn characters_that_xml_forbids_are_spelled_out() {
    for text in texts().into_iter().filter(|text| text.len() < 1000) {
        let finding = Finding::new(Rule::DexChanged, &text);
        let link = samples::row(LinkId::Surroundings, samples::X86, LinkState::Broken);
        let junit = read(&samples::conclude(vec![link.with_finding(finding)]));
        let status = &case(&junit, samples::X86, "surroundings").status;
        let TestCaseStatus::NonSuccess { message, .. } = status else {
            panic!("{status:?}");
        };
        assert_eq!(message.as_ref().unwrap().as_str(), spelled(&text));
    }
}
