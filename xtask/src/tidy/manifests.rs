//! Manifests of the members: the workspace alone decides on lints and versions.

use toml_edit::{Document, Item, Table, TableLike};

use super::Problem;
use super::tree::{SourceFile, line_at};

/// What is wrong with the manifests; a manifest that is a workspace of its own may differ. One in a
/// folder of `unsafe_code_in` has the workspace's lints, but for the one that forbids such code:
/// what is forbidden cannot be allowed below.
pub(crate) fn check(files: &[SourceFile], unsafe_code_in: &[String]) -> Vec<Problem> {
    let root = files.iter().find(|file| file.path == "Cargo.toml");
    let lints = root.and_then(manifest_text).and_then(workspace_lints);
    let may_differ = |path: &str| unsafe_code_in.iter().any(|folder| path.starts_with(folder));
    let manifests = files
        .iter()
        .filter_map(|file| Some((file, manifest_text(file)?)));
    manifests
        .flat_map(|(file, text)| {
            let lints = lints.as_ref().filter(|_| may_differ(&file.path));
            check_one(&file.path, text, lints)
        })
        .collect()
}

fn workspace_lints(root: &str) -> Option<toml::Table> {
    let root: toml::Table = root.parse().ok()?;
    root.get("workspace")?.get("lints")?.as_table().cloned()
}

/// The text of a `Cargo.toml`.
pub(crate) fn manifest_text(file: &SourceFile) -> Option<&str> {
    let is_manifest = file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml");
    file.text.as_deref().filter(|_| is_manifest)
}

/// The line of the dependency `name` in a manifest, or 1.
pub(crate) fn line_of_dependency(manifest: &str, name: &str) -> usize {
    let Ok(document) = Document::parse(manifest) else {
        return 1;
    };
    let tables = dependency_tables(document.as_table());
    tables
        .into_iter()
        .find_map(|(_, table)| line_of(table, name, manifest))
        .unwrap_or(1)
}

fn check_one(path: &str, text: &str, lints: Option<&toml::Table>) -> Vec<Problem> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![no_toml(path, text, &error)],
    };
    if document.contains_key("workspace") || !document.contains_key("package") {
        return Vec::new();
    }
    let lints = match lints {
        Some(expected) => other_lints(path, text, expected),
        None => own_lints(path, document.as_table()),
    };
    let mut problems: Vec<Problem> = lints.into_iter().collect();
    for (name_of_table, table) in dependency_tables(document.as_table()) {
        let own = table.iter().filter(|(_, item)| !inherits(item));
        problems.extend(own.map(|(name, _)| {
            let line = line_of(table, name, text).unwrap_or(1);
            own_version(path, line, name, name_of_table)
        }));
    }
    problems
}

fn no_toml(path: &str, text: &str, error: &toml_edit::TomlError) -> Problem {
    let line = error.span().map_or(1, |span| line_at(text, span.start));
    let what = format!("this does not parse: {}", error.message());
    Problem::new(
        (path, line),
        what,
        "every manifest is TOML",
        "mend the syntax",
    )
}

fn own_lints(path: &str, manifest: &Table) -> Option<Problem> {
    let inherited = manifest.get("lints").is_some_and(inherits);
    (!inherited).then(|| {
        Problem::new(
            (path, 1),
            "the lints of the workspace are not inherited",
            "one set of lints holds for every member",
            "write `[lints]` and `workspace = true`",
        )
    })
}

/// A member whose lints are not the workspace's, but for the one on unsafe code. It may have more.
fn other_lints(path: &str, text: &str, expected: &toml::Table) -> Option<Problem> {
    let manifest: toml::Table = text.parse().unwrap_or_default();
    let found = |tool: &str, lint: &str| manifest.get("lints")?.get(tool)?.get(lint);
    let tools = expected
        .iter()
        .filter_map(|(tool, lints)| Some((tool, lints.as_table()?)));
    let mut all = tools.flat_map(|(tool, lints)| lints.iter().map(move |it| (tool, it)));
    let (_, (lint, _)) = all.find(|(tool, (lint, level))| {
        lint.as_str() != "unsafe_code" && found(tool, lint) != Some(*level)
    })?;
    Some(Problem::new(
        (path, 1),
        format!("the lint {lint} is not as the workspace has it"),
        "one set of lints holds for every member, but for unsafe_code where that stands",
        "copy it from the root manifest",
    ))
}

