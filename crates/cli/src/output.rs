//! Printing: formats, and writers that survive a closed pipe.

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use patchproof_report::ExitCode;
use serde::Serialize;

/// How to print an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// For a person; coloured on a terminal, unless NO_COLOR is set.
    #[default]
    Text,
    /// For a program; within a version fields are only added.
    Json,
}

/// Prints to standard output.
///
/// A reader that closed the pipe has what it wanted; any other failure to print makes the answer
/// useless, so it becomes [`ExitCode::Undecided`].
pub(crate) fn print(text: &str, code: ExitCode) -> ExitCode {
    let mut stdout = anstream::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Ok(()) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(error) => fail(&format!("the answer could not be printed: {error}")),
    }
}

/// Says on standard error why nothing could be decided.
pub(crate) fn fail(why: &str) -> ExitCode {
    say(why);
    ExitCode::Undecided
}

/// Says something on standard error.
pub(crate) fn say(what: &str) {
    // A closed standard error leaves only the exit code to speak.
    let _ = writeln!(anstream::stderr(), "patchproof: {what}");
}

/// A value as pretty JSON with a newline.
pub(crate) fn pretty_json(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value);
    json.expect("our own types have string keys and finite numbers") + "\n"
}

/// A value as one line of JSON.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value);
    json.expect("our own types have string keys and finite numbers") + "\n"
}

/// A path as reports name it.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
