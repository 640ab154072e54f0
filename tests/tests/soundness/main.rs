//! Whether `verify-release` can be deceived: every seeded tampering of made and real releases,
//! patches and statements is reported, no harmless change is refused, and what is verified at the
//! limits of the claim is true. How many ended how is pinned.
//!
//! To renew what is pinned and shown after a change of the kinds:
//! `PATCHPROOF_BLESS=1 cargo test -p patchproof-tests --test soundness`, then read the difference.

mod blessing;

use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_testkit::corpora;
use patchproof_testkit::soundness::{Matrix, Section, Stage, Story, cases, pinned};

fn main() -> std::process::ExitCode {
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        return blessing::bless();
    }
    let mut trials: Vec<Trial> = STORIES.map(trial).into();
    trials.push(Trial::test(
        "there_are_a_thousand_tamperings_and_two_hundred_harmless_changes",
        || enough(&STORIES),
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(story: Story) -> Trial {
    let word = story.word().replace(' ', "_");
    let name = format!("every_tampering_is_reported_and_no_harmless_change_refused::{word}");
    if story.artefacts().is_empty() {
        return Trial::test(name, move || holds(story, &[]));
    }
    corpora::trial(name, story.artefacts(), move |paths| holds(story, paths))
}

/// Every case of the story, and the counts beside the pinned ones.
fn holds(story: Story, paths: &[PathBuf]) -> Result<(), Failed> {
    let (counted, problems) = counted(story, paths)?;
    if let Some(first) = problems.first() {
        let count = problems.len();
        let more: Vec<&str> = problems.iter().filter_map(|it| it.lines().next()).collect();
        return Err(format!(
            "{count} cases end otherwise:\n{}\n\n{first}",
            more.join("\n")
        )
        .into());
    }
    if counted != pinned()?.of_story(story) {
        return Err("docs/soundness.toml is not what was counted; see the top of this test".into());
    }
    Ok(())
}

/// How the cases of a story end, and what is wrong with some of them.
fn counted(story: Story, paths: &[PathBuf]) -> Result<(Matrix, Vec<String>), Failed> {
    let mut stage = Stage::new(story, paths)?;
    let mut matrix = Matrix::default();
    let mut problems = Vec::new();
    for case in cases(story) {
        match stage.hold(case) {
            Ok(ended) => matrix.add(case, &ended),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((matrix, problems))
}

fn enough(stories: &[Story]) -> Result<(), Failed> {
    let all: Vec<_> = stories.iter().flat_map(|story| cases(*story)).collect();
    for (section, least) in [(Section::Tampering, 1000), (Section::Harmless, 200)] {
        let count = all.iter().filter(|case| case.section == section).count();
        if count < least {
            return Err(format!("{count} of {section:?}, expected at least {least}").into());
        }
    }
    let pinned = pinned()?;
    let (tampered, harmless) = (
        pinned.total(Section::Tampering),
        pinned.total(Section::Harmless),
    );
    if (tampered.verified, harmless.reported) != (0, 0) {
        return Err(format!("{tampered:?} of tamperings, {harmless:?} of harmless ones").into());
    }
    Ok(())
}

const STORIES: [Story; 5] = [
    Story::Signed,
    Story::Unsigned,
    Story::Shorebird,
    Story::RealApp,
    Story::RealLibrary,
];