fn own_version(path: &str, line: usize, name: &str, table: &str) -> Problem {
    Problem::new(
        (path, line),
        format!("{name} in [{table}] is declared here alone"),
        "the workspace decides on versions and features, once",
        format!("declare it in the root manifest and write `{name}.workspace = true`"),
    )
}

fn inherits(item: &Item) -> bool {
    let table = item.as_table_like();
    let workspace = table
        .and_then(|table| table.get("workspace"))
        .and_then(Item::as_bool);
    workspace == Some(true)
}

/// The dependencies of every kind, and those of single platforms.
fn dependency_tables(manifest: &Table) -> Vec<(&'static str, &dyn TableLike)> {
    let platforms = manifest.get("target").and_then(Item::as_table_like);
    let of_platforms = platforms.into_iter().flat_map(|platforms| platforms.iter());
    let owners = of_platforms.filter_map(|(_, item)| item.as_table_like());
    let mut found = Vec::new();
    for owner in std::iter::once::<&dyn TableLike>(manifest).chain(owners) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            found.extend(
                owner
                    .get(kind)
                    .and_then(Item::as_table_like)
                    .map(|table| (kind, table)),
            );
        }
    }
    found
}

fn line_of(table: &dyn TableLike, name: &str, text: &str) -> Option<usize> {
    let span = table.key(name)?.span()?;
    Some(line_at(text, span.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_manifest(text: &str) -> Vec<(usize, String)> {
        let problems = check(&[SourceFile::made("a/Cargo.toml", text)], &[]);
        problems
            .into_iter()
            .map(|problem| (problem.line, problem.what))
            .collect()
    }

    #[test]
    fn a_member_that_inherits_all_passes() {
        let text = "[package]\n[dependencies]\na.workspace = true\n\
            b = { workspace = true, features = [\"x\"] }\n[lints]\nworkspace = true\n";
        assert_eq!(check_manifest(text), []);
    }

    #[test]
    fn a_member_with_lints_of_its_own_is_a_problem() {
        let expected = [(1, "the lints of the workspace are not inherited".to_owned())];
        assert_eq!(check_manifest("[package]\n"), expected);
        assert_eq!(
            check_manifest("[package]\n[lints.clippy]\nall = \"allow\"\n"),
            expected
        );
    }

    #[test]
    fn where_unsafe_code_stands_every_other_lint_is_the_workspaces() {
        let root = "[workspace]\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\na = \"warn\"\n";
        let whats = |level: &str| {
            let member = format!(
                "[package]\n[lints.rust]\nunsafe_code = \"deny\"\na = \"{level}\"\nb = \"warn\"\n"
            );
            let files = [
                SourceFile::made("Cargo.toml", root),
                SourceFile::made("c/Cargo.toml", &member),
            ];
            check(&files, &["c/".to_owned()])
                .into_iter()
                .map(|problem| problem.what)
                .collect::<Vec<_>>()
        };
        assert_eq!(whats("warn"), Vec::<String>::new());
        assert_eq!(
            whats("allow"),
            ["the lint a is not as the workspace has it"]
        );
    }

    #[test]
    fn a_version_of_a_members_own_is_a_problem_in_every_table() {
        let text = "[package]\nlints.workspace = true\n[lints]\nworkspace = true\n";
        for table in [
            "dependencies",
            "dev-dependencies",
            "target.'cfg(unix)'.build-dependencies",
        ] {
            let text = format!(
                "{}[{table}]\na = \"1\"\n",
                text.replace("lints.workspace = true\n", "")
            );
            let lines: Vec<usize> = check_manifest(&text).iter().map(|found| found.0).collect();
            assert_eq!(lines, [5], "{table}");
        }
    }

    #[test]
    fn a_workspace_of_its_own_may_differ() {
        assert_eq!(
            check_manifest("[package]\n[workspace]\n[dependencies]\na = \"1\"\n"),
            []
        );
    }

    #[test]
    fn a_manifest_that_does_not_parse_is_a_problem() {
        let lines: Vec<usize> = check_manifest("[package]\nx\n")
            .iter()
            .map(|found| found.0)
            .collect();
        assert_eq!(lines, [2]);
    }

    #[test]
    fn the_line_of_a_dependency_is_found() {
        let text = "[package]\n[dependencies]\na.workspace = true\n[dev-dependencies]\nb = \"1\"\n";
        assert_eq!(
            [line_of_dependency(text, "b"), line_of_dependency(text, "c")],
            [5, 1]
        );
    }
}
