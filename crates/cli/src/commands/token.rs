//! `patchproof token`: who may do what on the server.

use clap::{Subcommand, ValueEnum};
use comfy_table::{ContentArrangement, Table, presets};
use patchproof_protocol::developer::{CreatedToken, NewToken, Scope, Token};
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::stopped::{Stopped, ended};
use crate::moment::shown_moment;
use crate::output::{Format, pretty_json, print};
use crate::publish_args::ServerArgs;

/// Makes, lists and revokes the tokens of a server; takes an admin's token.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof token create --name ci --scope publisher --app com.example.app
  patchproof token list
  patchproof token revoke 3")]
pub(crate) struct TokenArgs {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
}

/// Makes a token and prints it, once.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof token create --server https://push.example.com --token-file admin.token \\
      --name ci --scope publisher --app com.example.app > ci.token
  patchproof token create --name dashboard --scope read --format json

The server keeps the token's SHA-256 alone: what is printed here is printed nowhere again.

Exit code: 0 made, 1 the server refuses it, 2 could not be made.")]
pub(crate) struct CreateArgs {
    /// What people call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it may do
    #[arg(long, value_enum)]
    pub(crate) scope: ScopeChoice,
    /// For this app only
    #[arg(long, value_name = "ID", value_parser = parse_word)]
    pub(crate) app: Option<Word>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// Lists the tokens of a server, without their secrets.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof token list --server https://push.example.com --token-file admin.token
  patchproof token list --format json")]
pub(crate) struct ListArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// Revokes a token: from then on it opens nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof token revoke 3 --server https://push.example.com --token-file admin.token")]
pub(crate) struct RevokeArgs {
    /// Its id, as `patchproof token list` shows it
    #[arg(value_name = "ID")]
    pub(crate) id: i64,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// What a token may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeChoice {
    /// See everything of its apps
    Read,
    /// Release, patch, promote, roll out and back
    Publisher,
    /// Make and delete apps and tokens
    Admin,
}

pub(crate) fn run(args: &TokenArgs) -> ExitCode {
    ended(match &args.command {
        TokenCommand::Create(args) => create(args),
        TokenCommand::List(args) => list(args),
        TokenCommand::Revoke(args) => revoke(args),
    })
}

fn create(args: &CreateArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let made: CreatedToken = client.create_token(&NewToken {
        name: args.name.clone(),
        scope: args.scope.into(),
        app_id: args.app.as_ref().map(ToString::to_string),
    })?;
    let text = match args.format {
        // Nothing beside it, so that it can be written to a file as it is.
        Format::Text => format!("{}\n", made.token),
        Format::Json => pretty_json(&made),
    };
    Ok(print(&text, ExitCode::Verified))
}

fn list(args: &ListArgs) -> Result<ExitCode, Stopped> {
    let tokens = args.server.client()?.tokens()?;
    let text = match args.format {
        Format::Text => format!("{}\n", table(&tokens.tokens).trim_fmt()),
        Format::Json => pretty_json(&tokens),
    };
    Ok(print(&text, ExitCode::Verified))
}

fn revoke(args: &RevokeArgs) -> Result<ExitCode, Stopped> {
    args.server.client()?.revoke_token(args.id)?;
    let text = match args.format {
        Format::Text => format!("token {} is revoked\n", args.id),
        Format::Json => pretty_json(&serde_json::json!({ "id": args.id, "revoked": true })),
    };
    Ok(print(&text, ExitCode::Verified))
}

fn table(tokens: &[Token]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["id", "name", "may", "app", "made", "revoked"]);
    for token in tokens {
        table.add_row([
            token.id.to_string(),
            token.name.escape_debug().to_string(),
            token.scope.name().to_owned(),
            token.app_id.clone().unwrap_or_else(|| "all".to_owned()),
            shown_moment(token.created_at),
            token
                .revoked_at
                .map_or_else(|| "-".to_owned(), shown_moment),
        ]);
    }
    table
}

impl From<ScopeChoice> for Scope {
    fn from(choice: ScopeChoice) -> Self {
        match choice {
            ScopeChoice::Read => Self::Read,
            ScopeChoice::Publisher => Self::Publisher,
            ScopeChoice::Admin => Self::Admin,
        }
    }
}
