//! Log lines on standard error: for people or for programs.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::fmt;

use crate::settings::{LogFormat, Settings};

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The filter is none.
    #[error("--log {found}: {why}; expected a level such as `info`, or `info,sqlx=warn`")]
    Filter {
        /// What was given.
        found: String,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody in this process logs already.
    #[error("log lines of this process go elsewhere already: {0}")]
    Elsewhere(String),
}

/// Sends what this process logs to standard error, from now on.
///
/// # Errors
///
/// Where the filter of the settings is none, or this was called before.
pub fn log_to_stderr(settings: &Settings) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| LogError::Filter {
        found: settings.log.clone(),
        why: error.to_string(),
    })?;
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match settings.log_format {
        LogFormat::Text => lines.with_ansi(has_colours()).try_init(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(|error| LogError::Elsewhere(error.to_string()))
}

/// Colours are for terminals, and for those who did not say that they want none.
fn has_colours() -> bool {
    let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !wants_none && io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_is_refused_by_its_flag() {
        let mut settings = Settings::local("none".into());
        settings.log = "info,=,".to_owned();
        let error = log_to_stderr(&settings).unwrap_err();
        assert!(error.to_string().starts_with("--log "), "{error}");
    }
}
