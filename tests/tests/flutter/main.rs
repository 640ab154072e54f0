//! A real Flutter app on a screen, started through the C library: as it was shipped, patched, with
//! a broken patch, and back. `cargo xtask e2e flutter` runs it.

mod app;
mod screen;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed};
use patchproof_testkit::{corpora, vm};
use patchproof_tests::foreign::spoiled;
use patchproof_tests::trials::same;

use app::App;

fn main() -> ExitCode {
    let trial = corpora::trial(
        "a_flutter_app_on_screen_takes_a_patch_and_falls_back_from_a_broken_one",
        &ARTEFACTS,
        story,
    );
    let runs_here = vm::runs_here() && screen::is_installed();
    let trials = vec![trial.with_ignored_flag(!runs_here)];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn story(paths: &[PathBuf]) -> Result<(), Failed> {
    let [folder, shipped, patched] = paths else {
        return Err("three paths were asked for".into());
    };
    let app = App::unpacked(folder, shipped)?;
    let released = fs::read(shipped)?;

    // As it was shipped; it fetches patch 1 while it is at it.
    app.server
        .offer(Some((1, &released, &fs::read(patched)?)), &[]);
    let unpatched = app.run()?;
    same(unpatched.boots.as_str(), "boots patch 0")?;
    let before = unpatched
        .frame
        .ok_or_else(|| format!("the app as it was shipped drew nothing: {}", app.said()))?;

    // Patched: another library, the same first frame.
    let broken = spoiled(fs::read(patched)?).ok_or("it can be spoiled")?;
    app.server.offer(Some((2, &released, &broken)), &[]);
    let runs = app.run()?;
    same(runs.boots.as_str(), "boots patch 1")?;
    same(fs::read(app.library())? == fs::read(patched)?, true)?;
    let after = runs.frame.ok_or("the patched app drew nothing")?;
    alike(&before, &after)?;

    // Broken, past all checks: the engine takes the app with it.
    let crashes = app.run()?;
    same(crashes.boots.as_str(), "boots patch 2")?;
    same((crashes.frame.is_none(), crashes.ended), (true, Some(134)))?;

    // And back, without anybody's doing.
    let again = app.run()?;
    same(again.boots.as_str(), "boots patch 1")?;
    alike(
        &before,
        &again.frame.ok_or("the app that fell back drew nothing")?,
    )?;
    let downloads = app.server.bodies("/download").len();
    same(downloads, 2)
}

/// All but the spinner, which turns.
fn alike(one: &screen::Frame, other: &screen::Frame) -> Result<(), Failed> {
    let share = one.share_of_equal_pixels(other);
    match share > 0.99 {
        true => Ok(()),
        false => Err(format!("only {share} of the pixels are equal").into()),
    }
}

/// The app's folder, what it was shipped with, and its neighbour by the same compiler.
const ARTEFACTS: [&str; 3] = [
    "flet-desktop@0.28.2/flet-linux-amd64.tar.gz",
    "flet-desktop@0.28.2/libapp.so",
    "flet-desktop@0.28.3/libapp.so",
];
