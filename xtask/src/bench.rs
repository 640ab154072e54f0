//! `cargo xtask bench`: every patch tool beside the others, in one run, over the same pairs.

mod chains;
mod contestants;
mod error;
mod goals;
mod levels;
mod machine;
mod markdown;
mod measure;
mod ours;
mod outside;
mod pipe;
mod plots;
mod progress;
mod results;
mod sections;
#[cfg(feature = "bench-server")]
mod server;
mod shorebird;
mod statistics;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use patchproof_testkit::pairs::{Pair, Pairs};

use crate::tidy::tree;
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
use error::BenchError;
use measure::Runs;
use progress::Progress;
use results::Results;

/// Measure every patch tool beside the others, over every pair of the corpus
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Bench {
    #[cfg(feature = "bench-server")]
    #[command(subcommand)]
    other: Option<Other>,
    /// The folder for report.md, report.json and the plots [default: target/bench]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only pairs whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pairs: Option<String>,
    /// The smallest pair alone
    #[arg(long)]
    quick: bool,
    /// Measure so often and take the median [default: 1 for making, 3 for inflating]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    runs: Option<u16>,
}

/// What else is measured.
#[cfg(feature = "bench-server")]
#[derive(clap::Subcommand)]
enum Other {
    Server(server::ServerBench),
}

/// Measures and writes; 0, 1 where a tool gave wrong bytes, 2 where nothing could be measured.
pub(crate) fn run(args: &Bench) -> ExitCode {
    #[cfg(feature = "bench-server")]
    if let Some(Other::Server(args)) = &args.other {
        return server::run(args);
    }
    match measured(args) {
        Ok(results) if results.wrong().is_empty() => ExitCode::SUCCESS,
        Ok(results) => {
            let wrong = results.wrong().join(", ");
            anstream::eprintln!("bench: not the new file came out of: {wrong}");
            ExitCode::from(PROBLEMS_FOUND)
        }
        Err(error) => {
            anstream::eprintln!("bench: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

fn measured(args: &Bench) -> Result<Results, BenchError> {
    let root = tree::repository()?;
    let pairs = asked(args)?;
    let tools = tools::ready(&root.join("target").join("bench-tools"));
    let contestants = contestants::all(&tools);
    let runs = Runs::from_asked(args.runs);
    let progress = Progress::over(pairs.count() * contestants.len());

    let mut results = Results::begun(command(args), &tools);
    for (pairs, into) in [
        (&pairs.neighbours, &mut results.neighbours),
        (&pairs.cross_compiler, &mut results.cross_compiler),
    ] {
        for pair in pairs {
            into.push(measure::pair(pair, &contestants, runs, &progress)?);
        }
    }
    if let Some(largest) = pairs.largest() {
        progress.say(&format!("levels on {}", largest.name()));
        results.levels = levels::of_shorebird(largest, runs)?;
    }
    if let Some(smallest) = pairs.smallest() {
        progress.say(&format!("codecs on {}", smallest.name()));
        results.codecs = Some(levels::of_codecs(smallest, runs)?);
    }
    if !args.quick && args.pairs.is_none() {
        progress.say("chains");
        results.chains = chains::measured(&pairs.chains)?;
    }
    progress.finish();
    results.ended();
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| root.join("target").join("bench"));
    write(&out, &results)?;
    anstream::println!("{}", markdown::goals(&goals::of(&results)));
    anstream::println!("All of it: {}", out.join("report.md").display());
    Ok(results)
}

fn asked(args: &Bench) -> Result<Pairs, BenchError> {
    let mut pairs = Pairs::of_corpus()?;
    if let Some(text) = &args.pairs {
        pairs.keep(|pair: &Pair| pair.name().contains(text.as_str()));
    }
    if args.quick {
        let smallest = pairs.smallest().map(Pair::name);
        pairs.keep(|pair: &Pair| Some(pair.name()) == smallest);
    }
    if pairs.count() == 0 {
        return Err(BenchError::NoPair {
            text: args.pairs.clone().unwrap_or_default(),
        });
    }
    Ok(pairs)
}

fn write(out: &Path, results: &Results) -> Result<(), BenchError> {
    let io = |path: &Path, source| BenchError::file("write", path, source);
    std::fs::create_dir_all(out).map_err(|error| io(out, error))?;
    let json = serde_json::to_string_pretty(&results.with_goals()).map_err(BenchError::Json)?;
    for (name, text) in [
        ("report.md", markdown::report(results)),
        ("report.json", json + "\n"),
        (plots::SIZES, plots::sizes(results)?),
        (plots::TIMES, plots::times(results)?),
    ] {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|error| io(&path, error))?;
    }
    Ok(())
}

/// What to type to repeat it; where the report goes does not matter for that.
fn command(args: &Bench) -> String {
    let mut line = "cargo run --release -p xtask -- bench".to_owned();
    if let Some(text) = &args.pairs {
        line.push_str(&format!(" --pairs '{text}'"));
    }
    if args.quick {
        line.push_str(" --quick");
    }
    if let Some(runs) = args.runs {
        line.push_str(&format!(" --runs {runs}"));
    }
    line
}

const EXAMPLES: &str = "\
Examples:
  cargo run --release -p xtask -- bench          all pairs, minutes: makes docs/benchmarks.md
  cargo xtask bench --quick                      the smallest pair, to see that everything is there
  cargo xtask bench --pairs flet --runs 5        one pair, the median of five
  cargo xtask bench --pairs android --out report
  cargo run --release -p xtask --features bench-server -- bench server
                                                 the server's check beside a bare handler

Times mean something on a quiet machine and in a release build only. The other tools are Debian's
bsdiff, xdelta3 and zstd, and hdiffpatch of PyPI. Those that are missing are installed where that
is possible without asking, else named; their columns say why they are empty.

Exit codes: 0 measured, 1 a tool's output was not the new file, 2 could not measure.";
