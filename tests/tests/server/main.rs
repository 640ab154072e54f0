//! The reference server, run for real: the same claims over SQLite and a folder, and over
//! PostgreSQL and an S3-compatible store.

#[cfg(test)]
mod app;
#[cfg(test)]
mod checking;
#[cfg(test)]
mod choosing;
#[cfg(test)]
mod deltas;
#[cfg(test)]
mod developers;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod events;
#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod publishing;
#[cfg(test)]
mod random_walk;
#[cfg(test)]
mod rollout;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod several;
#[cfg(test)]
mod shorebird_cli;
#[cfg(test)]
mod shorebird_shapes;
#[cfg(test)]
mod signed;
#[cfg(test)]
mod signed_elsewhere;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod world;

use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use stage::{Backend, Stage, Stand};

/// What is claimed of a server, whatever it stores things in.
type Claim = fn(&Stand) -> Result<(), Failed>;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let stage = Arc::new(Stage::default());
    let mut trials = Vec::new();
    for backend in [Backend::SqliteAndFolder, Backend::PostgresAndS3] {
        for (name, claim) in claims() {
            trials.push(on(&stage, backend, name, claim));
        }
        trials.extend(devices::trials(&stage, backend));
    }
    for (name, claim) in operations::of_a_folder() {
        trials.push(on(&stage, Backend::SqliteAndFolder, name, claim));
    }
    for (name, claim) in several::of_a_database() {
        trials.push(on(&stage, Backend::PostgresAndS3, name, claim));
    }
    trials.extend(rollout::trials());
    let conclusion = libtest_mimic::run(&arguments, trials);
    // What was started ends here, not with the process.
    drop(stage);
    conclusion.exit_code()
}

fn claims() -> Vec<(&'static str, Claim)> {
    [
        checking::claims(),
        choosing::claims(),
        deltas::claims(),
        developers::claims(),
        downloads::claims(),
        events::claims(),
        fuzzed::claims(),
        hostile::claims(),
        killed::claims(),
        operations::claims(),
        publishing::claims(),
        random_walk::claims(),
        shorebird_cli::claims(),
        shorebird_shapes::claims(),
        signed::claims(),
        signed_elsewhere::claims(),
        tokens::claims(),
    ]
    .concat()
}

fn on(stage: &Arc<Stage>, backend: Backend, name: &str, claim: Claim) -> Trial {
    let stand = Stand::new(stage, backend);
    Trial::test(format!("{}::{name}", backend.name()), move || claim(&stand))
}
