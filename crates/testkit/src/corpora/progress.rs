//! Says on standard error what is being fetched: a spinner on a terminal, a plain line elsewhere.

use std::io::{self, IsTerminal, Write};
use std::sync::LazyLock;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// How a cache speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// Spinners on a terminal, lines elsewhere.
    Stderr,
    /// Not at all: the caller speaks.
    Silent,
}

impl Voice {
    /// One line that stays.
    pub(super) fn say(self, text: &str) {
        match self {
            Self::Silent => {}
            Self::Stderr if is_terminal() => ignore(SPINNERS.println(format!("corpora: {text}"))),
            Self::Stderr => ignore(writeln!(io::stderr(), "corpora: {text}")),
        }
    }

    /// Something that takes a while, until the answer is dropped.
    pub(super) fn start(self, text: &str) -> Activity {
        match self {
            Self::Stderr if is_terminal() => {
                let spinner = SPINNERS.add(ProgressBar::new_spinner().with_style(style()));
                spinner.enable_steady_tick(TICK);
                spinner.set_prefix(text.to_owned());
                Activity {
                    spinner: Some(spinner),
                }
            }
            _ => {
                self.say(text);
                Activity { spinner: None }
            }
        }
    }
}

/// Something that takes a while; dropping it takes its spinner off the screen.
pub(super) struct Activity {
    spinner: Option<ProgressBar>,
}

impl Activity {
    /// What it is doing now; lost where there is no spinner.
    pub(super) fn step(&self, text: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(text.to_owned());
        }
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
            SPINNERS.remove(spinner);
        }
    }
}

fn is_terminal() -> bool {
    io::stderr().is_terminal()
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix}: {msg} ({elapsed})")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// A closed standard error is no reason to fetch nothing.
fn ignore(_: io::Result<()>) {}

/// One for the process, so that spinners of several threads stand below each other.
static SPINNERS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

const TICK: Duration = Duration::from_millis(100);
