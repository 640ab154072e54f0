//! Markdown pages: one title each, and every link within the repository leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Problem;
use super::tree::{SourceFile, line_at};

/// What is wrong with titles and links. Addresses on the web are not asked.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Problem> {
    let pages: BTreeMap<&str, Page> = files
        .iter()
        .filter_map(|file| Some((file.path.as_str(), Page::read(file.text_if("md")?))))
        .collect();
    let places: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| ancestors(&file.path))
        .collect();
    let mut problems = Vec::new();
    for (path, page) in &pages {
        problems.extend(titles(path, page));
        for (target, line) in &page.links {
            let broken = broken(path, target, &pages, &places);
            problems.extend(broken.map(|why| broken_link((path, *line), target, &why)));
        }
    }
    problems
}

/// What of a page the checks look at. Lines are counted from 1.
#[derive(Default)]
struct Page {
    title_lines: Vec<usize>,
    anchors: BTreeSet<String>,
    links: Vec<(String, usize)>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for (event, range) in
            Parser::new_ext(text, Options::ENABLE_GFM | Options::ENABLE_TABLES).into_offset_iter()
        {
            let line = line_at(text, range.start);
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some(String::new());
                    page.title_lines
                        .extend((level == HeadingLevel::H1).then_some(line));
                }
                Event::End(TagEnd::Heading(_)) => page.add_heading(heading.take()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push((dest_url.to_string(), line));
                }
                Event::Html(html) | Event::InlineHtml(html) => page.add_html(&html, line),
                _ => {}
            }
        }
        page
    }

    /// Of headings with one text the second bears the number 1, as on GitHub.
    fn add_heading(&mut self, heading: Option<String>) {
        let slug = slug(&heading.unwrap_or_default());
        let numbered = (1..).map(|number: usize| format!("{slug}-{number}"));
        let free = std::iter::once(slug.clone()).chain(numbered);
        let mut free = free.skip_while(|slug| self.anchors.contains(slug));
        let free = free.next();
        self.anchors.extend(free);
    }

    fn add_html(&mut self, html: &str, line: usize) {
        self.title_lines
            .extend(html.contains("<h1").then_some(line));
        let anchors = attribute(html, "id").chain(attribute(html, "name"));
        self.anchors.extend(anchors.map(str::to_owned));
        let links = attribute(html, "href").chain(attribute(html, "src"));
        self.links.extend(links.map(|link| (link.to_owned(), line)));
    }
}

fn titles(path: &str, page: &Page) -> Option<Problem> {
    let line = page
        .title_lines
        .get(1)
        .or(page.title_lines.first())
        .copied()
        .unwrap_or(1);
    (page.title_lines.len() != 1).then(|| {
        Problem::new(
            (path, line),
            format!("{} titles", page.title_lines.len()),
            "a page has exactly one title, its first-level heading",
            "let one line start with a single `#`",
        )
    })
}

fn broken_link(place: (&str, usize), target: &str, why: &str) -> Problem {
    Problem::new(
        place,
        format!("the link to {target:?} is broken: {why}"),
        "links within the repository lead somewhere",
        "correct the target, relative to this page",
    )
}

/// Why a link leads nowhere, or nothing when it leads somewhere or out of the repository.
fn broken(
    path: &str,
    target: &str,
    pages: &BTreeMap<&str, Page>,
    places: &BTreeSet<&str>,
) -> Option<String> {
    if leads_out(target) {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let Some(found) = resolve(path, file) else {
        return Some("it leaves the repository".to_owned());
    };
    if !places.contains(found.as_str()) {
        return Some(format!("there is no {found}"));
    }
    let page = pages.get(found.as_str()).filter(|_| !anchor.is_empty())?;
    (!page.anchors.contains(anchor)).then(|| format!("{found} has no heading #{anchor}"))
}

/// Whether a target has a scheme, as `https:` and `mailto:` are.
fn leads_out(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '+')
    };
    scheme.is_some_and(is_scheme) || target.starts_with("//")
}

/// The path, relative to the root, that `target` on the page `path` means.
fn resolve(path: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(path.to_owned());
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A path and the folders it lies in, the root being empty.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let folders = path
        .match_indices('/')
        .filter_map(|(end, _)| path.get(..end));
    folders.chain([path, ""])
}

/// The anchor that GitHub gives a heading.
fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The values of one attribute in a piece of HTML.
fn attribute<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    let starts: Vec<usize> = html
        .match_indices(&start)
        .map(|(at, _)| at + start.len())
        .collect();
    let values = starts
        .into_iter()
        .filter_map(|at| html.get(at..)?.split_once('"'));
    values.map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_page(text: &str) -> Vec<(usize, String)> {
        let files = [
            SourceFile::made("docs/page.md", text),
            SourceFile::made(
                "docs/formats/patch.md",
                "# Patch\n## What `apply` takes\n## A\n## A\n",
            ),
            SourceFile::made("src/lib.rs", ""),
        ];
        let problems = check(&files).into_iter();
        problems
            .map(|problem| (problem.line, problem.what))
            .collect()
    }

    fn check_links(links: &[&str]) -> usize {
        let links: Vec<String> = links.iter().map(|link| format!("[x]({link})\n")).collect();
        check_page(&format!(
            "# Page\n\n## Of *many* words\n\n{}",
            links.join("\n")
        ))
        .len()
    }

    #[test]
    fn a_page_with_one_title_passes() {
        assert_eq!(
            check_page("# Page\n\n```sh\n# a comment\n[x](y)\n```\n"),
            []
        );
    }

    #[test]
    fn a_page_without_title_is_a_problem() {
        assert_eq!(check_page("## Part\n"), [(1, "0 titles".to_owned())]);
    }

    #[test]
    fn a_second_title_is_a_problem_at_its_line() {
        assert_eq!(
            check_page("# Page\n\nOther\n=====\n"),
            [(3, "2 titles".to_owned())]
        );
        assert_eq!(
            check_page("# Page\n\n<h1>Other</h1>\n"),
            [(3, "2 titles".to_owned())]
        );
    }

    #[test]
    fn links_to_files_folders_headings_and_out_pass() {
        let links = [
            "formats/patch.md",
            "formats/patch.md#what-apply-takes",
            "formats/patch.md#a-1",
            "./formats/",
            "..",
            "../src/lib.rs#L1",
            "/src/lib.rs",
            "#of-many-words",
            "https://example.com/nothing",
            "mailto:a@example.com",
        ];
        assert_eq!(check_links(&links), 0);
    }

    #[test]
    fn links_that_lead_nowhere_are_problems() {
        let links = [
            "patch.md",
            "../../outside.md",
            "formats/patch.md#a-2",
            "#nothing",
            "formats/patch",
        ];
        assert_eq!(check_links(&links), links.len());
    }

    #[test]
    fn a_broken_link_says_what_is_missing_at_its_line() {
        let expected = "the link to \"x.md#a\" is broken: there is no docs/x.md";
        assert_eq!(
            check_page("# Page\n\n[x](x.md#a)\n"),
            [(3, expected.to_owned())]
        );
        assert_eq!(
            check_page("# Page\n\n![x][y]\n\n[y]: x.md#a\n"),
            [(3, expected.to_owned())]
        );
    }

    #[test]
    fn links_and_anchors_of_html_count() {
        let text = "# Page\n\n<a id=\"here\"></a><img src=\"no.svg\">\n\n[x](#here)\n";
        let expected = "the link to \"no.svg\" is broken: there is no docs/no.svg";
        assert_eq!(check_page(text), [(3, expected.to_owned())]);
    }
}
