//! `patchproof rehearse`: a simulated device over files, and what became of it.

use patchproof_report::{ExitCode, Finding};
use patchproof_verify::{
    BootedCounts, Cancel, CrashPoint, RehearsedRelease, Scene, Totals, rehearse_release,
};
use serde::Serialize;

use super::rehearse_text::rehearsed_text;
use super::verify_release::{LabelledPath, open};
use crate::args::RehearseArgs;
use crate::output::{Format, pretty_json, print, shown};
use crate::progress::counting;

pub(crate) fn run(args: &RehearseArgs) -> ExitCode {
    let release = open(&args.release);
    let patches: Vec<_> = args.patches.iter().map(LabelledPath::read).collect();
    let abi = args.abi.as_deref();
    let answer = counting(|bar| {
        let mut progress = |step: patchproof_verify::Rehearsing<'_>| {
            bar.at(step.scene, step.done, step.crash_points);
        };
        rehearse_release(&release, &patches, abi, &mut progress, &Cancel::new())
    });
    let name = shown(&args.release);
    let text = match args.format {
        Format::Text => rehearsed_text(&name, &answer),
        Format::Json => pretty_json(&Printed::of(&name, &answer)),
    };
    print(&text, answer.exit_code)
}

/// The JSON: within a version fields are only added.
#[derive(Serialize)]
struct Printed<'a> {
    rehearsal_version: u32,
    verdict: &'static str,
    exit_code: u8,
    abi: Option<&'a str>,
    release: Release<'a>,
    patches: Vec<Patch<'a>>,
    timeline: &'a [Scene],
    crash_points: &'a [CrashPoint],
    booted: BootedCounts,
    totals: Totals,
    findings: Vec<&'a Finding>,
}

#[derive(Serialize)]
struct Release<'a> {
    name: &'a str,
    library_sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct Patch<'a> {
    number: usize,
    name: &'a str,
    sha256: &'a str,
    library_sha256: &'a str,
}

impl<'a> Printed<'a> {
    fn of(name: &'a str, answer: &'a RehearsedRelease) -> Self {
        let mut booted = BootedCounts::default();
        for point in &answer.rehearsed.points {
            booted.add(point.booted);
        }
        let patches = (1..).zip(&answer.patches).map(|(number, patch)| Patch {
            number,
            name: &patch.name,
            sha256: &patch.sha256,
            library_sha256: &patch.library_sha256,
        });
        Self {
            rehearsal_version: 1,
            verdict: verdict(answer.exit_code),
            exit_code: answer.exit_code.number(),
            abi: answer.abi.as_deref(),
            release: Release {
                name,
                library_sha256: answer.release_sha256.as_deref(),
            },
            patches: patches.collect(),
            timeline: &answer.rehearsed.timeline,
            crash_points: &answer.rehearsed.points,
            booted,
            totals: answer.rehearsed.totals,
            findings: answer.findings().collect(),
        }
    }
}

/// The words of the links.
pub(super) const fn verdict(code: ExitCode) -> &'static str {
    match code {
        ExitCode::Verified => "held",
        ExitCode::Undecided => "undecided",
        _ => "broken",
    }
}
