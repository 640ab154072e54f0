//! `patchproof compare`: two snapshots, and what an engine does with them.

use std::path::Path;

use patchproof_report::{ExitCode, comparison_text};
use patchproof_snapshot::{Engine, Named, Snapshot, compare};

use crate::args::CompareArgs;
use crate::files::read_file;
use crate::output::{Format, fail, pretty_json, print, shown};

pub(crate) fn run(args: &CompareArgs) -> ExitCode {
    answer(args).unwrap_or_else(|why| fail(&why))
}

fn answer(args: &CompareArgs) -> Result<ExitCode, String> {
    let [base, candidate] = [&args.base, &args.candidate].map(|path| snapshot(path));
    let (base, candidate) = (base?, candidate?);
    let engine_bytes = args.engine.as_deref().map(bytes).transpose()?;
    let engine = engine_bytes.as_deref().map(Engine::read).transpose();
    let named = |error| {
        format!(
            "{}: {error}",
            shown(args.engine.as_deref().unwrap_or(Path::new("")))
        )
    };
    let engine = engine.map_err(named)?;
    let names = [
        Some(&args.base),
        Some(&args.candidate),
        args.engine.as_ref(),
    ];
    let [base_name, candidate_name, engine_name] =
        names.map(|path| path.map(|path| shown(path)).unwrap_or_default());
    let comparison = compare(
        Named::new(&base_name, &base),
        Named::new(&candidate_name, &candidate),
        engine
            .as_ref()
            .map(|engine| Named::new(&engine_name, engine)),
    );
    let text = match args.format {
        Format::Text => comparison_text(&comparison),
        Format::Json => pretty_json(&comparison),
    };
    Ok(print(&text, comparison.verdict.exit_code()))
}

fn snapshot(path: &Path) -> Result<Snapshot, String> {
    Snapshot::read(&bytes(path)?).map_err(|error| format!("{}: {error}", shown(path)))
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    read_file(path).map_err(|error| format!("{}: {error}", shown(path)))
}
