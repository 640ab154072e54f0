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
    let [runtime, release, ..] = paths else {
        return Err("a runtime and a release were asked for".into());
    };
    let folder = tempfile::tempdir()?;
    let source = c_library::crate_folder().join("examples").join(name);
    let program = c_library::program(&source, folder.path());
    let (server, settings) = offering(paths, folder.path())?;
    let device = folder.path().join("device");
    for expected in [
        [boots[0], "1.97.2"],
        [boots[1], "1.97.3"],
        [boots[1], "1.97.3"],
    ] {
        let mut command = Command::new(&program);
        command.arg(&device).arg(release).arg(&settings);
        command.arg("1.0.0+1").arg(runtime).arg("--version");
        let said = said_by(&mut command)?;
        let holds = expected.iter().all(|words| said.contains(words));
        same(holds, true).map_err(|_| format!("it said {said:?}, expected {expected:?}"))?;
    }
    same(server.bodies("/download").len(), 1)
}

/// The lines of the README, with a `main` around them.
fn readme(paths: &[PathBuf]) -> Result<(), Failed> {
    let release = paths.get(1).ok_or("a release was asked for")?;
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
    let device = folder.path().join("device");
    for expected in ["(null)", "generations/"] {
        let mut command = Command::new(&program);
        command.arg(&device).arg(release).arg(&settings);
        let said = said_by(&mut command)?;
        let downloads = server.bodies("/download").len();
        same(said.contains(expected), true)
            .map_err(|_| format!("it said {said:?}, after {downloads} downloads"))?;
    }
    Ok(())
}

/// What a program says that ends well.
fn said_by(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    c_library::passed(&output);
    Ok(String::from_utf8(output.stdout)?)
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
