//! Files as bytes and lines: nothing huge, nothing invisible, nothing wide, no machine's names.

use super::Problem;
use super::config;
use super::tree::{SourceFile, line_at};

/// What is wrong with sizes, lines and words; `forbidden` may stand in no text file.
pub(crate) fn check(files: &[SourceFile], forbidden: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        problems.extend(too_large(file));
        problems.extend(no_text(file));
        if let Some(text) = file.text_if("rs") {
            problems.extend(rust_lines(&file.path, text));
        }
        // The rules themselves have to name what they forbid.
        if let Some(text) = file.text.as_deref().filter(|_| file.path != config::PATH) {
            problems.extend(forbidden_words(&file.path, text, forbidden));
        }
    }
    problems
}

fn too_large(file: &SourceFile) -> Option<Problem> {
    (file.size_bytes > FILE_BYTES).then(|| {
        Problem::new(
            (&file.path, 1),
            format!("the file has {} bytes", file.size_bytes),
            "no file in the repository is larger than 512 KiB",
            "make it when it is needed, or list it in corpora/ by its hash",
        )
    })
}

fn no_text(file: &SourceFile) -> Option<Problem> {
    (file.text.is_none() && file.path.ends_with(".rs")).then(|| {
        Problem::new(
            (&file.path, 1),
            "not UTF-8",
            "Rust files are UTF-8",
            "save it as UTF-8",
        )
    })
}

fn rust_lines(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let mut add = |what: String, rule, mend: &str| {
            problems.push(Problem::new((path, number), what, rule, mend));
        };
        let columns = width(line);
        if columns > LINE_COLUMNS {
            add(
                format!("{columns} columns"),
                "a line has at most 100 columns",
                "break the line",
            );
        }
        if line.contains('\t') {
            add(
                "a tab".to_owned(),
                "Rust files have no tabs",
                "use spaces, or \\t in a string",
            );
        }
        if line.ends_with(char::is_whitespace) {
            add(
                "space at the end".to_owned(),
                "lines end with what one can see",
                "remove it",
            );
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        problems.push(Problem::new(
            (path, text.lines().count()),
            "no newline at the end",
            "a file ends with a newline",
            "add one",
        ));
    }
    problems
}

/// Columns without web addresses, which cannot be broken.
fn width(line: &str) -> usize {
    let addresses = line.split(' ').filter(|word| word.contains("://"));
    let of_addresses: usize = addresses.map(|word| word.chars().count()).sum();
    line.trim_end_matches('\r')
        .chars()
        .count()
        .saturating_sub(of_addresses)
}

fn forbidden_words(path: &str, text: &str, forbidden: &[String]) -> Vec<Problem> {
    let found = forbidden.iter().flat_map(|word| {
        text.match_indices(word.as_str())
            .map(move |(offset, _)| (line_at(text, offset), word))
    });
    let problem = |(line, word)| {
        Problem::new(
            (path, line),
            format!("{word:?} stands here"),
            "the repository names no machine and no registry host: which one is asked is the \
             user's configuration",
            "use the registry's own client without an address",
        )
    };
    found.map(problem).collect()
}

const FILE_BYTES: usize = 512 * 1024;
const LINE_COLUMNS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(path: &str, text: &str) -> Vec<(usize, String)> {
        let problems = check(
            &[SourceFile::made(path, text)],
            &["registry.example".to_owned()],
        );
        problems
            .into_iter()
            .map(|problem| (problem.line, problem.what))
            .collect()
    }

    fn comment(columns: usize) -> String {
        format!("//{}\n", "x".repeat(columns - 2))
    }

    #[test]
    fn clean_text_passes() {
        assert_eq!(check_text("a.rs", &comment(100)), []);
        assert_eq!(check_text("a.rs", ""), []);
    }

    #[test]
    fn a_line_of_101_columns_is_a_problem() {
        assert_eq!(
            check_text("a.rs", &comment(101)),
            [(1, "101 columns".to_owned())]
        );
    }

    #[test]
    fn a_web_address_does_not_count_as_width() {
        let address = format!("// see https://example.com/{}\n", "x".repeat(100));
        assert_eq!(check_text("a.rs", &address), []);
    }

    #[test]
    fn columns_are_characters_and_not_bytes() {
        assert_eq!(check_text("a.rs", &format!("//{}\n", "é".repeat(98))), []);
    }

    #[test]
    fn a_tab_is_a_problem_at_its_line() {
        assert_eq!(check_text("a.rs", "\n\tx\n"), [(2, "a tab".to_owned())]);
    }

    #[test]
    fn space_at_the_end_of_a_line_is_a_problem() {
        for text in ["x \n", "x\r\n"] {
            assert_eq!(
                check_text("a.rs", text),
                [(1, "space at the end".to_owned())],
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_missing_newline_at_the_end_is_a_problem() {
        assert_eq!(
            check_text("a.rs", "a\nb"),
            [(2, "no newline at the end".to_owned())]
        );
    }

    #[test]
    fn only_rust_lines_are_measured() {
        assert_eq!(check_text("a.md", &comment(101)), []);
    }

    #[test]
    fn rust_that_is_not_utf8_is_a_problem() {
        let file = SourceFile {
            path: "a.rs".to_owned(),
            size_bytes: 1,
            text: None,
        };
        assert_eq!(check(&[file], &[]).len(), 1);
    }

    #[test]
    fn a_forbidden_word_is_a_problem_in_any_text_but_the_rules() {
        let found = check_text("a.md", "x\nhttps://registry.example/x\n");
        assert_eq!(found, [(2, "\"registry.example\" stands here".to_owned())]);
        assert_eq!(check_text(config::PATH, "registry.example"), []);
    }

    #[test]
    fn a_file_over_512_kib_is_a_problem_and_one_at_it_is_not() {
        assert_eq!(check_text("a.json", &"x".repeat(512 * 1024)), []);
        assert_eq!(check_text("a.json", &"x".repeat(512 * 1024 + 1)).len(), 1);
    }
}
