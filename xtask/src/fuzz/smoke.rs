//! `fuzz smoke`: every target for some seconds on stable Rust, and the canary, which must crash.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use patchproof_testkit::fuzz::{self, Facts};

use super::building::{Build, Places};
use super::error::FuzzError;
use super::fuzzer::{Fuzzer, Outcome};
use super::inputs::{anew, kept_folders, write_dictionary, write_seeds};
use super::running::keep_found;
use crate::tables::for_terminal;

/// Every target for some seconds, from its seeds, on stable Rust; the canary must crash
#[derive(clap::Args)]
pub(crate) struct Smoke {
    /// How long each target runs
    #[arg(long, default_value_t = 3, value_name = "N")]
    seconds: u64,
}

/// What came of a target.
struct Smoked {
    name: &'static str,
    inputs: u64,
    per_second: u64,
    depth_percent: f64,
    /// What is wrong, in a few words.
    wrong: Option<String>,
}

/// Builds, runs two at a time, and prints a table.
pub(super) fn run(args: &Smoke) -> Result<(), FuzzError> {
    let places = Places::find()?;
    let mut targets = fuzz::every();
    targets.push(fuzz::CANARY.facts());
    let names: Vec<&str> = targets.iter().map(|facts| facts.name).collect();
    places.build(Build::Plain, &names)?;
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(facts) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let smoked = smoked(&places, facts, args.seconds);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push(smoked);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut done = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    done.sort_by_key(|it| targets.iter().position(|facts| facts.name == it.name));
    print(&done);
    let failed = done.iter().filter(|it| it.wrong.is_some()).count();
    if failed == 0 {
        return Ok(());
    }
    Err(FuzzError::Smoke {
        failed,
        targets: done.len(),
    })
}

fn smoked(places: &Places, facts: &Facts, seconds: u64) -> Result<Smoked, FuzzError> {
    let is_canary = facts.name == fuzz::CANARY.name;
    let seconds = if is_canary { CANARY_SECONDS } else { seconds };
    let grown = places.grown_by_smoke(facts.name);
    let artifacts = places.smoke(facts.name).join("failed");
    anew(&grown)?;
    anew(&artifacts)?;
    let mut folders = vec![grown, write_seeds(places, facts)?];
    folders.extend(kept_folders(&places.root, facts.name));
    let fuzzer = Fuzzer {
        facts,
        binary: places.binary(Build::Plain, facts.name),
        seconds,
        folders,
        dictionary: write_dictionary(places, facts)?,
        artifacts,
        seed: Some(SEED),
    };
    let outcome = fuzzer.run(|_| ())?;
    let statistics = outcome.statistics.as_ref();
    let depth_percent = statistics.map_or(0.0, fuzz::Statistics::depth_percent);
    let wrong = if is_canary {
        let sang = !outcome.success && outcome.said("the canary sings");
        (!sang).then(|| "did not crash: the harness finds nothing".to_owned())
    } else {
        wrong(facts, &outcome, depth_percent, keep_found)?
    };
    Ok(Smoked {
        name: facts.name,
        inputs: statistics.map_or(0, |it| it.inputs),
        per_second: statistics.map_or(0, |it| it.per_second),
        depth_percent,
        wrong,
    })
}

/// What is wrong with how a target ended; an input that fails it goes through `keep`.
fn wrong(
    facts: &Facts,
    outcome: &Outcome,
    depth_percent: f64,
    keep: impl Fn(&str, &PathBuf) -> Result<PathBuf, FuzzError>,
) -> Result<Option<String>, FuzzError> {
    if let Some(input) = &outcome.failed {
        let kept = keep(facts.name, input)?;
        for line in &outcome.tail {
            anstream::eprintln!("{}: {line}", facts.name);
        }
        let found = FuzzError::Found {
            target: facts.name.to_owned(),
            file: kept,
        };
        anstream::eprintln!("fuzz: {found}\n");
        return Ok(Some("failed".to_owned()));
    }
    if !outcome.success {
        for line in &outcome.tail {
            anstream::eprintln!("{}: {line}", facts.name);
        }
        return Ok(Some("ended early".to_owned()));
    }
    Ok((depth_percent < DEPTH_PERCENT_MIN).then(|| "too few inputs reach the depth".to_owned()))
}

fn print(done: &[Smoked]) {
    let head = ["target", "inputs", "inputs/s", "depth %", ""];
    let mut table = for_terminal(&head, 1..4);
    for it in done {
        let is_canary = it.name == fuzz::CANARY.name;
        let well = if is_canary { "crashed, as it must" } else { "" };
        table.add_row([
            it.name,
            &it.inputs.to_string(),
            &it.per_second.to_string(),
            &format!("{:.1}", it.depth_percent),
            it.wrong.as_deref().unwrap_or(well),
        ]);
    }
    anstream::println!("{}", table.trim_fmt());
}

/// How many targets run at a time: what the smallest machines have cores for.
const AT_ONCE: usize = 2;
/// The choices of a run of the smoke test are those of the next: what it finds is found again.
const SEED: u32 = 1;
/// Where fewer inputs reach the depth, the target fuzzes its own doorstep.
const DEPTH_PERCENT_MIN: f64 = 5.0;
/// The canary crashes in less; a machine may be busy.
const CANARY_SECONDS: u64 = 60;
