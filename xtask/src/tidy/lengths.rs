//! How long files and functions are: what is short is read, what is long is skimmed.

use std::collections::BTreeMap;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::ratchet::Ratchet;
use super::source::Parsed;
use super::tree::SourceFile;
use super::{Problem, config::Config};

/// The length of a file or function.
pub(crate) struct Measure {
    /// What the ratchet calls it.
    pub(crate) key: String,
    /// What a message calls it.
    pub(crate) name: String,
    pub(crate) path: String,
    /// Where it starts, counted from 1.
    pub(crate) line: usize,
    /// Its length.
    pub(crate) lines: usize,
}

/// Every file and function with the table of the ratchet that holds the long ones.
pub(crate) fn measured<'a>(
    parsed: &[Parsed<'_>],
    config: &'a Config,
) -> [(Vec<Measure>, Ratchet<'a>); 2] {
    let files = Ratchet {
        table: "file_lines",
        rule: "a file has at most 300 lines",
        limit_lines: FILE_LINES,
        entries: &config.file_lines,
    };
    let functions = Ratchet {
        table: "function_lines",
        rule: "a function has at most 70 lines",
        limit_lines: FUNCTION_LINES,
        entries: &config.function_lines,
    };
    [
        (measured_files(parsed), files),
        (measured_functions(parsed), functions),
    ]
}

/// The bounds that no entry of the ratchet lifts.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Problem> {
    let mut lengths: Vec<(usize, &str)> = files
        .iter()
        .filter_map(|file| Some((file.text_if("rs")?.lines().count(), file.path.as_str())))
        .collect();
    lengths.sort_unstable();
    let mut problems: Vec<Problem> = lengths
        .iter()
        .filter(|(lines, _)| *lines > FILE_LINES_EVER)
        .map(|(lines, path)| too_long(path, *lines))
        .collect();
    problems.extend(
        lengths
            .get(lengths.len() / 2)
            .and_then(|&median| too_long_at_median(median)),
    );
    problems
}

fn too_long(path: &str, lines: usize) -> Problem {
    Problem::new(
        (path, 1),
        format!("the file has {lines} lines"),
        "no file has more than 800 lines, whatever the ratchet says",
        "split it by idea",
    )
}

fn too_long_at_median((lines, path): (usize, &str)) -> Option<Problem> {
    (lines > FILE_LINES).then(|| {
        Problem::new(
            (path, 1),
            format!("this file stands in the middle of all Rust files and has {lines} lines"),
            "the median file has at most 300 lines",
            "split the longest files by idea",
        )
    })
}

fn measured_files(parsed: &[Parsed<'_>]) -> Vec<Measure> {
    let measure = |parsed: &Parsed<'_>| Measure {
        key: parsed.path.to_owned(),
        name: "the file".to_owned(),
        path: parsed.path.to_owned(),
        line: 1,
        lines: parsed.text.lines().count(),
    };
    parsed.iter().map(measure).collect()
}

