//! What a verified document says, for a person.

use patchproof_trust::{ChannelStatement, PatchStatement, Release, Root};

use crate::commands::inspect_text::{BAD, GOOD, Rows, titled};
use crate::commands::verify::{Answer, Statement};
use crate::moment::shown_moment;

/// The whole answer.
pub(crate) fn answer_text(answer: &Answer) -> String {
    let (style, word) = if answer.reason.is_none() {
        (GOOD, "holds")
    } else {
        (BAD, "does not hold")
    };
    let kind = answer.kind.unwrap_or("statement");
    let mut rows: Rows = Vec::new();
    if let Some(reason) = &answer.reason {
        rows.push(("reason", reason.clone()));
    }
    if let Some(sha256) = &answer.sha256 {
        rows.push(("sha256", sha256.clone()));
    }
    rows.extend(match &answer.statement {
        None => Rows::new(),
        Some(Statement::Root(root)) => next_root_rows(root),
        Some(Statement::Patch(patch)) => patch_rows(patch),
        Some(Statement::Channel(channel)) => channel_rows(channel),
    });
    if let Some(root) = &answer.root {
        let under = format!("{} ({})", root.version, root.sha256);
        rows.push(("under root", under));
    }
    let signers = answer.signed_by.iter();
    rows.extend(signers.map(|key| ("signed by", key.clone())));
    if !answer.checked.is_empty() {
        rows.push(("checked", answer.checked.join(", ")));
    }
    let lost = answer.lost_guarantees.iter();
    rows.extend(lost.map(|what| ("NOT covered", (*what).to_owned())));
    titled(
        &answer.file,
        &format!("{kind}, {style}{word}{style:#}"),
        rows,
    )
}

/// What a patch statement says.
pub(crate) fn patch_rows(patch: &PatchStatement) -> Rows {
    let mut rows: Rows = vec![
        ("app", patch.app.to_string()),
        ("release", release_text(&patch.release)),
        ("base", format!("{} bytes", patch.base_size_bytes)),
        ("number", patch.number.to_string()),
        ("floor", patch.minimum_number.to_string()),
        (
            "data epoch",
            format!(
                "writes {}, reads up to {}",
                patch.data_epoch, patch.reads_data_epoch
            ),
        ),
        ("snapshot version", patch.snapshot.version.to_string()),
        (
            "features",
            words(patch.snapshot.features.iter().map(|text| text.as_str())),
        ),
        ("created", shown_moment(patch.created_s)),
    ];
    for file in &patch.files {
        rows.push((
            "file",
            format!("{}, {} bytes, {}", file.name, file.size_bytes, file.sha256),
        ));
    }
    for download in &patch.downloads {
        let over = match &download.from_sha256 {
            Some(from) if *from == patch.release.base_sha256 => "over the release".to_owned(),
            Some(from) => format!("over {from}"),
            None => "whole".to_owned(),
        };
        rows.push((
            "download",
            format!(
                "{} {}, {} bytes, {}, makes {} {over}",
                download.container,
                download.codec,
                download.size_bytes,
                download.sha256,
                download.makes
            ),
        ));
    }
    let more = patch.extensions.iter();
    rows.extend(more.map(|(name, text)| ("extension", format!("{name}: {text}"))));
    rows
}

/// What a channel statement says.
pub(crate) fn channel_rows(channel: &ChannelStatement) -> Rows {
    let nonce = channel
        .nonce
        .map_or_else(|| "none".to_owned(), |nonce| nonce.to_string());
    let mut rows: Rows = vec![
        ("app", channel.app.to_string()),
        ("release", release_text(&channel.release)),
        ("channel", channel.channel.to_string()),
        ("counter", channel.counter.to_string()),
        ("made under root", channel.root_version.to_string()),
        ("issued", shown_moment(channel.issued_s)),
        ("expires", shown_moment(channel.expires_s)),
        ("nonce", nonce),
    ];
    for selected in &channel.selected {
        let points = selected.rollout_basis_points;
        rows.push((
            "offers",
            format!(
                "number {} to {}.{:02} % of devices, {}",
                selected.number,
                points / 100,
                points % 100,
                selected.patch
            ),
        ));
    }
    for entry in &channel.rolled_back {
        rows.push((
            "withdraws",
            format!("number {}, {}", entry.number, entry.patch),
        ));
    }
    let more = channel.extensions.iter();
    rows.extend(more.map(|(name, text)| ("extension", format!("{name}: {text}"))));
    rows
}

fn next_root_rows(root: &Root) -> Rows {
    vec![
        ("app", root.app.to_string()),
        ("version", root.version.to_string()),
    ]
}

/// A release in one word: `PLATFORM/ABI/VERSION/BASE_SHA256`, which `root rotate` takes too.
pub(crate) fn release_text(release: &Release) -> String {
    let Release {
        abi,
        base_sha256,
        platform,
        version,
    } = release;
    format!("{platform}/{abi}/{version}/{base_sha256}")
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}
