//! Where and when it was measured, without anything that names a person or a machine.

use std::path::Path;
use std::process::Command;

use serde::Serialize;

use crate::environment::{commit, said, today};

/// What a reader needs to weigh the times.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Machine {
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) processor: String,
    pub(super) cores: usize,
    pub(super) system: String,
    /// `release` or `debug`: how this program was built.
    pub(super) build: &'static str,
    /// How many processes wanted to run, over the minute before and the minute at the end.
    pub(super) load_before: String,
    pub(super) load_after: String,
}

impl Machine {
    pub(super) fn now() -> Self {
        let system = said(Command::new("uname").arg("-sm"));
        Self {
            date: today(),
            commit: commit(Path::new(".")),
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            system: system.unwrap_or_else(|| UNKNOWN.to_owned()),
            build: if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
            load_before: load(),
            load_after: String::new(),
        }
    }

    pub(super) fn ended(&mut self) {
        self.load_after = load();
    }
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |line: &str| {
        Some(
            line.strip_prefix("model name")?
                .split_once(':')?
                .1
                .trim()
                .to_owned(),
        )
    };
    text.lines()
        .find_map(named)
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ')
        .next()
        .filter(|word| !word.is_empty())
        .unwrap_or(UNKNOWN)
        .to_owned()
}

const UNKNOWN: &str = "unknown";
