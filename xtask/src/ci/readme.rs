//! The commands that the README shows and promises: they are run as they stand there.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// The one command of the `sh` block under `<!-- ci: name -->`.
///
/// # Errors
///
/// When there is no such block, or it has more or less than one command.
pub(super) fn command(readme: &str, name: &'static str) -> Result<String, ReadmeError> {
    let marker = format!("<!-- ci: {name} -->");
    let is_marker = |event: &Event<'_>| matches!(event, Event::Html(html) if html.trim() == marker);
    let mut events = Parser::new(readme).skip_while(|event| !is_marker(event));
    events.next().ok_or(ReadmeError::NoMarker(name))?;
    let mut events = events.skip_while(|event| matches!(event, Event::End(_)));
    match events.next() {
        Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))) if *info == *"sh" => {}
        _ => return Err(ReadmeError::NoBlock(name)),
    }
    let text = events.map_while(|event| match event {
        Event::Text(text) => Some(text.to_string()),
        _ => None,
    });
    only_command(&text.collect::<String>(), name)
}

/// Why a command that the README has to show cannot be found in it.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadmeError {
    #[error(
        "README.md has no line `<!-- ci: {0} -->`; put it above the ```sh block whose command \
         has to pass"
    )]
    NoMarker(&'static str),
    #[error(
        "in README.md, `<!-- ci: {0} -->` is not followed by a ```sh block; put it directly \
         above one"
    )]
    NoBlock(&'static str),
    #[error(
        "in README.md, the block under `<!-- ci: {name} -->` has {found} commands; leave exactly \
         one, so that its exit code is the block's"
    )]
    NotOneCommand { name: &'static str, found: usize },
}

/// A backslash at the end of a line continues it.
fn only_command(block: &str, name: &'static str) -> Result<String, ReadmeError> {
    let joined = block.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let commands: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    match commands.as_slice() {
        [command] => Ok((*command).to_owned()),
        all => Err(ReadmeError::NotOneCommand {
            name,
            found: all.len(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "# A\n\n<!-- ci: main -->\n```sh\n# Why.\na --b \\\n  c\n```\n\
        \n<!-- ci: test -->\n\n```sh\ntest it\n```\n";

    fn error_of(readme: &str) -> String {
        command(readme, "test").unwrap_err().to_string()
    }

    #[test]
    fn the_readmes_commands_are_run_as_they_are_shown() {
        assert_eq!(command(README, "test").unwrap(), "test it");
        assert_eq!(command(README, "main").unwrap(), "a --b    c");
    }

    #[test]
    fn a_missing_marker_is_named() {
        assert!(error_of("# Project\n").contains("no line `<!-- ci: test -->`"));
    }

    #[test]
    fn a_marker_without_a_shell_block_below_it_is_refused() {
        for rest in [
            "",
            "words\n\n```sh\na\n```\n",
            "```rust\na\n```\n",
            "# Part\n",
        ] {
            let error = error_of(&format!("<!-- ci: test -->\n\n{rest}"));
            assert!(
                error.contains("not followed by a ```sh block"),
                "{rest:?}: {error}"
            );
        }
    }

    #[test]
    fn a_block_of_two_commands_is_refused() {
        let error = error_of("<!-- ci: test -->\n```sh\na\nb\n```\n");
        assert!(error.contains("has 2 commands"), "{error}");
    }
}
