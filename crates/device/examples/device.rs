//! A device in a folder: one run is one process of the app.
//!
//! ```sh
//! cargo run -p patchproof-device --example device -- --folder device --base libapp.so \
//!     --url http://127.0.0.1:8000 --app com.example.app --version 1.2.3+45 --root root-1.json update
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use patchproof_device::{
    Arch, Ask, BaseLibrary, Booted, Cancel, Config, DeviceLimits, HttpTransport, Platform, Policy,
    RealMachine, ReleaseIdentity, Settings, StartFacts, Trust, Updater,
};
use patchproof_storage::DiskStorage;

/// Starts an app's updater in a folder, does what it is told, and says what the engine would load.
#[derive(Parser)]
struct Args {
    /// Where the updater keeps its files; made if it is not there
    #[arg(long)]
    folder: PathBuf,
    /// The library that the app was shipped with
    #[arg(long)]
    base: PathBuf,
    /// The base URL
    #[arg(long)]
    url: String,
    /// The app's id
    #[arg(long)]
    app: String,
    /// The release's version
    #[arg(long)]
    version: String,
    /// The root that lies in the app; without it Shorebird's protocol is spoken, unsigned
    #[arg(long)]
    root: Option<PathBuf>,
    /// What to do after the start
    acts: Vec<Act>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Act {
    /// Ask, fetch, install
    Update,
    /// Say that the app is well
    Healthy,
    /// Print how the device stands
    Diagnostics,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let settings = format!("app_id: {}\nbase_url: {}\n", args.app, args.url);
    let trust = match &args.root {
        None => Trust::Shorebird,
        Some(root) => Trust::Statements {
            root: std::fs::read(root)?,
            ask: Ask::Files,
        },
    };
    let config = Config {
        release: ReleaseIdentity {
            platform: Platform::Linux,
            arch: Arch::X64,
            version: args.version,
        },
        base: BaseLibrary::File(args.base.clone()),
        settings: Settings::parse(&settings)?,
        trust,
        policy: Policy::default(),
        limits: DeviceLimits::default(),
        health_window: Duration::from_secs(10),
    };
    let disk = DiskStorage::configure(&args.folder)?;
    let updater = Updater::configure(disk, RealMachine::new(), HttpTransport::default(), config)?;
    for lost in updater.lost_guarantees() {
        println!("not promised: {lost}");
    }
    // Before the engine is started: this decides what it loads.
    let boot = updater.begin_boot(&StartFacts {
        process: std::process::id(),
        exits: Vec::new(),
    });
    for notice in &boot.notices {
        println!("notice: {notice}");
    }
    match &boot.what {
        Booted::Bundled => println!("boots {}", args.base.display()),
        Booted::Generation { number, folder, .. } => {
            let library = args.folder.join(folder.to_string()).join("libapp.so");
            println!("boots patch {number}: {}", library.display());
        }
    }
    for act in args.acts {
        match act {
            Act::Update => {
                let updated = updater.update(&Cancel::new(), &mut |_| {})?;
                println!("update: {:?}", updated.outcome);
            }
            Act::Healthy => {
                updater.report_healthy(&boot.id)?;
                println!("healthy");
            }
            Act::Diagnostics => print!("{}", updater.diagnostics()),
        }
    }
    Ok(())
}