fn measured_functions(parsed: &[Parsed<'_>]) -> Vec<Measure> {
    let mut found = Vec::new();
    for parsed in parsed {
        if let Ok(syntax) = &parsed.syntax {
            let mut functions = Functions {
                owners: Vec::new(),
                longest: BTreeMap::new(),
            };
            functions.visit_file(syntax);
            let all = functions.longest.into_iter();
            found.extend(all.map(|(name, (lines, line))| Measure {
                key: format!("{}::{name}", parsed.path),
                name: format!("`{name}`"),
                path: parsed.path.to_owned(),
                line,
                lines,
            }));
        }
    }
    found
}

/// Collects functions under the names of the modules, types and traits around them.
struct Functions {
    owners: Vec<String>,
    /// Name -> (lines, first line); of two with one name, as under `cfg`, the longer.
    longest: BTreeMap<String, (usize, usize)>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.fn_token.span.start().line;
        let last = block.brace_token.span.close().end().line;
        let mut name = self.owners.join("::");
        if !name.is_empty() {
            name.push_str("::");
        }
        name.push_str(&signature.ident.to_string());
        let length = (last.saturating_sub(first) + 1, first);
        let longest = self.longest.entry(name).or_insert(length);
        *longest = length.max(*longest);
    }

    fn within(&mut self, owner: String, visit: impl FnOnce(&mut Self)) {
        self.owners.push(owner);
        visit(self);
        self.owners.pop();
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        self.within(node.ident.to_string(), |this| {
            visit::visit_item_mod(this, node)
        });
    }

    fn visit_item_trait(&mut self, node: &'ast syn::ItemTrait) {
        self.within(node.ident.to_string(), |this| {
            visit::visit_item_trait(this, node)
        });
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        self.within(owner(node), |this| visit::visit_item_impl(this, node));
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.add(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.add(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(block) = &node.default {
            self.add(&node.sig, block);
        }
        visit::visit_trait_item_fn(self, node);
    }
}

/// `Type`, or `<Type as Trait>`, as it is written.
fn owner(node: &syn::ItemImpl) -> String {
    let written = |span: proc_macro2::Span| span.source_text().unwrap_or_else(|| "_".to_owned());
    let of = written(node.self_ty.span());
    match &node.trait_ {
        Some((path, _)) => format!("<{of} as {}>", written(path.span())),
        None => of,
    }
}

const FILE_LINES: usize = 300;
const FILE_LINES_EVER: usize = 800;
const FUNCTION_LINES: usize = 70;

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn functions_of(text: &str) -> Vec<(String, usize, usize)> {
        let files = [SourceFile::made("a.rs", text)];
        let measures = measured_functions(&source::parse(&files));
        measures
            .into_iter()
            .map(|found| (found.key, found.line, found.lines))
            .collect()
    }

    fn file_of(path: &str, lines: usize) -> SourceFile {
        SourceFile::made(path, &"\n".repeat(lines))
    }

    #[test]
    fn a_function_is_measured_from_its_first_line_to_its_closing_brace() {
        let text = "/// Doc\n#[test]\nfn long() {\n    body();\n}\n";
        assert_eq!(functions_of(text), [("a.rs::long".to_owned(), 3, 3)]);
    }

    #[test]
    fn methods_bear_the_names_of_type_trait_and_module() {
        let text = "mod m { impl<T> Tr<T> for Ty<T> { fn f() {} } impl Ty { fn f() {} } }";
        let keys: Vec<String> = functions_of(text)
            .into_iter()
            .map(|(key, ..)| key)
            .collect();
        assert_eq!(keys, ["a.rs::m::<Ty<T> as Tr<T>>::f", "a.rs::m::Ty::f"]);
    }

    #[test]
    fn functions_within_functions_and_default_methods_are_measured() {
        let text = "trait T { fn a() { fn b() {} }\nfn c(); }";
        let keys: Vec<String> = functions_of(text)
            .into_iter()
            .map(|(key, ..)| key)
            .collect();
        assert_eq!(keys, ["a.rs::T::a", "a.rs::T::b"]);
    }

    #[test]
    fn of_two_functions_with_one_name_the_longer_counts() {
        let text = "#[cfg(a)]\nfn f() {\n}\n#[cfg(b)]\nfn f() {}\n";
        assert_eq!(functions_of(text), [("a.rs::f".to_owned(), 2, 2)]);
    }

    #[test]
    fn files_of_moderate_length_pass() {
        assert_eq!(
            check(&[
                file_of("a.rs", 300),
                file_of("b.rs", 800),
                file_of("c.rs", 1)
            ]),
            []
        );
    }

    #[test]
    fn a_file_over_the_cap_is_a_problem_whatever_the_ratchet_says() {
        let problems = check(&[
            file_of("a.rs", 10),
            file_of("b.rs", 801),
            file_of("c.rs", 1),
        ]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, "b.rs");
    }

    #[test]
    fn a_median_over_the_limit_is_a_problem() {
        let problems = check(&[
            file_of("a.rs", 301),
            file_of("b.rs", 302),
            file_of("c.rs", 1),
        ]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].what.contains("stands in the middle"),
            "{problems:?}"
        );
    }

    #[test]
    fn only_rust_files_are_measured() {
        assert_eq!(check(&[file_of("a.json", 900)]), []);
    }
}
