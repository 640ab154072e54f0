//! A sign of life for work that takes seconds: on a terminal only, on standard error only.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use patchproof_publisher::{Step, Watch};

/// Runs work with a spinner and the elapsed seconds beside `what`; silent off a terminal.
pub fn working<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    let answer = work();
    bar.finish_and_clear();
    answer
}

/// How far work is whose steps are counted.
pub(crate) struct Counting(Option<ProgressBar>);

impl Counting {
    /// So many of so many steps of `what` are done.
    pub(crate) fn at(&self, what: &str, done: usize, steps: usize) {
        if let Some(bar) = &self.0 {
            bar.set_message(what.to_owned());
            bar.set_length(u64::try_from(steps).unwrap_or(u64::MAX));
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        }
    }
}

/// Runs work with a bar and the elapsed seconds; silent off a terminal.
pub(crate) fn counting<T>(work: impl FnOnce(&Counting) -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work(&Counting(None));
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let template = "{bar:24} {pos}/{len} {wide_msg} ({elapsed})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let counting = Counting(Some(bar));
    let answer = work(&counting);
    if let Some(bar) = &counting.0 {
        bar.finish_and_clear();
    }
    answer
}

/// Runs work that says by itself what it does and how far it is; silent off a terminal.
pub(crate) fn watched<T>(work: impl FnOnce(&dyn Watch) -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work(&Watched(None));
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.enable_steady_tick(Duration::from_millis(100));
    let watched = Watched(Some(bar));
    let answer = work(&watched);
    if let Some(bar) = &watched.0 {
        bar.finish_and_clear();
    }
    answer
}

/// A bar whose words change from step to step.
struct Watched(Option<ProgressBar>);

impl Watch for Watched {
    fn at(&self, step: Step, done: u64, of: u64) {
        let Some(bar) = &self.0 else { return };
        let template = match (step, of) {
            (_, 0) => "{spinner} {msg} ({elapsed})",
            (Step::Uploading | Step::Downloading, _) => {
                "{bar:24} {bytes}/{total_bytes} {wide_msg} ({elapsed})"
            }
            _ => "{bar:24} {pos}/{len} {wide_msg} ({elapsed})",
        };
        if bar.message() != step.words() || done == 0 {
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(step.words());
        }
        bar.set_length(of);
        bar.set_position(done);
    }
}
