//! The examples as they stand in the repository, over the real VM.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use libtest_mimic::Failed;
use patchproof_tests::c_library;
use patchproof_tests::offering::OfferingServer;
use patchproof_tests::trials::same;

use crate::Story;

pub(crate) const STORIES: [Story; 3] = [
    ("the_example_of_the_native_face_updates_itself", |paths| {
        updates_itself(paths, "native.c", ["boots patch 0", "boots patch 1"])
    }),
    ("the_example_of_the_compat_face_updates_itself", |paths| {
        updates_itself(
            paths,
            "compat.c",
            ["boots as it was shipped", "boots a patch"],
        )
    }),
    ("the_example_of_the_readme_updates_itself", readme),
];

/// Three processes: the first fetches, the second runs it, the third finds nothing newer.
fn updates_itself(paths: &[PathBuf], name: &str, boots: [&str; 2]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let source = c_library::crate_folder().join("examples").join(name);
    let program = c_library::program(&source, folder.path());
    let (server, settings) = offering(paths, folder.path())?;
    let mut said = Vec::new();
    for _ in 0..3 {
        let output = Command::new(&program)
            .arg(folder.path().join("device"))
            .arg(paths.get(1).ok_or("a release")?)
            .arg(&settings)
            .arg("1.0.0+1")
            .arg(paths.first().ok_or("a runtime")?)
            .arg("--version")
            .output()?;
        c_library::passed(&output);
        said.push(String::from_utf8(output.stdout)?);
    }
    for (said, expected) in said.iter().zip([
        [boots[0], "1.97.2"],
        [boots[1], "1.97.3"],
        [boots[1], "1.97.3"],
    ]) {
        let holds = expected.iter().all(|words| said.contains(words));
        same(holds, true).map_err(|_| format!("it said {said:?}, expected {expected:?}"))?;
    }
    same(server.bodies("/download").len(), 1)
}

/// The lines of the README, with a `main` around them.
fn readme(paths: &[PathBuf]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let readme = c_library::crate_folder().join("../../README.md");
    let readme = fs::read_to_string(readme)?;
    let (_, rest) = readme
        .split_once("```c\n")
        .ok_or("the README has C in it")?;
    let (lines, _) = rest.split_once("```").ok_or("and that ends")?;
    let (server, settings) = offering(paths, folder.path())?;
    let settings = fs::read_to_string(settings)?;
    let source = folder.path().join("readme.c");
    fs::write(&source, around(lines))?;
    let program = c_library::program(&source, folder.path());
    let mut said = Vec::new();
    for _ in 0..2 {
        let output = Command::new(&program)
            .arg(folder.path().join("device"))
            .arg(paths.get(1).ok_or("a release")?)
            .arg(&settings)
            .output()?;
        c_library::passed(&output);
        said.push(String::from_utf8(output.stdout)?);
    }
    same(
        said.first().is_some_and(|said| said.starts_with("(null)")),
        true,
    )?;
    same(
        said.get(1)
            .is_some_and(|said| said.contains("generations/")),
        true,
    )
    .map_err(|_| format!("it said {said:?}, {:?}", server.bodies("/download").len()))?;
    Ok(())
}

/// The README shows what an embedder writes; its engine is told by a line here.
fn around(lines: &str) -> String {
    let lines = lines.replace("#include <patchproof.h>\n", "");
    format!("{HEAD}{lines}\nreturn 0;\n}}\n")
}

/// A server that offers patch 1, and the settings that name it.
fn offering(
    paths: &[PathBuf],
    folder: &std::path::Path,
) -> Result<(OfferingServer, PathBuf), Failed> {
    let [_, base, patched, ..] = paths else {
        return Err("four paths were asked for".into());
    };
    let server = OfferingServer::start();
    server.offer(Some((1, &fs::read(base)?, &fs::read(patched)?)), &[]);
    let settings = folder.join("shorebird.yaml");
    fs::write(
        &settings,
        format!("app_id: an-app\nbase_url: {}\n", server.url()),
    )?;
    Ok((server, settings))
}

const HEAD: &str = r#"#include <stdio.h>
#include <patchproof.h>
static void start_engine(const char *library)
{
    printf("%s\n", library ? library : "(null)");
}
int main(int count, char **arguments)
{
    const char *folder = arguments[1], *bundled_library = arguments[2];
    const char *shorebird_yaml = arguments[3];
    (void)count;
"#;
