//! One process of an app: starts, and does what it is told, over the real disk. It may be told to
//! halt before one of its disk operations, to be killed there.
//!
//! `device_under_test FOLDER SERVER BASE HALT ENDED ACT...`: HALT is a number or `-`; ENDED the
//! number of an earlier process that crashed, or `-`; each ACT is `start`, `healthy`, `failure` or
//! `update`. Before them may stand `app=ID`, and the root that lies in the app: `under=ROOT` for a
//! device that asks for files, `live=ROOT` for one that asks a server; and `view=BYTES`, how much
//! of a base's other form goes into memory. SERVER is the address of one, or a folder.

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
    let is_option = |act: &&String| act.contains('=');
    let (options, acts) = acts.split_at(acts.iter().take_while(is_option).count());
    let option = |name: &str| options.iter().find_map(|option| option.strip_prefix(name));
    let mut config = config(
        option("app=").unwrap_or("an-app"),
        base,
        if is_address {
            server
        } else {
            "https://example.com"
        },
    )?;
    for (name, ask) in [("under=", Ask::Files), ("live=", Ask::Server)] {
        if let Some(root) = option(name) {
            let root = std::fs::read(root)?;
            config.trust = Trust::Statements { root, ask };
        }
    }
    if let Some(bytes) = option("view=") {
        config.limits.view_memory_bytes_max = bytes.parse()?;
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

fn config(app: &str, base: &str, server: &str) -> Result<Config, Box<dyn Error>> {
    let settings = Settings::parse(&format!("app_id: {app}\nbase_url: {server}\n"))?;
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
