//! Rust files as the compiler sees them: they parse, open with a module doc, and are safe.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;

use super::Problem;
use super::tree::SourceFile;

/// A Rust file and its syntax tree.
pub(crate) struct Parsed<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    /// Why it does not parse, or what it says.
    pub(crate) syntax: Result<syn::File, syn::Error>,
}

/// Parses every Rust file.
pub(crate) fn parse(files: &[SourceFile]) -> Vec<Parsed<'_>> {
    let parsed = files.iter().filter_map(|file| {
        let text = file.text_if("rs")?;
        Some(Parsed {
            path: &file.path,
            text,
            syntax: syn::parse_file(text),
        })
    });
    parsed.collect()
}

/// What is wrong with the syntax; unsafe code is only good in the folders of `unsafe_code_in`.
pub(crate) fn check(parsed: &[Parsed<'_>], unsafe_code_in: &[String]) -> Vec<Problem> {
    parsed
        .iter()
        .flat_map(|file| check_one(file, unsafe_code_in))
        .collect()
}

fn check_one(file: &Parsed<'_>, unsafe_code_in: &[String]) -> Vec<Problem> {
    let syntax = match &file.syntax {
        Ok(syntax) => syntax,
        Err(error) => return vec![no_syntax(file.path, error)],
    };
    let mut problems: Vec<Problem> = undocumented(file, syntax).into_iter().collect();
    if !unsafe_code_in
        .iter()
        .any(|folder| file.path.starts_with(folder.as_str()))
    {
        let mut found = Vec::new();
        find_unsafe(file.text.parse().unwrap_or_default(), &mut found);
        problems.extend(
            found
                .into_iter()
                .map(|(line, what)| unsafe_code(file.path, line, what)),
        );
    }
    problems
}

fn no_syntax(path: &str, error: &syn::Error) -> Problem {
    Problem::new(
        (path, error.span().start().line.max(1)),
        format!("this does not parse: {error}"),
        "every .rs file is Rust",
        "mend the syntax, or give the file another extension",
    )
}

/// Inner attributes stand before the items, so the first `//!` decides.
fn undocumented(file: &Parsed<'_>, syntax: &syn::File) -> Option<Problem> {
    let docs = syntax
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    let first = docs.map(|doc| doc.span().start().line).next();
    let line = first.and_then(|line| file.text.lines().nth(line.saturating_sub(1)));
    let said = line.and_then(|line| line.trim().strip_prefix("//!"));
    said.is_none_or(|said| said.trim().is_empty()).then(|| {
        Problem::new(
            (file.path, 1),
            "no module doc",
            "every Rust file opens with what it is about, in one idea",
            "write a `//!` line before the first item",
        )
    })
}

fn unsafe_code(path: &str, line: usize, what: String) -> Problem {
    Problem::new(
        (path, line),
        what,
        "unsafe code stands only in crates/capi",
        "find a safe way, or a well-kept library that has one",
    )
}

/// Looks at tokens, not at the tree: what is inside a macro has no tree.
fn find_unsafe(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => find_unsafe(group.stream(), found),
            TokenTree::Ident(ident) if ident == "unsafe" => {
                let what = match tokens.peek() {
                    Some(TokenTree::Ident(next)) => format!("an unsafe {next}"),
                    Some(TokenTree::Group(_)) => "an unsafe block or attribute".to_owned(),
                    _ => "the word unsafe".to_owned(),
                };
                found.push((ident.span().start().line, what));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_file(path: &str, text: &str) -> Vec<(usize, String)> {
        let files = [SourceFile::made(path, text)];
        let problems = check(&parse(&files), &["crates/capi/".to_owned()]);
        problems
            .into_iter()
            .map(|problem| (problem.line, problem.what))
            .collect()
    }

    #[test]
    fn a_documented_safe_file_passes() {
        let text = "#![cfg(any(\n    test,\n))]\n//! Unsafe code is what this has none of.\n\
            /// unsafe {}\nconst WORD: &str = \"unsafe\";\n#[expect(unsafe_code)]\nmod m;\n";
        assert_eq!(check_file("a.rs", text), []);
    }

    #[test]
    fn what_does_not_parse_is_a_problem_and_no_crash() {
        let found = check_file("a.rs", "//! Doc.\nfn f( {\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.starts_with("this does not parse"), "{found:?}");
    }

    #[test]
    fn a_file_without_module_doc_is_a_problem() {
        for text in [
            "",
            "// Not a doc.\nfn f() {}\n",
            "//!\n",
            "/// Of f.\nfn f() {}\n",
        ] {
            assert_eq!(
                check_file("a.rs", text),
                [(1, "no module doc".to_owned())],
                "{text:?}"
            );
        }
    }

    #[test]
    fn unsafe_code_of_every_form_is_a_problem_at_its_line() {
        let text = "//! Doc.\nunsafe fn f() {}\nunsafe impl T for U {}\n\
            fn g() { unsafe { f() } }\n#[unsafe(no_mangle)]\nfn h() { m!(unsafe { f() }) }\n";
        let lines: Vec<usize> = check_file("a.rs", text)
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
    }

    #[test]
    fn unsafe_code_is_at_home_in_the_c_abi_alone() {
        let text = "//! Doc.\nunsafe fn f() {}\n";
        assert_eq!(check_file("crates/capi/src/lib.rs", text), []);
        assert_eq!(
            check_file("crates/capi2/lib.rs", text),
            [(2, "an unsafe fn".to_owned())]
        );
    }
}
