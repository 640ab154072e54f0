//! What the commands around a server share: which server, by which right, for which app.

use std::path::PathBuf;

use patchproof_publisher::{Client, PublishError, ServerUrl, Token, Which, Words};
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::stopped::Stopped;
use crate::output::{say, shown};
use crate::secret::SecretFile;

/// Which server, and by which right.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArgs {
    /// The server's address
    #[arg(
        long,
        value_name = "URL",
        env = "PATCHPROOF_SERVER",
        hide_env_values = true
    )]
    pub(crate) server: String,
    /// The token is the first line of this file; without it, the variable PATCHPROOF_TOKEN
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Ask other machines over plain http too: whoever is in between reads the token
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

/// Which app.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AppArgs {
    /// The app's id on the server
    #[arg(
        long,
        value_name = "ID",
        env = "PATCHPROOF_APP",
        hide_env_values = true
    )]
    #[arg(value_parser = parse_word)]
    pub(crate) app: Word,
}

/// Which patch.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct PatchArgs {
    /// The release's version, as devices say it
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) release: Word,
    /// The patch's number within the release
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) patch: u64,
}

/// What a publisher says in a statement and no file shows.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct WordsArgs {
    /// Where this patch is known, no lower number runs
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) minimum_number: u64,
    /// The epoch of the data that it writes
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) data_epoch: u32,
    /// The newest epoch of data that it can read; without it, the one that it writes
    #[arg(long, value_name = "N")]
    pub(crate) reads_data_epoch: Option<u32>,
}

impl PatchArgs {
    /// Of this app.
    pub(crate) const fn which<'a>(&'a self, app: &'a AppArgs) -> Which<'a> {
        Which {
            app: &app.app,
            release: &self.release,
            number: self.patch,
        }
    }
}

impl WordsArgs {
    pub(crate) fn words(&self) -> Words {
        Words {
            minimum_number: self.minimum_number,
            data_epoch: self.data_epoch,
            reads_data_epoch: self.reads_data_epoch.unwrap_or(self.data_epoch),
        }
    }
}

impl ServerArgs {
    /// Asks nothing yet.
    pub(crate) fn client(&self) -> Result<Client, Stopped> {
        let server = ServerUrl::parse(&self.server, self.insecure_http);
        let server = server.map_err(|error| {
            let also = match error {
                patchproof_protocol::WebUrlError::Insecure { .. } => {
                    "; --insecure-http asks it all the same"
                }
                _ => "",
            };
            Stopped::undecided(format!("--server {}: {error}{also}", self.server))
        })?;
        Ok(Client::new(server, self.token()?))
    }

    fn token(&self) -> Result<Token, Stopped> {
        if let Some(path) = &self.token_file {
            let file = SecretFile::read(path).map_err(|error| Stopped::at(path, error))?;
            if file.others_can_read {
                let path = shown(path);
                say(&format!(
                    "{path}: others than you can read it; `chmod 600` it"
                ));
            }
            let text = String::from_utf8_lossy(&file.bytes);
            let first = text.lines().next().unwrap_or_default();
            return Token::new(first).map_err(|error| Stopped::at(path, error));
        }
        let Some(value) = std::env::var_os(TOKEN_VARIABLE) else {
            return Err(Stopped::undecided(format!(
                "no token: set {TOKEN_VARIABLE}, or name a file with --token-file. `patchproof \
                 token create` makes one"
            )));
        };
        Token::new(&value.to_string_lossy())
            .map_err(|error| Stopped::undecided(format!("{TOKEN_VARIABLE}: {error}")))
    }
}

impl From<PublishError> for Stopped {
    fn from(error: PublishError) -> Self {
        Self {
            code: error.exit_code(),
            why: error.to_string(),
        }
    }
}

impl From<patchproof_publisher::ClientError> for Stopped {
    fn from(error: patchproof_publisher::ClientError) -> Self {
        PublishError::from(error).into()
    }
}

/// Per cent in steps of 0.01, as the server counts them.
pub(crate) fn per_cent(rollout_basis_points: u16) -> String {
    let (whole, part) = (rollout_basis_points / 100, rollout_basis_points % 100);
    match part {
        0 => format!("{whole} %"),
        part if part % 10 == 0 => format!("{whole}.{} %", part / 10),
        part => format!("{whole}.{part:02} %"),
    }
}

const TOKEN_VARIABLE: &str = "PATCHPROOF_TOKEN";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basis_points_are_shown_in_per_cent() {
        let shown = [0, 1, 50, 105, 250, 10_000].map(per_cent);
        assert_eq!(
            shown,
            ["0 %", "0.01 %", "0.5 %", "1.05 %", "2.5 %", "100 %"]
        );
    }

    #[test]
    fn the_exit_code_of_a_stop_is_the_publishers() {
        let error = PublishError::NumberTaken {
            number: 3,
            attempts: 3,
        };
        let stopped = Stopped::from(error);
        assert_eq!(stopped.code, patchproof_report::ExitCode::Different);
    }
}
