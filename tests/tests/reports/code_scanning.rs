//! SARIF: what code scanning asks for beyond the schema.

use std::collections::BTreeSet;

use patchproof_report::{
    Finding, LinkId, LinkState, Report, ReportVerdict, Rule, Severity, report_sarif,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::hostile::any_report;
use crate::samples;

fn run_of(report: &Report) -> Value {
    let log: Value = serde_json::from_str(&report_sarif(report, "1.2.3")).unwrap();
    log["runs"][0].clone()
}

fn results(report: &Report) -> Vec<Value> {
    run_of(report)["results"].as_array().unwrap().clone()
}

fn fingerprints(report: &Report) -> BTreeSet<String> {
    let key = |result: &Value| {
        let ours = &result["partialFingerprints"]["patchproofFinding/v1"];
        ours.as_str().unwrap().to_owned()
    };
    results(report).iter().map(key).collect()
}

#[test]
fn links_that_held_have_no_result() {
    let report = samples::conclude(samples::chain(samples::X86));
    assert_eq!(report.verdict(), ReportVerdict::Verified);
    assert_eq!(results(&report), Vec::<Value>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_not_verified_has_a_result_that_is_more_than_a_note(report in any_report()) {
        let grave = results(&report).iter().any(|result| result["level"] != "note");
        prop_assert!(grave || report.verdict() == ReportVerdict::Verified);
    }

    #[test]
    fn every_index_leads_to_the_rule_of_its_result(report in any_report()) {
        let run = run_of(&report);
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            prop_assert_eq!(&run["tool"]["driver"]["rules"][index]["id"], &result["ruleId"]);
        }
    }

    #[test]
    fn no_two_results_have_one_fingerprint(report in any_report()) {
        prop_assert_eq!(fingerprints(&report).len(), results(&report).len());
    }
}

#[test]
fn only_an_error_is_an_error() {
    let levels = [
        (Severity::Error, "error"),
        (Severity::Undecided, "warning"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    for (severity, level) in levels {
        let finding = Finding::new(Rule::DexChanged, "x").weighing(severity);
        let link = samples::row(LinkId::Artefact, samples::X86, LinkState::Held);
        let results = results(&samples::conclude(vec![link.with_finding(finding)]));
        assert_eq!(results[0]["level"], level, "{severity:?}");
        let undecided = severity == Severity::Undecided;
        assert_eq!(results[0]["properties"]["undecided"], undecided);
    }
}

#[test]
fn a_fingerprint_stays_while_bytes_and_words_change() {
    let with = |message: &str, found: &str, hash: &str| {
        let finding = Finding::new(Rule::DexChanged, message)
            .showing(found)
            .about("classes.dex");
        let link = samples::row(LinkId::Surroundings, samples::X86, LinkState::Broken)
            .with_hashes(Some(hash.repeat(32)), None);
        fingerprints(&samples::conclude(vec![link.with_finding(finding)]))
    };
    assert_eq!(with("today", "1", "ab"), with("tomorrow", "2", "cd"));
}

#[test]
fn a_fingerprint_tells_rule_link_abi_and_subject_apart() {
    let with = |rule, link, abi: &str, subject: &str| {
        let finding = Finding::new(rule, "x").about(subject);
        let link = samples::row(link, abi, LinkState::Broken).with_finding(finding);
        fingerprints(&samples::conclude(vec![link]))
    };
    let (rule, link) = (Rule::DexChanged, LinkId::Surroundings);
    let distinct = BTreeSet::from([
        with(rule, link, "x86", "a"),
        with(Rule::AssetChanged, link, "x86", "a"),
        with(rule, LinkId::Rebuild, "x86", "a"),
        with(rule, link, "x86_64", "a"),
        with(rule, link, "x86", "b"),
        with(rule, link, "x86a", ""),
    ]);
    assert_eq!(distinct.len(), 6);
}

#[test]
fn an_undecided_run_did_not_succeed_and_a_broken_one_did() {
    let successful = |report: &Report| {
        let invocation = &run_of(report)["invocations"][0];
        (
            invocation["exitCode"].as_u64().unwrap(),
            invocation["executionSuccessful"].as_bool().unwrap(),
        )
    };
    assert_eq!(successful(&samples::undecided()), (2, false));
    assert_eq!(successful(&samples::broken()), (1, true));
    assert_eq!(successful(&samples::verified()), (0, true));
}

#[test]
fn no_message_holds_a_link_or_a_placeholder() {
    let finding = Finding::new(Rule::DexChanged, "[a](1) {0}");
    let link = samples::row(LinkId::Surroundings, samples::X86, LinkState::Broken);
    let results = results(&samples::conclude(vec![link.with_finding(finding)]));
    let text = results[0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("[a] (1) {{0}}\n"), "{text}");
}
