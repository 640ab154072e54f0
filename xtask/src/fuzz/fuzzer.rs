//! One process of libFuzzer: how it is started, and what is read of what it prints.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use patchproof_testkit::fuzz::{Facts, Statistics};

use super::error::FuzzError;

/// What it is to do.
pub(super) struct Fuzzer<'a> {
    pub(super) facts: &'a Facts,
    pub(super) binary: PathBuf,
    pub(super) seconds: u64,
    /// Where what it finds interesting is kept, and where it starts from.
    pub(super) folders: Vec<PathBuf>,
    pub(super) dictionary: Option<PathBuf>,
    /// Where it puts an input that fails; an empty folder of its own.
    pub(super) artifacts: PathBuf,
    /// The same choices in every run; otherwise new ones.
    pub(super) seed: Option<u32>,
}

/// How it ended.
pub(super) struct Outcome {
    pub(super) statistics: Option<Statistics>,
    /// The input that failed.
    pub(super) failed: Option<PathBuf>,
    /// Whether it ended as it should.
    pub(super) success: bool,
    /// Its last lines.
    pub(super) tail: Vec<String>,
}

impl Outcome {
    /// Whether it said this in its last lines.
    pub(super) fn said(&self, words: &str) -> bool {
        self.tail.iter().any(|line| line.contains(words))
    }
}

impl Fuzzer<'_> {
    /// Runs it to its end; `heard` gets every line as it comes.
    pub(super) fn run(&self, heard: impl Fn(&str)) -> Result<Outcome, FuzzError> {
        let mut command = self.command();
        let not_started = |source| FuzzError::NotStarted {
            program: self.binary.display().to_string(),
            source,
        };
        let mut child = command.spawn().map_err(not_started)?;
        let printed = child.stderr.take().map(BufReader::new);
        let (mut statistics, mut tail) = (None, Vec::new());
        for line in printed.into_iter().flat_map(BufReader::split_lines) {
            heard(&line);
            match line.parse::<Statistics>() {
                Ok(found) => statistics = Some(found),
                Err(_) => keep(&mut tail, line),
            }
        }
        let status = child.wait().map_err(not_started)?;
        let found = super::inputs::files_in(&self.artifacts)?;
        Ok(Outcome {
            statistics,
            failed: found.into_iter().next(),
            success: status.success(),
            tail,
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.args([
            format!("-max_total_time={}", self.seconds),
            format!("-max_len={}", self.facts.bytes_max),
            // From the beginning as long as it may be: a short input decides for little.
            "-len_control=0".to_owned(),
            format!("-timeout={TIMEOUT_SECONDS}"),
            // What is slow and within the time fails nothing; libFuzzer would keep it as if it did.
            format!("-report_slow_units={TIMEOUT_SECONDS}"),
            format!("-rss_limit_mb={MEMORY_MB}"),
            format!("-artifact_prefix={}/", self.artifacts.display()),
        ]);
        if let Some(seed) = self.seed {
            command.arg(format!("-seed={seed}"));
        }
        if let Some(dictionary) = &self.dictionary {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        command.args(&self.folders);
        // A folder of its own for whatever it writes beside.
        command.current_dir(self.artifacts.parent().unwrap_or(Path::new(".")));
        command.env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

/// Lines of bytes that need not be text.
trait SplitLines {
    fn split_lines(self) -> impl Iterator<Item = String>;
}

impl<R: std::io::Read> SplitLines for BufReader<R> {
    fn split_lines(self) -> impl Iterator<Item = String> {
        let text = |line: Vec<u8>| String::from_utf8_lossy(&line).into_owned();
        self.split(b'\n').map_while(Result::ok).map(text)
    }
}

fn keep(tail: &mut Vec<String>, line: String) {
    if tail.len() == TAIL_LINES {
        tail.remove(0);
    }
    tail.push(line);
}

/// An input that takes longer hangs.
pub(super) const TIMEOUT_SECONDS: u64 = 20;
/// What a process may hold, the sanitizer's own included.
pub(super) const MEMORY_MB: u64 = 2048;
const TAIL_LINES: usize = 60;
