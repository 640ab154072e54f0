//! The other patch tools, as the programs that people start.

use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

use super::contestants::{Contestant, Job};
use super::measure::hashed;
use super::tools::{Need, Tools};

/// A program, its command lines and what it needs.
pub(super) struct Outside {
    name: &'static str,
    make: &'static [&'static str],
    inflate: &'static [&'static str],
    /// Whether the program prints, as its last line, the seconds that count.
    tells_seconds: bool,
    missing: Option<String>,
    python_path: OsString,
}

impl Outside {
    pub(super) fn all(tools: &Tools) -> Vec<Self> {
        let with = |(need, name, make, inflate): Line| Self {
            name,
            make,
            inflate,
            tells_seconds: need == Need::Hdiffpatch,
            missing: tools.missing(need),
            python_path: tools.python_path().as_os_str().to_owned(),
        };
        LINES.into_iter().map(with).collect()
    }

    fn run(&self, line: &[&str], job: &Job) -> Result<Duration, String> {
        if let Some(why) = &self.missing {
            return Err(why.clone());
        }
        let mut words = line.iter().map(|word| word_of(word, job));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env("PYTHONPATH", &self.python_path);
        let start = Instant::now();
        let output = command.output().map_err(|error| error.to_string())?;
        let took = start.elapsed();
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().last().unwrap_or("it says nothing").to_owned();
            return Err(format!("it failed: {last}"));
        }
        if !self.tells_seconds {
            return Ok(took);
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let seconds = said
            .trim()
            .parse()
            .map_err(|_| format!("it said {said:?}"))?;
        Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
    }
}

impl Contestant for Outside {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn make(&self, job: &Job) -> Result<Duration, String> {
        // Some programs refuse to write over a file, and a file of another must not be taken.
        drop(std::fs::remove_file(job.patch()));
        self.run(self.make, job)
    }

    /// None of them verifies: as for Shorebird, the output is read again and hashed.
    fn inflate(&self, job: &Job) -> Result<Duration, String> {
        drop(std::fs::remove_file(job.output()));
        let took = self.run(self.inflate, job)?;
        let start = Instant::now();
        let sha256 = hashed(&job.output()).map_err(|error| error.to_string())?;
        if sha256 != job.new_sha256 {
            return Err("the hash is another".to_owned());
        }
        Ok(took + start.elapsed())
    }
}

fn word_of(word: &str, job: &Job) -> OsString {
    let path = match word {
        "BASE" => &job.base_path,
        "NEW" => &job.new_path,
        "PATCH" => &job.patch(),
        "OUTPUT" => &job.output(),
        _ => match word.strip_suffix("=BASE") {
            Some(option) => {
                let mut both = OsString::from(format!("{option}="));
                both.push(&job.base_path);
                return both;
            }
            None => return OsString::from(word),
        },
    };
    path.into()
}

type Line = (
    Need,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const LINES: [Line; 5] = [
    (
        Need::Bsdiff,
        "bsdiff",
        &["bsdiff", "BASE", "NEW", "PATCH"],
        &["bspatch", "BASE", "OUTPUT", "PATCH"],
    ),
    (
        Need::Xdelta,
        "xdelta3 -9 -S lzma",
        &[
            "xdelta3", "-e", "-f", "-9", "-S", "lzma", "-W", "16777216", "-s", "BASE", "NEW",
            "PATCH",
        ],
        &["xdelta3", "-d", "-f", "-s", "BASE", "PATCH", "OUTPUT"],
    ),
    (
        Need::Zstd,
        "zstd -21 --patch-from",
        &[
            "zstd",
            "-q",
            "-f",
            "--ultra",
            "-21",
            "--patch-from=BASE",
            "NEW",
            "-o",
            "PATCH",
        ],
        &[
            "zstd",
            "-q",
            "-f",
            "-d",
            "--patch-from=BASE",
            "PATCH",
            "-o",
            "OUTPUT",
        ],
    ),
    (
        Need::Hdiffpatch,
        "hdiffpatch zstd",
        &["python3", "-c", HDIFF, "zstd", "BASE", "NEW", "PATCH"],
        &["python3", "-c", HPATCH, "BASE", "PATCH", "OUTPUT"],
    ),
    (
        Need::Hdiffpatch,
        "hdiffpatch lzma2",
        &["python3", "-c", HDIFF, "lzma2", "BASE", "NEW", "PATCH"],
        &["python3", "-c", HPATCH, "BASE", "PATCH", "OUTPUT"],
    ),
];

/// Reading and writing count, starting Python does not.
const HDIFF: &str = "\
import sys, time, hdiffpatch
how, base, new, patch = sys.argv[1:]
start = time.perf_counter()
made = hdiffpatch.diff(open(base, 'rb').read(), open(new, 'rb').read(), how, validate=False)
open(patch, 'wb').write(made)
print(time.perf_counter() - start)";

const HPATCH: &str = "\
import sys, time, hdiffpatch
base, patch, output = sys.argv[1:]
start = time.perf_counter()
made = hdiffpatch.apply(open(base, 'rb').read(), open(patch, 'rb').read())
open(output, 'wb').write(made)
print(time.perf_counter() - start)";
