//! `fuzz list`: the targets, each with its claim.

use comfy_table::{ContentArrangement, Table, presets};
use patchproof_testkit::fuzz;

use super::error::FuzzError;

/// Print every target with what it claims
#[derive(clap::Args)]
pub(crate) struct List {
    /// As the rows of docs/fuzzing.md
    #[arg(long)]
    markdown: bool,
}

/// Prints them.
pub(super) fn run(args: &List) -> Result<(), FuzzError> {
    let all = fuzz::every().into_iter().chain([fuzz::CANARY.facts()]);
    if args.markdown {
        for facts in all {
            let (name, about, depth) = (facts.name, facts.about, facts.depth);
            anstream::println!("| `{name}` | {about} | {depth} |");
        }
        return Ok(());
    }
    let mut table = Table::new();
    let table = table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["target", "claim", "an input reached the depth where"]);
    for facts in all {
        table.add_row([facts.name, facts.about, facts.depth]);
    }
    anstream::println!("{}", table.trim_fmt());
    Ok(())
}
