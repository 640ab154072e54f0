//! `patchproof status`: how an app stands, release by release and patch by patch.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use patchproof_protocol::developer::{PatchState, ReleaseState, Status};
use patchproof_report::ExitCode;
use patchproof_trust::Word;

use crate::commands::sign_common::parse_word;
use crate::commands::stopped::{Stopped, ended};
use crate::moment::shown_moment;
use crate::output::{Format, pretty_json, print};
use crate::publish_args::{AppArgs, ServerArgs, per_cent};

/// Shows the releases and patches of an app, and how devices fare with them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof status --server https://push.example.com --app com.example.app
  patchproof status --app com.example.app --release 1.2.3+45
  patchproof status --app com.example.app --format json | jq '.releases[0].patches'

The numbers of downloads, installs and failures are what devices reported.

Exit code: 0 shown, 1 the server refuses it, 2 could not be shown.")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) app: AppArgs,
    /// This release only
    #[arg(long, value_name = "V", value_parser = parse_word)]
    pub(crate) release: Option<Word>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

pub(crate) fn run(args: &StatusArgs) -> ExitCode {
    ended(status(args))
}

fn status(args: &StatusArgs) -> Result<ExitCode, Stopped> {
    let client = args.server.client()?;
    let status = client.status(&args.app.app, args.release.as_ref())?;
    let text = match args.format {
        Format::Text => status_text(&status),
        Format::Json => pretty_json(&status),
    };
    Ok(print(&text, ExitCode::Verified))
}

fn status_text(status: &Status) -> String {
    let signed = status.root_version.map_or_else(
        || "nothing is signed".to_owned(),
        |version| format!("signed under root {version}"),
    );
    let mut out = format!("{}, {signed}\n", line(&status.app_id));
    if status.releases.is_empty() {
        out.push_str("no releases\n");
    }
    for release in &status.releases {
        out.push_str(&format!("\n{}", release_text(release)));
    }
    out
}

/// One release, after something was done to it.
pub(super) fn print_release(release: &ReleaseState, format: Format) -> ExitCode {
    let text = match format {
        Format::Text => release_text(release),
        Format::Json => pretty_json(release),
    };
    print(&text, ExitCode::Verified)
}

/// One patch, after something was done to it.
pub(super) fn print_patch(release: &Word, patch: &PatchState, format: Format) -> ExitCode {
    let text = match format {
        Format::Text => format!("patch {} of {release}: {}\n", patch.number, stands(patch)),
        Format::Json => pretty_json(patch),
    };
    print(&text, ExitCode::Verified)
}

fn release_text(release: &ReleaseState) -> String {
    let platforms = release.platform_statuses.iter();
    let platforms = platforms.map(|(name, status)| format!("{}: {}", line(name), status.name()));
    let platforms: Vec<String> = platforms.collect();
    let mut out = format!(
        "release {} ({})\n",
        line(&release.version),
        platforms.join(", ")
    );
    if release.patches.is_empty() {
        out.push_str("no patches\n");
    } else {
        out.push_str(&format!("{}\n", table(&release.patches).trim_fmt()));
    }
    out
}

fn table(patches: &[PatchState]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header([
            "patch",
            "stands",
            "machines",
            "smallest bytes",
            "downloads",
            "installs",
            "failures",
            "notes",
        ]);
    for patch in patches {
        let [downloads, installs, failures] = COUNTED.map(|kinds| events(patch, kinds));
        table.add_row([
            patch.number.to_string(),
            stands(patch),
            machines(patch),
            smallest(patch),
            downloads,
            installs,
            failures,
            line(patch.notes.as_deref().unwrap_or("-")),
        ]);
    }
    for column in [0, 3, 4, 5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Where a patch is, in words.
fn stands(patch: &PatchState) -> String {
    if !patch.published {
        return "draft: no device sees it".to_owned();
    }
    let mut words = match (&patch.channel, patch.rollout_basis_points) {
        (Some(channel), Some(rollout)) => format!("{} {}", line(channel), per_cent(rollout)),
        (Some(channel), None) => line(channel),
        (None, _) => "on no channel".to_owned(),
    };
    if let Some(at) = patch.rolled_back_at {
        words = format!("rolled back {} ({words})", shown_moment(at));
    }
    if let Some(at) = patch.expires_at {
        words.push_str(&format!(", until {}", shown_moment(at)));
    }
    if patch.force_update {
        words.push_str(", forced");
    }
    words
}

fn machines(patch: &PatchState) -> String {
    let names = patch.artifacts.iter();
    let names = names.map(|it| format!("{}/{}", line(&it.platform), line(&it.arch)));
    let names: Vec<String> = names.collect();
    names.join(" ")
}

/// The smallest way to get it, of the machine where that is largest.
fn smallest(patch: &PatchState) -> String {
    let of_each = patch.artifacts.iter().filter_map(|artifact| {
        let from_release = artifact.downloads.iter();
        let from_release = from_release.filter(|it| it.from_sha256.is_none());
        from_release.map(|it| it.size_bytes).min()
    });
    let largest = of_each.max();
    largest.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string())
}

fn events(patch: &PatchState, kinds: &[&str]) -> String {
    let counts = kinds.iter().filter_map(|kind| patch.events.get(*kind));
    counts.sum::<u64>().to_string()
}

/// A text of the server's, without anything that a terminal or a table acts on.
fn line(text: &str) -> String {
    let safe = text.chars();
    safe.map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

/// Events that devices send, by their names on the wire.
const COUNTED: [&[&str]; 3] = [
    &["__patch_download__"],
    &["__patch_install__"],
    &["__patch_install_failure__", "__patch_update_failure__"],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn patch() -> PatchState {
        PatchState {
            id: 1,
            number: 2,
            published: true,
            channel: Some("stable".to_owned()),
            rollout_basis_points: Some(500),
            rolled_back_at: None,
            expires_at: None,
            force_update: false,
            notes: Some("two\nlines\u{1b}[2J".to_owned()),
            created_at: 0,
            artifacts: Vec::new(),
            events: BTreeMap::from([
                ("__patch_install_failure__".to_owned(), 2),
                ("__patch_update_failure__".to_owned(), 3),
            ]),
        }
    }

    #[test]
    fn a_patch_says_where_it_is() {
        assert_eq!(stands(&patch()), "stable 5 %");
        let back = PatchState {
            rolled_back_at: Some(0),
            ..patch()
        };
        assert_eq!(
            stands(&back),
            "rolled back 1970-01-01T00:00:00Z (stable 5 %)"
        );
    }

    #[test]
    fn a_note_cannot_write_to_the_terminal() {
        let text = table(&[patch()]).to_string();
        assert!(text.contains("two lines [2J"), "{text}");
    }

    #[test]
    fn failures_of_both_kinds_are_counted_together() {
        assert_eq!(events(&patch(), COUNTED[2]), "5");
    }
}
