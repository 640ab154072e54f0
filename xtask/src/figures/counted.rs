//! The figures that are the same on every machine.

use std::fs;
use std::num::NonZero;
use std::process::ExitCode;

use patchproof_testkit::figures::{self, Figures, totals};

use super::pages;
use crate::tables::for_terminal;
use crate::tidy::tree;
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};

/// Prints pinned and counted figures side by side; exit 1 where they differ.
pub(super) fn run(is_blessed: bool) -> ExitCode {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let counted = match figures::counted(threads) {
        Ok(counted) => counted,
        Err(violation) => {
            anstream::eprintln!("figures: a proof does not hold: {violation}");
            return ExitCode::from(PROBLEMS_FOUND);
        }
    };
    let pinned = figures::pinned().unwrap_or_default();
    print(&pinned, &counted);
    if is_blessed {
        return match bless(&counted) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                anstream::eprintln!("figures: {error}");
                ExitCode::from(COULD_NOT_DECIDE)
            }
        };
    }
    if pinned == counted {
        return ExitCode::SUCCESS;
    }
    anstream::eprintln!(
        "figures: docs/figures.toml is not what was counted; find out why, then renew it with \
         `cargo xtask figures --bless`"
    );
    ExitCode::from(PROBLEMS_FOUND)
}

fn print(pinned: &Figures, counted: &Figures) {
    let mut table = for_terminal(&["figure", "pinned", "counted"], 1..3);
    for ((words, pinned), (_, counted)) in totals(pinned).into_iter().zip(totals(counted)) {
        table.add_row([words.to_owned(), pinned.to_string(), counted.to_string()]);
    }
    anstream::println!("{}", table.trim_fmt());
}

fn bless(counted: &Figures) -> Result<(), Box<dyn std::error::Error>> {
    let root = tree::repository()?;
    fs::write(root.join("docs/figures.toml"), figures::file(counted)?)?;
    pages::replace(&root.join("README.md"), "figures", &figures::table(counted))?;
    pages::renew(&root)?;
    Ok(())
}
