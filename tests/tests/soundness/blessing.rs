//! Writes what is pinned and shown: `docs/soundness.toml`, `docs/soundness.md`, the README's table.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Failed;
use patchproof_testkit::corpora;
use patchproof_testkit::soundness::{Matrix, page, table};

/// Counts everything and writes it; nothing is written where a case ends otherwise.
pub(crate) fn bless() -> ExitCode {
    match written() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!(
                "{}",
                failed.message().unwrap_or("soundness: it does not hold")
            );
            ExitCode::FAILURE
        }
    }
}

fn written() -> Result<(), Failed> {
    let mut matrix = Matrix::default();
    for story in crate::STORIES {
        let paths = story.artefacts().iter().map(|id| corpora::path(id));
        let paths = paths.collect::<Result<Vec<_>, _>>()?;
        let (counted, problems) = crate::counted(story, &paths)?;
        if !problems.is_empty() {
            return Err(problems.join("\n\n").into());
        }
        matrix.merge(&counted);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::write(root.join("docs/soundness.toml"), matrix.file()?)?;
    fs::write(root.join("docs/soundness.md"), page(&matrix))?;
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme)?;
    let (before, rest) = text
        .split_once(START)
        .ok_or("README.md has no `<!-- soundness -->`")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("README.md has no `<!-- soundness: end -->`")?;
    let table = table(&matrix);
    fs::write(readme, format!("{before}{START}\n{table}\n{END}{after}"))?;
    Ok(())
}

const START: &str = "<!-- soundness -->\n";
const END: &str = "<!-- soundness: end -->";
