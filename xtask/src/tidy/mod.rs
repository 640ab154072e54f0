//! The house rules that a program can check: all problems at once, each with its place and remedy.

mod config;
mod edges;
mod error;
mod lengths;
mod manifests;
mod markdown;
mod members;
mod ratchet;
mod source;
mod text;
pub(crate) mod tree;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
use config::Config;
pub(crate) use error::TidyError;
use source::Parsed;
use tree::SourceFile;

/// Check the house rules: crate edges, lengths, text, module docs, unsafe code, Markdown
#[derive(clap::Args)]
pub(crate) struct Tidy {
    /// First lower the ratchet in xtask/tidy.toml to what the files measure now; it never rises
    #[arg(long)]
    bless: bool,
}

/// Checks the repository around the current folder and prints what it finds.
pub(crate) fn run(args: &Tidy) -> ExitCode {
    match tree::repository().and_then(|root| checked(&root, args.bless)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(PROBLEMS_FOUND),
        Err(error) => {
            anstream::eprintln!("tidy: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

/// Checks the repository at `root`, prints every problem to stderr, and returns their number.
///
/// With `bless` the ratchet is lowered first.
///
/// # Errors
///
/// When the repository cannot be read: no git, no `xtask/tidy.toml`, a manifest cargo refuses.
pub(crate) fn checked(root: &Path, bless: bool) -> Result<usize, TidyError> {
    let files = tree::read(root)?;
    let parsed = source::parse(&files);
    let mut config = Config::of(&files)?;
    if bless {
        config = lowered(root, &config, &parsed)?;
    }
    let mut problems = problems_of_files(&files, &parsed, &config);
    problems.extend(edges::check(
        &members::members(root, &files)?,
        &config.rooms,
    ));
    problems.sort();
    for problem in &problems {
        anstream::eprintln!("{problem}");
    }
    anstream::eprintln!("tidy: {} files, {}", files.len(), counted(problems.len()));
    Ok(problems.len())
}

/// One thing that is wrong, where it is, which rule says so, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Relative to the root of the repository, with forward slashes.
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) rule: &'static str,
    pub(crate) mend: String,
}

impl Problem {
    /// A problem at a path and line.
    pub(crate) fn new(
        (path, line): (&str, usize),
        what: impl Into<String>,
        rule: &'static str,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
            rule,
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            what,
            rule,
            mend,
        } = self;
        write!(out, "{path}:{line}: {what}; {rule}; {mend}")
    }
}

fn problems_of_files(files: &[SourceFile], parsed: &[Parsed<'_>], config: &Config) -> Vec<Problem> {
    let mut problems = text::check(files, &config.text.forbidden);
    problems.extend(source::check(parsed, &config.text.unsafe_code_in));
    problems.extend(lengths::check(files));
    for (measures, ratchet) in lengths::measured(parsed, config) {
        problems.extend(ratchet::check(&ratchet, &measures, &config.source));
    }
    problems.extend(manifests::check(files, &config.text.unsafe_code_in));
    problems.extend(markdown::check(files));
    problems
}

fn lowered(root: &Path, config: &Config, parsed: &[Parsed<'_>]) -> Result<Config, TidyError> {
    let mut source = config.source.clone();
    for (measures, ratchet) in lengths::measured(parsed, config) {
        source = ratchet::lower(&source, &ratchet, &measures)?;
    }
    tree::write(root, config::PATH, &source)?;
    Config::parse(source)
}

fn counted(problems: usize) -> String {
    match problems {
        0 => "no problem".to_owned(),
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_that_an_editor_can_follow() {
        let problem = Problem::new(("a/b.rs", 7), "a tab", "no tabs", "use spaces");
        assert_eq!(problem.to_string(), "a/b.rs:7: a tab; no tabs; use spaces");
    }

    #[test]
    fn problems_are_counted_in_words() {
        assert_eq!(
            [counted(0), counted(1), counted(2)],
            ["no problem", "1 problem", "2 problems"]
        );
    }
}
