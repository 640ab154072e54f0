//! A rehearsal for a person: the timeline, the crash points, and what it comes to.

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use patchproof_report::{ExitCode, Finding, findings_text};
use patchproof_verify::{BootedCounts, CrashPoint, RehearsedRelease};

use super::rehearse::verdict;

/// The whole answer.
pub(super) fn rehearsed_text(name: &str, answer: &RehearsedRelease) -> String {
    let mut out = String::new();
    let abi = answer.abi.as_deref().unwrap_or("-");
    out.push_str(&format!("release  {name} ({abi})\n"));
    for (number, patch) in (1..).zip(&answer.patches) {
        out.push_str(&format!("patch {number:<2} {}\n", patch.name));
    }
    if !answer.rehearsed.timeline.is_empty() {
        out.push_str(&format!("\n{}\n", timeline(answer).trim_fmt()));
        out.push_str(&format!(
            "\n{}\n",
            crash_points(&answer.rehearsed.points).trim_fmt()
        ));
    }
    out.push('\n');
    let findings: Vec<Finding> = answer.findings().cloned().collect();
    out.push_str(&findings_text(&findings));
    let colour = match answer.exit_code {
        ExitCode::Verified => AnsiColor::Green,
        ExitCode::Undecided => AnsiColor::Yellow,
        _ => AnsiColor::Red,
    };
    let style = Style::new().fg_color(Some(colour.into())).bold();
    let verdict = verdict(answer.exit_code);
    out.push_str(&format!("{style}{verdict}{style:#}\n"));
    out
}

fn timeline(answer: &RehearsedRelease) -> Table {
    let mut table = table(["scene", "what happens", "runs", "changes", "cuts"]);
    for scene in &answer.rehearsed.timeline {
        table.add_row([
            scene.number.to_string(),
            scene.what.clone(),
            scene.runs.clone(),
            scene.changes.to_string(),
            scene.crash_points.to_string(),
        ]);
    }
    right(&mut table, &[0, 3, 4]);
    table
}

fn crash_points(points: &[CrashPoint]) -> Table {
    let head = [
        "scene",
        "power cut before",
        "cuts",
        "disks",
        "release",
        "earlier",
        "newest",
        "starts",
    ];
    let mut table = table(head);
    for row in rows(points) {
        table.add_row([
            row.scene.to_string(),
            row.before.to_owned(),
            row.cuts.to_string(),
            format!("{}{}", row.images, if row.exhaustive { "" } else { "~" }),
            count(row.booted.bundled),
            count(row.booted.earlier),
            count(row.booted.newest),
            row.starts
                .map_or_else(|| "-".to_owned(), |it| it.to_string()),
        ]);
    }
    right(&mut table, &[0, 2, 3, 4, 5, 6, 7]);
    table
}

/// Cuts one after the other before operations that have the same words.
struct Row<'a> {
    scene: u64,
    before: &'a str,
    cuts: u64,
    images: u64,
    exhaustive: bool,
    booted: BootedCounts,
    starts: Option<u64>,
}

fn rows(points: &[CrashPoint]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for point in points {
        let same = |row: &&mut Row<'_>| row.scene == point.scene && row.before == point.before;
        if let Some(row) = rows.last_mut().filter(same) {
            row.cuts += 1;
            row.images += point.images;
            row.exhaustive &= point.exhaustive;
            row.booted.add(point.booted);
            row.starts = row.starts.max(point.recovered_within_starts);
            continue;
        }
        rows.push(Row {
            scene: point.scene,
            before: &point.before,
            cuts: 1,
            images: point.images,
            exhaustive: point.exhaustive,
            booted: point.booted,
            starts: point.recovered_within_starts,
        });
    }
    rows
}

fn count(count: u64) -> String {
    match count {
        0 => "-".to_owned(),
        count => count.to_string(),
    }
}

fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(TABLE_CHARS)
        .set_header(head);
    table
}

fn right(table: &mut Table, columns: &[usize]) {
    for column in columns {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

const TABLE_CHARS: u16 = 100;
