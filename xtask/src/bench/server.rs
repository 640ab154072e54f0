//! `bench server`, behind the feature `bench-server`: checks per second of the server that is full
//! of patches, beside a bare axum handler with the same bytes, in one run.

mod child;
mod error;
mod fill;
mod load;
mod results;
mod word;

use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;

use super::machine::Machine;
use crate::{COULD_NOT_DECIDE, PROBLEMS_FOUND};
use child::{Child, Role};
use error::ServerBenchError;
use load::{Load, Round};
use results::{Contestant, Memory, ServerResults};

/// Measure the server's check beside a bare handler: speed, latency, memory
#[derive(clap::Args)]
pub(crate) struct ServerBench {
    /// How many apps the server has
    #[arg(long, default_value_t = 1_000,
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    apps: u32,
    /// How many patches each app has
    #[arg(long, default_value_t = 1_000,
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    patches: u32,
    /// How many connections ask, each its next question once it has its answer
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    connections: u16,
    /// How long each round takes
    #[arg(long, default_value_t = 4, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many rounds each of the two has, in turns
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    rounds: u16,
    /// After how many requests memory is looked at again
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    /// How the figures are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// This process is the one that is measured
    #[arg(long, hide = true, value_enum)]
    role: Option<Role>,
    /// With what it serves
    #[arg(long, hide = true, default_value = "")]
    with: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Measures and prints; 0, 1 where a goal was missed, 2 where nothing could be measured.
pub(super) fn run(args: &ServerBench) -> ExitCode {
    let measured = match args.role {
        Some(role) => child::serve(role, &args.with).map(|()| true),
        None => measured(args).and_then(|results| print(&results, args.format)),
    };
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(PROBLEMS_FOUND),
        Err(error) => {
            anstream::eprintln!("bench server: {error}");
            ExitCode::from(COULD_NOT_DECIDE)
        }
    }
}

fn measured(args: &ServerBench) -> Result<ServerResults, ServerBenchError> {
    let mut machine = Machine::now();
    let folder = tempfile::tempdir().map_err(ServerBenchError::Folder)?;
    say(&format!(
        "filling a database: {} apps x {} patches",
        args.apps, args.patches
    ));
    fill::database(folder.path(), args.apps, args.patches)?;
    let runtime = load::runtime()?;
    let load = Load::over(args.apps, args.connections);

    say("starting");
    let server = Child::start(Role::Patchproof, &folder.path().display().to_string())?;
    let answer = runtime.block_on(load.once(server.address))?;
    let bare = Child::start(Role::Bare, &answer)?;
    let empty_server = Child::start(Role::Patchproof, "")?;
    let empty_bytes = empty_server.resident_bytes()?;
    drop(empty_server);
    let began_bytes = server.resident_bytes()?;

    let (mut of_server, mut of_bare) = (Vec::new(), Vec::new());
    // What the first requests pay for belongs to no round.
    for child in [&bare, &server] {
        let _: Round = runtime.block_on(load.for_time(child.address, WARM_UP))?;
    }
    for round in 1..=args.rounds {
        say(&format!("round {round} of {}", args.rounds));
        let time = Duration::from_secs(args.seconds);
        of_bare.push(runtime.block_on(load.for_time(bare.address, time))?);
        of_server.push(runtime.block_on(load.for_time(server.address, time))?);
    }
    say(&format!("{} requests more, for memory", args.requests));
    let before_bytes = server.resident_bytes()?;
    runtime.block_on(load.for_requests(server.address, args.requests))?;
    let after_bytes = server.resident_bytes()?;
    machine.ended();
    Ok(ServerResults {
        command: command(args),
        machine,
        apps: args.apps,
        patches: args.patches,
        connections: args.connections,
        request_bytes: load.request_bytes(),
        answer_bytes: answer.len(),
        server: Contestant::of(&of_server),
        bare: Contestant::of(&of_bare),
        memory: Memory {
            empty_bytes,
            began_bytes,
            before_bytes,
            after_bytes,
            requests: args.requests,
        },
    })
}

fn print(results: &ServerResults, format: Format) -> Result<bool, ServerBenchError> {
    match format {
        Format::Text => anstream::println!("{}", results.text()),
        Format::Json => {
            let json = serde_json::to_string_pretty(&results.with_goals());
            anstream::println!("{}", json.map_err(ServerBenchError::Json)?);
        }
    }
    Ok(results.goals().iter().all(|goal| goal.is_met))
}

fn say(what: &str) {
    anstream::eprintln!("bench server: {what}");
}

/// What to type to repeat it.
fn command(args: &ServerBench) -> String {
    let ServerBench {
        apps,
        patches,
        connections,
        seconds,
        rounds,
        requests,
        ..
    } = args;
    format!(
        "cargo run --release -p xtask --features bench-server -- bench server --apps {apps} \
         --patches {patches} --connections {connections} --seconds {seconds} --rounds {rounds} \
         --requests {requests}"
    )
}

const WARM_UP: Duration = Duration::from_secs(1);
