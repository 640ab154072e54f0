//! `fuzz run`: one target for as long as one likes, under the sanitizer, with a line in the ledger.

use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};
use patchproof_testkit::fuzz::{Facts, Statistics};
use sha2::{Digest as _, Sha256};

use super::building::{Build, Places};
use super::error::{FuzzError, file};
use super::fuzzer::{Fuzzer, Outcome};
use super::inputs::{anew, facts, kept_folders, write_dictionary, write_real, write_seeds};
use super::ledger::{self, Entry};
use crate::figures::renew_tables;

/// Fuzz one target; what it finds interesting is kept in the target folder for the next run
#[derive(clap::Args)]
pub(crate) struct Run {
    /// As `cargo xtask fuzz list` names it
    target: String,
    /// How long
    #[arg(long, default_value_t = 60, value_name = "N")]
    seconds: u64,
    /// How many processes, which share what they find
    #[arg(long, default_value_t = 1, value_name = "N")]
    jobs: usize,
    /// Stable Rust without a sanitizer, optimised: several times as fast
    #[arg(long)]
    plain: bool,
}

/// Runs, enters it into the ledger, and keeps an input that failed.
pub(super) fn run(args: &Run) -> Result<(), FuzzError> {
    let facts = facts(&args.target)?;
    let build = if args.plain {
        Build::Fast
    } else {
        Build::Address
    };
    let places = Places::find()?;
    places.build(build, &[facts.name])?;
    let (began, cpu_before) = (Instant::now(), cpu_of_children()?);
    let outcomes = run_jobs(args, &places, &facts, build)?;
    let spent = Spent {
        seconds: began.elapsed().as_secs().max(1),
        cpu_seconds: (cpu_of_children()? - cpu_before).as_secs().max(1),
    };
    let failed = outcomes
        .iter()
        .find(|it| it.failed.is_some() || !it.success);
    if facts.name != patchproof_testkit::fuzz::CANARY.name {
        // A run that somebody interrupts fails too, and has found nothing.
        let found = outcomes.iter().any(|it| it.failed.is_some());
        let entry = entry(&facts, build, &spent, &outcomes, found);
        ledger::append(&places.root, &entry)?;
        renew_tables(&places.root)?;
        anstream::println!("{entry}");
    }
    let Some(failed) = failed else { return Ok(()) };
    for line in &failed.tail {
        anstream::eprintln!("{line}");
    }
    match &failed.failed {
        Some(input) => Err(FuzzError::Found {
            target: facts.name.to_owned(),
            file: keep_found(facts.name, input)?,
        }),
        None => Err(FuzzError::Ended {
            program: facts.name.to_owned(),
            status: "an error, and no input".to_owned(),
        }),
    }
}

/// Copies an input that failed to where it replays as a test, under a name to be changed.
pub(super) fn keep_found(target: &str, input: &PathBuf) -> Result<PathBuf, FuzzError> {
    let bytes = fs::read(input).map_err(file(input))?;
    let folder = crate::tidy::tree::repository()?
        .join("corpora/regressions")
        .join(target);
    fs::create_dir_all(&folder).map_err(file(&folder))?;
    let short = hex::encode(
        Sha256::digest(&bytes)
            .iter()
            .take(6)
            .copied()
            .collect::<Vec<_>>(),
    );
    let kept = folder.join(format!("found-{short}"));
    fs::write(&kept, bytes).map_err(file(&kept))?;
    Ok(kept)
}

fn run_jobs(
    args: &Run,
    places: &Places,
    facts: &Facts,
    build: Build,
) -> Result<Vec<Outcome>, FuzzError> {
    let grown = places.grown(facts.name);
    fs::create_dir_all(&grown).map_err(file(&grown))?;
    let mut folders = vec![
        grown,
        write_seeds(places, facts)?,
        write_real(places, facts)?,
    ];
    folders.extend(kept_folders(&places.root, facts.name));
    let dictionary = write_dictionary(places, facts)?;
    let mut fuzzers = Vec::new();
    for job in 0..args.jobs.max(1) {
        let artifacts = failed_folder(places, facts, job);
        anew(&artifacts)?;
        fuzzers.push(Fuzzer {
            facts,
            binary: places.binary(build, facts.name),
            seconds: args.seconds,
            folders: folders.clone(),
            dictionary: dictionary.clone(),
            artifacts,
            seed: None,
        });
    }
    let live = Live::new(facts.name);
    let outcomes = thread::scope(|scope| {
        let start = |fuzzer| {
            let live = &live;
            scope.spawn(move || Fuzzer::run(fuzzer, |line| live.hear(line)))
        };
        let running: Vec<_> = fuzzers.iter().map(start).collect();
        let ended = running
            .into_iter()
            .map(|it| it.join().expect("a reader does not panic"));
        ended.collect()
    });
    live.bar.finish_and_clear();
    outcomes
}

fn failed_folder(places: &Places, facts: &Facts, job: usize) -> PathBuf {
    let run = places.scratch().join("run").join(facts.name);
    run.join(job.to_string()).join("failed")
}

/// What a run took.
struct Spent {
    seconds: u64,
    cpu_seconds: u64,
}

/// The CPU time of all processes that were waited for.
fn cpu_of_children() -> Result<Duration, FuzzError> {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN);
    let used = used.map_err(|errno| FuzzError::NoTimes(errno.into()))?;
    let of = |time: TimeVal| {
        let micros = time.num_microseconds();
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    };
    Ok(of(used.user_time()) + of(used.system_time()))
}

fn entry(facts: &Facts, build: Build, spent: &Spent, outcomes: &[Outcome], found: bool) -> Entry {
    let all = outcomes.iter().filter_map(|it| it.statistics.as_ref());
    let (inputs, depth) = all.fold((0, 0), |sum: (u64, u64), it: &Statistics| {
        (sum.0 + it.inputs, sum.1 + it.depth)
    });
    Entry {
        target: facts.name,
        seconds: spent.seconds,
        cpu_seconds: spent.cpu_seconds,
        executions: inputs,
        depth,
        sanitizer: if build == Build::Address {
            "address"
        } else {
            "none"
        },
        found,
        cpus: outcomes.len(),
    }
}

/// What one sees meanwhile: a line that changes on a terminal, one every ten seconds elsewhere.
struct Live {
    bar: ProgressBar,
    last: Mutex<(Instant, String)>,
}

impl Live {
    fn new(target: &str) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        bar.set_prefix(target.to_owned());
        let last = Mutex::new((Instant::now(), String::new()));
        Self { bar, last }
    }

    fn hear(&self, line: &str) {
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if line.starts_with('#') {
            line.clone_into(&mut last.1);
        }
        let Ok(statistics) = line.parse::<Statistics>() else {
            return;
        };
        let said = format!(
            "{} inputs, {}/s, {:.1} % reach the depth; libFuzzer: {}",
            statistics.inputs,
            statistics.per_second,
            statistics.depth_percent(),
            last.1
        );
        if self.bar.is_hidden() {
            if last.0.elapsed() >= Duration::from_secs(10) {
                last.0 = Instant::now();
                anstream::eprintln!("{said}");
            }
        } else {
            self.bar.set_message(said);
        }
    }
}
