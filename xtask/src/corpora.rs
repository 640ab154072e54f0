//! The real artefacts that tests run against: fetched, listed, and led to by id.

mod list;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::{Args, Subcommand};
use patchproof_testkit::corpora::{
    Artefact, Cache, CorporaError, Manifest, ManifestError, Network,
};

use crate::COULD_NOT_DECIDE;
use list::{Format, list};

/// Fetch, list and find the real artefacts that tests run against
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Corpora {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring artefacts into the cache and verify them; all of them unless told otherwise
    Fetch {
        /// Only those whose id contains one of these texts
        filters: Vec<String>,
    },
    /// Show every artefact, what it is for, and whether the cache holds it
    List {
        /// A table, or one JSON object a line
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print the path of one artefact, verified, fetching it if needed
    Path {
        /// As `list` shows it, such as sass-embedded-linux-x64@1.97.2/dart
        id: String,
    },
}

/// Does what was asked; 0, or 2 when it could not.
pub(crate) fn run(args: &Corpora) -> ExitCode {
    let done = match &args.command {
        Command::Fetch { filters } => fetch(filters),
        Command::List { format } => list(*format),
        Command::Path { id } => path(id),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closed our output, as `head` does, has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            anstream::eprintln!("corpora: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

/// Why it could not.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Corpora(#[from] CorporaError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("no artefact has `{0}` in its id; `cargo xtask corpora list` shows the ids")]
    NoMatch(String),
    #[error("{failed} of {asked} artefacts could not be had: {}", ids.join(", "))]
    NotAll {
        failed: usize,
        asked: usize,
        ids: Vec<String>,
    },
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

fn path(id: &str) -> Result<(), Failure> {
    let manifest = Manifest::load()?;
    let path = Cache::open()?.ensure(manifest.find(id)?, Network::from_env())?;
    writeln!(io::stdout(), "{}", path.display())?;
    Ok(())
}

fn fetch(filters: &[String]) -> Result<(), Failure> {
    let manifest = Manifest::load()?;
    let cache = Cache::open()?;
    let asked = matching(&manifest, filters)?;
    let ids = failed_ids(&cache, &asked, Network::from_env());
    if !ids.is_empty() {
        let (failed, asked) = (ids.len(), asked.len());
        return Err(Failure::NotAll { failed, asked, ids });
    }
    let folder = cache.folder().display();
    writeln!(
        io::stdout(),
        "{} verified in {folder}",
        counted(asked.len())
    )?;
    Ok(())
}

fn matching<'m>(manifest: &'m Manifest, filters: &[String]) -> Result<Vec<Artefact<'m>>, Failure> {
    let has = |artefact: &Artefact<'_>, filter: &String| artefact.id().contains(filter);
    for filter in filters {
        if !manifest.artefacts().any(|artefact| has(&artefact, filter)) {
            return Err(Failure::NoMatch(filter.clone()));
        }
    }
    let wanted = |artefact: &Artefact<'_>| {
        filters.is_empty() || filters.iter().any(|filter| has(artefact, filter))
    };
    Ok(manifest.artefacts().filter(wanted).collect())
}

/// Fetches package by package on a few threads, past failures, each of which it says at once.
fn failed_ids(cache: &Cache, asked: &[Artefact<'_>], network: Network) -> Vec<String> {
    let packages = Mutex::new(asked.chunk_by(|a, b| a.package() == b.package()));
    let next = || {
        packages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let Some(artefacts) = next() {
            let ids = failed_of_one_package(cache, artefacts, network);
            failed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(ids);
        }
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The first failure of a package is that of its archive: the others would only repeat it.
fn failed_of_one_package(
    cache: &Cache,
    artefacts: &[Artefact<'_>],
    network: Network,
) -> Vec<String> {
    for (done, artefact) in artefacts.iter().enumerate() {
        if let Err(error) = cache.ensure(*artefact, network) {
            cache.say(&error.to_string());
            return artefacts.iter().skip(done).map(Artefact::id).collect();
        }
    }
    Vec::new()
}

fn counted(artefacts: usize) -> String {
    match artefacts {
        1 => "1 artefact".to_owned(),
        _ => format!("{artefacts} artefacts"),
    }
}

/// Fetching mostly waits; more would only crowd a registry.
const THREADS: usize = 4;

const EXAMPLES: &str = "\
Examples:
  cargo xtask corpora fetch                      everything, about 220 MB unpacked
  cargo xtask corpora fetch linux-x64@1.97 flet  whatever has one of these texts in its id
  cargo xtask corpora list --format json
  cargo xtask corpora path sass-embedded-linux-x64@1.97.2/sass.snapshot

Each artefact is fetched with its registry's own client (npm, pip) and verified at every use by size
and SHA-256. They are kept in $PATCHPROOF_CORPORA, else in the user's cache folder.
PATCHPROOF_OFFLINE=1 forbids fetching.

Exit codes: 0 done, 2 could not: what and why is on standard error.";

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(filters: &[&str]) -> Result<Vec<String>, Failure> {
        let manifest = Manifest::load().unwrap();
        let filters: Vec<_> = filters.iter().map(ToString::to_string).collect();
        Ok(matching(&manifest, &filters)?
            .iter()
            .map(Artefact::id)
            .collect())
    }

    #[test]
    fn without_a_filter_everything_is_fetched() {
        let all = Manifest::load().unwrap().artefacts().count();
        assert_eq!(ids(&[]).unwrap().len(), all);
    }

    #[test]
    fn filters_add_up() {
        let both = ids(&["linux-x64@1.97.2/dart", "flet-desktop@0.28.3/libapp"]).unwrap();
        let expected = [
            "sass-embedded-linux-x64@1.97.2/dart",
            "flet-desktop@0.28.3/libapp.so",
        ];
        assert_eq!(both, expected);
    }

    #[test]
    fn a_filter_that_matches_nothing_is_an_error_even_beside_one_that_does() {
        let error = ids(&["flet-desktop", "no-such-thing"]).unwrap_err();
        assert!(matches!(&error, Failure::NoMatch(filter) if filter == "no-such-thing"));
    }

    #[test]
    fn after_a_failure_the_other_packages_are_still_tried() {
        let manifest = Manifest::load().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap().silent();
        let asked: Vec<_> = manifest.artefacts().collect();
        let mut failed = failed_ids(&cache, &asked, Network::Offline);
        let mut all: Vec<_> = asked.iter().map(Artefact::id).collect();
        failed.sort();
        all.sort();
        assert_eq!(failed, all);
    }
}
