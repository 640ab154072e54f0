//! Every artefact with what it is for and whether it is here, for a person or a program.

use std::io::{self, Write};

use clap::ValueEnum;
use comfy_table::Table;
use patchproof_testkit::corpora::{Artefact, Cache, CorporaError, Manifest, State};
use serde::Serialize;

use super::{Failure, counted};
use crate::tables::for_terminal;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// Prints the list; whether an artefact is cached is told by hashing it.
pub(super) fn list(format: Format) -> Result<(), Failure> {
    let manifest = Manifest::load()?;
    let cache = Cache::open()?;
    let row = |artefact| Ok(Row::new(artefact, cached(&cache.state(artefact)?)));
    let rows: Vec<Row<'_>> = manifest
        .artefacts()
        .map(row)
        .collect::<Result<_, CorporaError>>()?;
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            for row in &rows {
                writeln!(
                    out,
                    "{}",
                    serde_json::to_string(row).map_err(io::Error::from)?
                )?;
            }
        }
        Format::Text => {
            writeln!(out, "{}\n", table(&rows).trim_fmt())?;
            let held = rows.iter().filter(|row| row.cached == YES).count();
            let folder = cache.folder().display();
            writeln!(out, "{}, {held} of them in {folder}", counted(rows.len()))?;
        }
    }
    Ok(())
}

/// What `list` shows of an artefact; `path` is within its package.
#[derive(Serialize)]
struct Row<'m> {
    id: String,
    kind: String,
    size_bytes: u64,
    sha256: &'m str,
    registry: String,
    package: &'m str,
    version: &'m str,
    platform: Option<&'m str>,
    path: &'m str,
    licence: &'m str,
    cached: &'static str,
    purpose: &'m str,
}

impl<'m> Row<'m> {
    fn new(artefact: Artefact<'m>, cached: &'static str) -> Self {
        let package = artefact.package();
        Self {
            id: artefact.id(),
            kind: artefact.kind().to_string(),
            size_bytes: artefact.size_bytes(),
            sha256: artefact.sha256(),
            registry: package.registry().to_string(),
            package: package.name(),
            version: package.version(),
            platform: package.platform(),
            path: artefact.path(),
            licence: package.licence(),
            cached,
            purpose: artefact.purpose(),
        }
    }
}

fn table(rows: &[Row<'_>]) -> Table {
    let head = ["id", "kind", "bytes", "licence", "cached", "purpose"];
    let mut table = for_terminal(&head, 2..3);
    for row in rows {
        let size = row.size_bytes.to_string();
        table.add_row([
            &row.id,
            &row.kind,
            &size,
            row.licence,
            row.cached,
            row.purpose,
        ]);
    }
    table
}

fn cached(state: &State) -> &'static str {
    match state {
        State::Missing => "no",
        State::Rotten(_) => "rotten",
        State::Verified => YES,
    }
}

const YES: &str = "yes";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_an_artefact_with_its_id_and_licence() {
        let manifest = Manifest::load().unwrap();
        let artefact = manifest.find("flet-desktop@0.28.2/libapp.so").unwrap();
        let text = table(&[Row::new(artefact, YES)]).trim_fmt();
        let line = text.lines().last().unwrap();
        assert!(line.contains("flet-desktop@0.28.2/libapp.so") && line.contains("Apache-2.0"));
    }
}
