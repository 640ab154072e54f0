//! Workflow commands, which GitHub shows as annotations of a run.
//!
//! GitHub keeps ten annotations of a kind for each step and drops the others without a word. So
//! what is said of several ABIs is one line, and what does not fit is counted in the last line.

use crate::finding::{Finding, Severity};
use crate::release_report::{Report, ReportVerdict};
use crate::render::plain::shown;
use crate::render::view::{Said, headline, said};
use crate::rule::Rule;
use crate::rules_page::severity_word;

/// The report as workflow commands: the verdict, then one line for each rule.
///
/// Each line is one command, of each kind there are ten at most, and the last line says how many
/// did not fit.
#[must_use]
pub fn report_github(report: &Report) -> String {
    let mut lines = Lines::default();
    let verdict = match report.verdict() {
        ReportVerdict::Verified => Kind::Notice,
        ReportVerdict::Broken | ReportVerdict::Undecided => Kind::Error,
    };
    let title = format!("Patchproof: {}", headline(report));
    lines.push(verdict, &title, report.summary());
    for group in by_rule(report) {
        lines.push(kind_of(group.severity), &group.title(), &group.text());
    }
    lines.finish()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    const fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// An error is what is wrong; what could not be settled is a warning, as in every other format.
const fn kind_of(severity: Severity) -> Kind {
    match severity {
        Severity::Error => Kind::Error,
        Severity::Undecided | Severity::Warning => Kind::Warning,
        Severity::Note => Kind::Notice,
    }
}

/// Everything said under one rule with one weight.
struct Group<'a> {
    rule: Rule,
    severity: Severity,
    said: Vec<Said<'a>>,
}

impl Group<'_> {
    fn title(&self) -> String {
        let text = self.rule.text();
        format!(
            "{} {}: {}",
            text.id,
            severity_word(self.severity),
            text.title
        )
    }

    fn text(&self) -> String {
        let mut parts: Vec<String> = self.said.iter().take(TEXTS_PER_LINE).map(part).collect();
        let left_out = self.said.len().saturating_sub(TEXTS_PER_LINE);
        if left_out > 0 {
            parts.push(format!("and {left_out} more under this rule"));
        }
        if let Some(first) = self.said.first() {
            parts.push(format!(
                "remedy: {}",
                shown(&first.finding.remedy, TEXT_CHARS)
            ));
        }
        parts.join("\n")
    }
}

fn part(said: &Said<'_>) -> String {
    let Finding {
        message,
        expected,
        found,
        certainty,
        subject,
        ..
    } = said.finding;
    let sure = certainty.map_or_else(String::new, |it| format!("{} cause: ", it.word()));
    let mut text = format!(
        "{}: {sure}{}",
        said.place_words(),
        shown(message, TEXT_CHARS)
    );
    for (label, value) in [("about", subject), ("expected", expected), ("found", found)] {
        if let Some(value) = value {
            text.push_str(&format!("\n{label} {}", shown(value, VALUE_CHARS)));
        }
    }
    text
}

fn by_rule(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = vec![];
    for said in said(report) {
        let (rule, severity) = (said.finding.rule, said.finding.severity);
        let same = |group: &&mut Group<'_>| group.rule == rule && group.severity == severity;
        match groups.iter_mut().find(same) {
            Some(group) => group.said.push(said),
            None => groups.push(Group {
                rule,
                severity,
                said: vec![said],
            }),
        }
    }
    groups
}

/// Lines in the making: how many of each kind there are, and how many did not fit.
#[derive(Default)]
struct Lines {
    text: String,
    written: Counts,
    left_out: Counts,
}

#[derive(Default)]
struct Counts([usize; 3]);

impl Counts {
    fn of(&self, kind: Kind) -> usize {
        let [errors, warnings, notices] = self.0;
        match kind {
            Kind::Error => errors,
            Kind::Warning => warnings,
            Kind::Notice => notices,
        }
    }

    fn add(&mut self, kind: Kind) {
        let [errors, warnings, notices] = &mut self.0;
        *match kind {
            Kind::Error => errors,
            Kind::Warning => warnings,
            Kind::Notice => notices,
        } += 1;
    }
}

impl Lines {
    fn push(&mut self, kind: Kind, title: &str, text: &str) {
        // One notice stays free for the line that says what did not fit.
        let room = PER_KIND - usize::from(kind == Kind::Notice);
        if self.written.of(kind) < room {
            self.write(kind, title, text);
        } else {
            self.left_out.add(kind);
        }
    }

    fn write(&mut self, kind: Kind, title: &str, text: &str) {
        self.written.add(kind);
        let (title, text) = (property(title), data(text));
        let line = format!("::{} title={title}::{text}\n", kind.command());
        self.text.push_str(&line);
    }

    fn finish(mut self) -> String {
        let counted = |kind: Kind| match self.left_out.of(kind) {
            0 => None,
            1 => Some(format!("1 {}", kind.command())),
            count => Some(format!("{count} {}s", kind.command())),
        };
        let left_out: Vec<String> = Kind::ALL.into_iter().filter_map(counted).collect();
        if !left_out.is_empty() {
            let text = format!(
                "{} more did not fit here; the whole report is in the other formats, such as \
                 `--report markdown=FILE` for the job summary",
                left_out.join(", ")
            );
            self.write(Kind::Notice, "Patchproof: not everything is shown", &text);
        }
        self.text
    }
}

/// Escapes what stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property, which a colon or a comma would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// GitHub keeps this many of a kind for each step.
const PER_KIND: usize = 10;

/// More texts under one rule than anybody reads in an annotation.
const TEXTS_PER_LINE: usize = 5;

const TEXT_CHARS: usize = 600;

const VALUE_CHARS: usize = 200;
