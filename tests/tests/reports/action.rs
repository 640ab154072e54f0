//! The GitHub action's script, run with a command that writes down how it was called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use patchproof_report::{Report, report_github, report_markdown};
use tempfile::TempDir;

use crate::samples;

struct Ran {
    folder: TempDir,
    output: Output,
}

/// Runs the script with these inputs, and a command that leaves this report.
fn run(inputs: &[(&str, &str)], report: Option<&Report>) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    // `sh verify-release ...` runs this file, as `patchproof verify-release ...` the command.
    put("verify-release", COMMAND.to_owned());
    if let Some(report) = report {
        put("json", serde_json::to_string_pretty(report).unwrap());
        put("markdown", report_markdown(report));
        put("github", report_github(report));
    }
    let code = report.map_or(2, |report| report.exit_code().number());
    let output = Command::new("bash")
        .arg(repository().join(".ci/verify-release"))
        .env("RUNNER_TEMP", folder.path())
        .env("GITHUB_OUTPUT", folder.path().join("outputs"))
        .env("GITHUB_STEP_SUMMARY", folder.path().join("summary"))
        .env("CODE", code.to_string())
        .env("PATCHPROOF", "/bin/sh")
        .envs(inputs.iter().copied())
        .current_dir(folder.path())
        .output()
        .unwrap();
    Ran { folder, output }
}

impl Ran {
    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// How the command was called, up to the reports.
    fn arguments(&self) -> Vec<String> {
        let called = self.file("called");
        let all = called.split_terminator('\0').map(str::to_owned);
        all.take_while(|argument| argument != "--report").collect()
    }

    fn log(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }
}

#[test]
fn a_value_stays_one_argument_whatever_is_in_it() {
    let release = "$(touch ran) `touch ran` \"; touch ran; ' * --engine=x";
    let ran = run(
        &[
            ("RELEASE", release),
            ("PATCHES", "arm64-v8a=a b.patch\r\nx86=--help\n"),
            ("ABI", ""),
            ("ARGS", "--require\nrebuild"),
        ],
        Some(&samples::verified()),
    );
    let release = format!("--release={release}");
    let expected = [
        release.as_str(),
        "--patch=arm64-v8a=a b.patch",
        "--patch=x86=--help",
        "--require",
        "rebuild",
    ];
    assert_eq!(ran.arguments(), expected);
    assert!(!ran.folder.path().join("ran").exists());
}

#[test]
fn the_commands_exit_code_and_verdict_are_the_steps() {
    for (name, report) in samples::pinned() {
        let ran = run(&[("RELEASE", "x")], Some(&report));
        let code = report.exit_code().number();
        assert_eq!(ran.output.status.code(), Some(i32::from(code)), "{name}");
        let outputs = ran.file("outputs");
        assert!(
            outputs.contains(&format!("exit-code={code}\n")),
            "{outputs}"
        );
        let verdict = format!("verdict={}\n", report.verdict().word());
        assert!(outputs.contains(&verdict), "{outputs}");
    }
}

#[test]
fn the_job_summary_is_the_markdown_report() {
    let report = samples::broken();
    let ran = run(&[("RELEASE", "x")], Some(&report));
    assert_eq!(ran.file("summary"), report_markdown(&report));
}

#[test]
fn the_runner_obeys_no_line_of_the_commands_own_output() {
    let ran = run(&[("RELEASE", "x")], Some(&samples::broken()));
    let log = ran.log();
    let (before, rest) = log.split_once("::stop-commands::").unwrap();
    assert_eq!(before, "");
    let (word, rest) = rest.split_once('\n').unwrap();
    assert_eq!(word.len(), 32);
    let (stopped, obeyed) = rest.split_once(&format!("\n::{word}::\n")).unwrap();
    assert!(stopped.contains("::error::out of the release"), "{log}");
    assert_eq!(obeyed, report_github(&samples::broken()));
}

#[test]
fn without_a_report_it_is_undecided_and_says_so() {
    let ran = run(&[("RELEASE", "x")], None);
    assert_eq!(ran.output.status.code(), Some(2));
    assert!(ran.file("outputs").contains("verdict=undecided\n"));
    assert!(
        ran.log()
            .ends_with("there is no report; the log says why (exit 2)\n")
    );
}

#[test]
fn no_input_is_put_into_a_script() {
    let action = fs::read_to_string(repository().join("action.yml")).unwrap();
    let expressions = action.lines().filter(|line| line.contains("${{"));
    for line in expressions {
        // `NAME: ${{ ... }}` and nothing else, under `env` or as an output's value.
        let (name, value) = line.trim().split_once(": ").unwrap();
        let of_env = name
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter == '_');
        assert!(of_env || name == "value", "{line}");
        assert!(
            value.starts_with("${{ ") && value.ends_with(" }}"),
            "{line}"
        );
    }
}

fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.unwrap().to_path_buf()
}

const COMMAND: &str = "\
printf '%s\\0' \"$@\" >called
printf 'a text\\n::error::out of the release'
while [ $# -gt 0 ]; do
    if [ \"$1\" = --report ] && [ -f \"${2%%=*}\" ]; then
        cp \"${2%%=*}\" \"${2#*=}\"
    fi
    shift
done
exit \"$CODE\"
";
