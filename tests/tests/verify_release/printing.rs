//! Where a report goes, and that its JSON says what the exit code says.

use patchproof_tests::bench::check;
use serde_json::Value;

use crate::bench;

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

#[test]
fn a_report_is_never_written_over_an_input() {
    let bench = bench();
    let release = bench.get("release.so");
    let ran = bench.verify(&[("-o", "./release.so")]);
    check(&ran, 2, &["release.so", "one of the inputs"]);
    assert_eq!(bench.get("release.so"), release);
}
