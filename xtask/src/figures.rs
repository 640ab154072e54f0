//! `cargo xtask figures`: counts the figures of the proofs anew, and holds the pinned ones to them;
//! with `--measure`, measures those that differ from machine to machine.

mod areas;
mod counted;
mod coverage;
mod error;
mod ledger;
mod measured;
mod mutants;
mod pages;

use std::process::ExitCode;

use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
pub(crate) use error::FiguresError;
pub(crate) use pages::renew as renew_tables;

/// The figures of the proofs: crash points, disks, states, syncs counted anew; mutants measured
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Figured {
    /// Write docs/figures.toml and the tables of the README and docs/fuzzing.md
    #[arg(long)]
    bless: bool,
    /// Measure how many changes of the code its tests catch, in this area, or `coverage`, or all.
    /// Minutes to hours; docs/measured.toml and the tables are written
    #[arg(long, value_name = "AREA", num_args = 0.., conflicts_with = "bless")]
    measure: Option<Vec<String>>,
    /// Try one in so many changes, evenly spread: the figure says so
    #[arg(long, value_name = "N", default_value_t = 1, requires = "measure",
        value_parser = clap::value_parser!(u64).range(1..))]
    one_in: u64,
    /// Hold what is measured to its floor alone, and write nothing
    #[arg(long, requires = "measure")]
    check: bool,
    /// Write the tables of what was measured and of the ledger from their files, and count nothing
    #[arg(long, conflicts_with_all = ["bless", "measure"])]
    tables: bool,
    /// What can be measured
    #[arg(long, conflicts_with_all = ["bless", "measure", "tables"])]
    areas: bool,
}

/// Prints pinned and counted figures side by side; exit 1 where they differ.
pub(crate) fn run(args: &Figured) -> ExitCode {
    if args.areas {
        anstream::println!("{}", areas::listing());
        return ExitCode::SUCCESS;
    }
    let done = match &args.measure {
        Some(names) => measure(names, args.one_in, !args.check),
        None if args.tables => pages::renewed(),
        None => return counted::run(args.bless),
    };
    let Err(error) = done else {
        return ExitCode::SUCCESS;
    };
    anstream::eprintln!("figures: {error}");
    ExitCode::from(match error {
        FiguresError::BelowFloor { .. } | FiguresError::ReachedBelowFloor { .. } => PROBLEMS_FOUND,
        _ => COULD_NOT_DECIDE,
    })
}

fn measure(names: &[String], one_in: u64, is_written: bool) -> Result<(), FiguresError> {
    let asked = areas::asked(names)?;
    let caught = mutants::measure(&asked.areas, one_in, is_written);
    if asked.coverage {
        coverage::measure(is_written)?;
    }
    caught
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask figures                     count everything, compare with docs/figures.toml
  cargo xtask figures --bless             the same, and write the file and every table
  cargo xtask figures --tables            the tables of what was measured, and of the ledger
  cargo xtask figures --areas             what can be measured, and the floor of each
  cargo xtask figures --measure verdict   every change of the verdict function against its tests
  cargo xtask figures --measure coverage  what the tests and the fuzz targets' inputs reach
  cargo xtask figures --measure signatures --one-in 5    a fifth of an area, evenly spread
  cargo xtask figures --measure           every area: hours
  cargo xtask figures --measure --check   the same, and write nothing

Exit codes: 0 as pinned, or measured, 1 a figure differs or is below its floor, 2 undecided.";
