//! Foreign text in Markdown: a value is a code span, a sentence is escaped letter by letter.
//!
//! GitHub looks for mentions, issue numbers and addresses after Markdown is read, so that a
//! backslash does not keep them from being linked; in a code span nothing is. A word that could
//! become a link is therefore shown as code.

use crate::render::plain::shown;

/// A value as a code span.
pub(super) fn code(value: &str) -> String {
    span(&shown(value, VALUE_CHARS))
}

/// A sentence, in which what stands between backticks is code, as in all texts of the catalogue.
pub(super) fn prose(text: &str) -> String {
    let text = shown(text, TEXT_CHARS);
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick without a partner is a letter like any other.
    let paired = parts.len() % 2 == 1;
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if !paired {
            let backtick = if index == 0 { "" } else { "\\`" };
            out.push_str(backtick);
            push_words(&mut out, part);
        } else if index % 2 == 1 {
            push_span(&mut out, part);
        } else {
            push_words(&mut out, part);
        }
    }
    out
}

/// One cell of a table, escaped for it.
pub(super) struct Cell(String);

impl Cell {
    /// A word or number of our own.
    pub(super) fn ours(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// A foreign value.
    pub(super) fn value(value: &str) -> Self {
        // In a table a pipe is escaped also within code; but two backslashes and a pipe are read in
        // two ways, so a backslash is spelled out there.
        let text = shown(value, VALUE_CHARS).replace('\\', "<U+005C>");
        Self(span(&text).replace('|', "\\|"))
    }

    /// A row of the table.
    pub(super) fn row(cells: &[Self]) -> String {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.0.as_str()).collect();
        format!("| {} |\n", texts.join(" | "))
    }
}

fn push_words(out: &mut String, text: &str) {
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end_matches(' ');
        if could_become_a_link(word) {
            push_span(out, word);
        } else {
            word.chars().for_each(|letter| push_letter(out, letter));
        }
        out.push_str(piece.strip_prefix(word).unwrap_or_default());
    }
}

/// A mention, a number of an issue, an address, or a formula.
fn could_become_a_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let issue = lower
        .split("gh-")
        .skip(1)
        .any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    issue || word.contains(['@', '#', '$']) || lower.contains("://") || lower.contains("www.")
}

/// What can start markup in the midst of a line; no sentence stands at the start of one.
fn push_letter(out: &mut String, letter: char) {
    if matches!(
        letter,
        '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '|'
    ) {
        out.push('\\');
    }
    out.push(letter);
}

fn push_span(out: &mut String, text: &str) {
    // Two spans that touch would be one.
    if out.ends_with('`') {
        out.push(' ');
    }
    out.push_str(&span(text));
}

/// A code span whose fence is longer than any run of backticks inside.
fn span(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    // A span of spaces alone is not stripped of them.
    let pad = if padded && !text.chars().all(|letter| letter == ' ') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

const VALUE_CHARS: usize = 300;

const TEXT_CHARS: usize = 1200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_run_of_backticks_inside() {
        assert_eq!(code("libapp.so"), "`libapp.so`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn what_the_catalogue_puts_between_backticks_is_code() {
        assert_eq!(prose("Use `--abi` *now*."), "Use `--abi` \\*now\\*.");
        assert_eq!(prose("one ` alone"), "one \\` alone");
    }

    #[test]
    fn a_word_that_could_be_linked_becomes_code() {
        assert_eq!(prose("ask @someone"), "ask `@someone`");
        assert_eq!(prose("see https://x.y now"), "see `https://x.y` now");
        assert_eq!(prose("fixes #12"), "fixes `#12`");
        assert_eq!(prose("a high-level gh-7"), "a high-level `gh-7`");
    }

    #[test]
    fn a_pipe_in_a_cell_ends_no_cell() {
        assert_eq!(Cell::value("Text|foo").0, "`Text\\|foo`");
        assert_eq!(Cell::value("a\\|b").0, "`a<U+005C>\\|b`");
    }
}
