//! Several reports out of one run.

use patchproof_tests::bench::check;

use crate::apps::Apps;

#[test]
fn one_run_writes_every_format() {
    let apps = Apps::new().in_apks();
    let formats = [
        "text", "json", "markdown", "github", "sarif", "junit", "html",
    ];
    let files = formats.map(|format| format!("{format}=out.{format}"));
    let args: Vec<&str> = files
        .iter()
        .flat_map(|file| ["--report", file.as_str()])
        .collect();
    check(&apps.verify(&args), 0, &["verified"]);
    let starts = [
        "link ",
        "{\n",
        "#",
        "::notice",
        "{",
        "<?xml",
        "<!DOCTYPE html>",
    ];
    for (format, start) in formats.iter().zip(starts) {
        let text = String::from_utf8(apps.bench.get(&format!("out.{format}"))).unwrap();
        assert!(text.starts_with(start), "{format}: {text}");
    }
}

#[test]
fn a_report_without_a_file_goes_to_standard_output() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify(&["--report", "json", "-o", "out.txt"]);
    check(&ran, 0, &["\"verdict\": \"verified\"", "verified: 5 of 8"]);
}

#[test]
fn a_report_that_cannot_be_written_is_never_a_zero() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify(&["--report", "html=no/such/folder/out.html"]);
    check(&ran, 2, &["no/such/folder/out.html"]);
}

#[test]
fn a_report_is_not_written_over_the_release() {
    let apps = Apps::new().in_apks();
    let before = apps.bench.get("release.apk");
    check(
        &apps.verify(&["--report", "html=release.apk"]),
        2,
        &["release.apk"],
    );
    assert_eq!(apps.bench.get("release.apk"), before);
}

#[test]
fn an_unknown_format_is_a_usage_error_that_names_the_known() {
    let apps = Apps::new().in_apks();
    check(
        &apps.verify(&["--report", "pdf=out.pdf"]),
        2,
        &["sarif", "junit"],
    );
}
