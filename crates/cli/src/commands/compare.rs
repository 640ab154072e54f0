//! `patchproof compare`: two snapshots, and what an engine does with them.

use std::path::Path;

use patchproof_report::{Comparison, ExitCode, Finding, Rule, comparison_text};
use patchproof_snapshot::{Engine, Named, Snapshot, compare};

use crate::args::CompareArgs;
use crate::files::read_file;
use crate::output::{Format, pretty_json, print, shown};

pub(crate) fn run(args: &CompareArgs) -> ExitCode {
    // What cannot be read is an answer too: a program that asked for JSON gets JSON.
    let comparison = answer(args)
        .unwrap_or_else(|unreadable| Comparison::conclude(false, None, vec![unreadable]));
    let text = match args.format {
        Format::Text => comparison_text(&comparison),
        Format::Json => pretty_json(&comparison),
    };
    print(&text, comparison.verdict.exit_code())
}

fn answer(args: &CompareArgs) -> Result<Comparison, Finding> {
    let base = snapshot(&args.base)?;
    let candidate = snapshot(&args.candidate)?;
    let engine_bytes = args.engine.as_deref().map(bytes).transpose()?;
    let engine_name = args.engine.as_deref().map(shown).unwrap_or_default();
    let engine = engine_bytes.as_deref().map(Engine::read).transpose();
    let engine = engine.map_err(|error| unreadable(&engine_name, &error))?;
    let (base_name, candidate_name) = (shown(&args.base), shown(&args.candidate));
    Ok(compare(
        Named::new(&base_name, &base),
        Named::new(&candidate_name, &candidate),
        engine
            .as_ref()
            .map(|engine| Named::new(&engine_name, engine)),
    ))
}

fn snapshot(path: &Path) -> Result<Snapshot, Finding> {
    Snapshot::read(&bytes(path)?).map_err(|error| unreadable(&shown(path), &error))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Finding> {
    read_file(path).map_err(|error| unreadable(&shown(path), &error))
}

fn unreadable(name: &str, error: &dyn std::error::Error) -> Finding {
    Finding::new(
        Rule::InputUnreadable,
        format!("{name} cannot be read: {error}"),
    )
}
