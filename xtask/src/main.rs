//! The repository as a program: `cargo xtask <command>` is how it checks and proves itself.

mod attacks;
mod bench;
mod ci;
mod corpora;
mod coverage;
mod dist;
mod e2e;
mod environment;
mod examples;
mod figures;
mod fuzz;
mod reproduce;
mod tables;
mod tidy;
mod verify_release;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The repository as a program.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true,
    after_help = EXAMPLES
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    VerifyRelease(Box<verify_release::VerifyRelease>),
    Corpora(corpora::Corpora),
    Bench(bench::Bench),
    Figures(figures::Figured),
    Attacks(attacks::Attacks),
    Dist(dist::Dist),
    Reproduce(reproduce::Reproduce),
    #[command(name = "e2e")]
    EndToEnd(e2e::EndToEnd),
    Fuzz(fuzz::Fuzz),
    Tidy(tidy::Tidy),
    Ci(ci::Ci),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    match cli.command {
        Command::VerifyRelease(args) => verify_release::run(&args),
        Command::Corpora(args) => corpora::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Figures(args) => figures::run(&args),
        Command::Attacks(args) => attacks::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::Reproduce(args) => reproduce::run(&args),
        Command::EndToEnd(args) => e2e::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Tidy(args) => tidy::run(&args),
        Command::Ci(args) => ci::run(&args),
    }
}

/// Prints help to stdout and usage errors to stderr, as clap would before ending the process.
fn explain(error: &clap::Error) -> ExitCode {
    match (error.print(), error.use_stderr()) {
        (Ok(()), false) => ExitCode::SUCCESS,
        _ => ExitCode::from(COULD_NOT_DECIDE),
    }
}

/// The check ran and something is wrong with the repository.
const PROBLEMS_FOUND: u8 = 1;

/// The check could not run: wrong usage, unreadable input, a missing part.
const COULD_NOT_DECIDE: u8 = 2;

const EXAMPLES: &str = "\
Examples:
  cargo xtask verify-release fetch a real release and verify a patch for it
  cargo xtask corpora list   the real artefacts that tests and examples run on
  cargo xtask bench          every patch tool beside the others, over every pair of real builds
  cargo xtask figures        how many disks, states and syncs the proofs went through, counted anew
  cargo xtask attacks        each check of a device compiled out: its attacks then succeed
  cargo xtask dist           the C library with header, licences and checksums
  cargo xtask reproduce      what is released, built twice in two folders, compared bit for bit
  cargo xtask e2e flutter    a Flutter app on a screen, patched, broken and back
  cargo xtask fuzz smoke     every parser, decoder and claim under a fuzzer, for some seconds
  cargo xtask tidy           every house rule that a program can check, all problems at once
  cargo xtask tidy --bless   the same, after lowering the ratchet to what is true now
  cargo xtask ci             what has to pass before a change is merged
  cargo xtask ci --full      and the benches, the licences and the duplicates of dependencies

Exit codes: 0 all is well, 1 something is wrong here, 2 the command could not decide.";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_free_of_contradictions() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_stands_among_the_examples() {
        for command in Cli::command().get_subcommands() {
            let example = format!("cargo xtask {}", command.get_name());
            assert!(EXAMPLES.contains(&example), "no example of `{example}`");
        }
    }
}
