//! The two that are measured, each in a process of its own: their memory is theirs alone.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use clap::ValueEnum;
use patchproof_server::settings::Settings;

use super::error::ServerBenchError;

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    /// The reference server over a data folder.
    Patchproof,
    /// A handler that reads the body and answers the same bytes to everybody.
    Bare,
}

/// A process that serves until this is dropped.
pub(super) struct Child {
    process: std::process::Child,
    pub(super) address: SocketAddr,
}

impl Child {
    /// Starts this very program in a role.
    pub(super) fn start(role: Role, with: &str) -> Result<Self, ServerBenchError> {
        let failed = |why: String| ServerBenchError::Start {
            what: role.name(),
            why,
        };
        let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
        let mut process = Command::new(program)
            .args(["bench", "server", "--role", role.name(), "--with", with])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let mut line = String::new();
        let read = process
            .stdout
            .take()
            .map(|out| BufReader::new(out).read_line(&mut line));
        let address = line.trim().parse();
        match (read, address) {
            (Some(Ok(_)), Ok(address)) => Ok(Self { process, address }),
            _ => {
                drop(process.kill());
                Err(failed(format!("it said {line:?}")))
            }
        }
    }

    /// What it has in memory now.
    pub(super) fn resident_bytes(&self) -> Result<u64, ServerBenchError> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.map_err(|_| ServerBenchError::Memory)?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kib.map(|kib| kib * 1024).ok_or(ServerBenchError::Memory)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Patchproof => "patchproof",
            Self::Bare => "bare",
        }
    }
}

/// Serves in this process until the other one ends, and says where.
pub(super) fn serve(role: Role, with: &str) -> Result<(), ServerBenchError> {
    let runtime = tokio::runtime::Runtime::new().map_err(ServerBenchError::Runtime)?;
    let _inside = runtime.enter();
    match role {
        Role::Bare => {
            let serving = runtime.block_on(bare(with.to_owned()))?;
            until_the_other_ends(serving);
        }
        Role::Patchproof => {
            let own = tempfile::tempdir().map_err(ServerBenchError::Folder)?;
            let data = match with {
                "" => own.path().to_owned(),
                data => PathBuf::from(data),
            };
            let running = runtime.block_on(patchproof_server::start(Settings::local(data)));
            let running = running.map_err(|error| ServerBenchError::Start {
                what: role.name(),
                why: error.to_string(),
            })?;
            until_the_other_ends(running.address);
        }
    }
    Ok(())
}

async fn bare(answer: String) -> Result<SocketAddr, ServerBenchError> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.map_err(ServerBenchError::Runtime)?;
    let address = listener.local_addr().map_err(ServerBenchError::Runtime)?;
    let answer = Bytes::from(answer);
    let handler = move |body: Bytes| {
        let answer = answer.clone();
        async move {
            std::hint::black_box(body);
            ([("content-type", "application/json")], answer)
        }
    };
    let router = Router::new().route(super::load::PATH, post(handler));
    drop(tokio::spawn(
        async move { axum::serve(listener, router).await },
    ));
    Ok(address)
}

fn until_the_other_ends(address: SocketAddr) {
    anstream::println!("{address}");
    let mut nothing = String::new();
    // It ends when the pipe does.
    drop(std::io::stdin().read_line(&mut nothing));
}
