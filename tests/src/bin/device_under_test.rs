//! One process of an app: starts, and does what it is told, over the real disk. It may be told to
//! halt before one of its disk operations, to be killed there.
//!
//! `device_under_test FOLDER SERVER BASE HALT ENDED ACT...`: HALT is a number or `-`; ENDED the
//! number of an earlier process that crashed, or `-`; each ACT is `start`, `healthy`, `failure` or
//! `update`, the first may be `under=ROOT`: the root that lies in the app. SERVER is the address of
//! one, or a folder.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use patchproof_device::{
    Ask, BaseLibrary, Boot, Booted, Cancel, Config, DeviceLimits, HttpTransport, Machine,
    RealMachine, ReleaseIdentity, Retries, StartFacts, Transport, Trust, Updater,
};
use patchproof_lifecycle::{Exit, Policy};
use patchproof_protocol::{Arch, Platform, Settings};
use patchproof_storage::DiskStorage;
use patchproof_tests::folder_server::FolderServer;
use patchproof_tests::halting::{Halt, Halting};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let [folder, server, base, halt, ended, acts @ ..] = args else {
        return Err("usage: device_under_test FOLDER SERVER BASE HALT ENDED ACT...".into());
    };
    let disk = DiskStorage::configure(&PathBuf::from(folder))?;
    let disk = Halting::with(disk, Halt::new(halt.parse().ok()));
    let counted = disk.tap().clone();
    let exits = ended.parse().ok().map(|process| (process, Exit::Crash));
    let facts = StartFacts {
        process: std::process::id(),
        exits: exits.into_iter().collect(),
    };
    let is_address = server.starts_with("http");
    let (root, acts) = match acts {
        [first, rest @ ..] if first.starts_with("under=") => (first.strip_prefix("under="), rest),
        all => (None, all),
    };
    let mut config = config(
        base,
        if is_address {
            server
        } else {
            "https://example.com"
        },
    )?;
    if let Some(root) = root {
        config.trust = Trust::Statements {
            root: std::fs::read(root)?,
            ask: Ask::Files,
        };
    }
    let machine = RealMachine::new();
    if is_address {
        let updater = Updater::configure(disk, machine, HttpTransport::default(), config)?;
        act(&updater, &facts, acts)?;
    } else {
        let server = FolderServer::new(PathBuf::from(server));
        let updater = Updater::configure(disk, machine, server, config)?;
        act(&updater, &facts, acts)?;
    }
    println!("operations {}", counted.operations());
    Ok(())
}

fn config(base: &str, server: &str) -> Result<Config, Box<dyn Error>> {
    let settings = Settings::parse(&format!("app_id: an-app\nbase_url: {server}\n"))?;
    let limits = DeviceLimits {
        retries: Retries::none(),
        ..DeviceLimits::default()
    };
    Ok(Config {
        release: ReleaseIdentity {
            platform: Platform::Linux,
            arch: Arch::X64,
            version: "1.0.0+1".to_owned(),
        },
        base: BaseLibrary::File(PathBuf::from(base)),
        settings,
        trust: Trust::default(),
        policy: Policy::default(),
        limits,
        health_window: Duration::from_secs(10),
    })
}

fn act<M: Machine, T: Transport>(
    updater: &Updater<Halting<DiskStorage>, M, T>,
    facts: &StartFacts,
    acts: &[String],
) -> Result<(), Box<dyn Error>> {
    let boot = updater.begin_boot(facts);
    say(updater, &boot);
    for act in acts {
        match act.as_str() {
            "start" => {}
            "healthy" => drop(updater.report_healthy(&boot.id)?),
            "failure" => updater.report_failure(&boot.id, "it said so itself")?,
            "update" => {
                let updated = updater.update(&Cancel::new(), &mut |_| {})?;
                println!("update {:?}", updated.outcome);
            }
            other => return Err(format!("unknown act {other}").into()),
        }
        println!("done {act}");
    }
    Ok(())
}

fn say<M: Machine, T: Transport>(updater: &Updater<Halting<DiskStorage>, M, T>, boot: &Boot) {
    for notice in &boot.notices {
        println!("notice {notice}");
    }
    match &boot.what {
        Booted::Generation {
            number,
            folder,
            files,
            ..
        } => {
            let names = files.iter().map(|file| file.name.as_str());
            let library = names.clone().next().unwrap_or_default();
            let place = folder
                .join(library)
                .map(|path| updater.storage().inner().path_of(&path));
            println!("booted {number} {}", place.unwrap_or_default().display());
        }
        Booted::Bundled => println!("booted 0"),
    }
}
