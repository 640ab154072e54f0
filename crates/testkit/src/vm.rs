//! The real Dart VM as an oracle: runs a snapshot in a runtime and tells what became of it.

use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use patchproof_report::EngineOutcome;

/// What a runtime did with a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VmAnswer {
    /// What happened, in the words of the predictions; `None` for an answer nobody knows yet.
    pub outcome: Option<EngineOutcome>,
    /// The exit code as a shell shows it: 128 and the signal's number for a signal.
    pub exit_code: i32,
    /// Standard output, then standard error; at most 64 KiB of each.
    pub text: String,
}

impl VmAnswer {
    /// The first line that says something.
    #[must_use]
    pub fn first_line(&self) -> &str {
        self.text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
    }
}

/// Whether the runtimes of the corpus run on this machine.
#[must_use]
pub const fn runs_here() -> bool {
    cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    ))
}

/// Runs `RUNTIME SNAPSHOT --version`, for at most a minute.
///
/// # Errors
/// What the system says; a run that does not end is [`ErrorKind::TimedOut`].
pub fn run(runtime: &Path, snapshot: &Path) -> io::Result<VmAnswer> {
    let mut child = spawn(runtime, snapshot)?;
    let [stdout, stderr] = [collect(child.stdout.take()), collect(child.stderr.take())];
    let status = wait(&mut child)?;
    let text = [stdout, stderr]
        .map(|reader| reader.join().unwrap_or_default())
        .concat();
    let exit_code = shell_code(status);
    Ok(VmAnswer {
        outcome: outcome(exit_code, &text),
        exit_code,
        text,
    })
}

/// A runtime that another process has just written may still be open there for a moment, until that
/// process's own children have replaced their images: try again.
fn spawn(runtime: &Path, snapshot: &Path) -> io::Result<Child> {
    let mut command = Command::new(runtime);
    command
        .arg(snapshot)
        .arg("--version")
        .current_dir(std::env::temp_dir());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for _ in 0..BUSY_TRIES {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(50));
            }
            answer => return answer,
        }
    }
    command.spawn()
}

fn collect(pipe: Option<impl io::Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error still tells something. The rest is read and dropped, so
            // that the child never waits for us.
            let _ = pipe.by_ref().take(TEXT_BYTES_MAX).read_to_end(&mut bytes);
            let _ = io::copy(&mut pipe, &mut io::sink());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    let deadline = Instant::now() + TIME_MAX;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill()?;
    child.wait()?;
    Err(io::Error::new(
        ErrorKind::TimedOut,
        "the runtime did not end within a minute",
    ))
}

fn shell_code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(-1)
}

/// What the VM's exit code and words mean, as measured on the runtimes of Dart 3.5 to 3.13.
fn outcome(exit_code: i32, text: &str) -> Option<EngineOutcome> {
    let says = |words: &str| text.contains(words);
    match exit_code {
        0 => Some(EngineOutcome::Runs),
        134 => Some(EngineOutcome::Aborts),
        253 if says("Dart_LookupLibrary") => Some(EngineOutcome::RefusedByEmbedder),
        255 if says("Wrong full snapshot version") => Some(EngineOutcome::RefusedForVersion),
        255 if says("Snapshot not compatible with the current VM configuration")
            || says(" in snapshot, but ") =>
        {
            Some(EngineOutcome::RefusedForFeatures)
        }
        255 if says("Precompiled runtime requires a precompiled snapshot")
            || says("AOT runtime cannot run a JIT snapshot")
            || says("Incompatible snapshot kinds")
            || says("No full snapshot version found") =>
        {
            Some(EngineOutcome::RefusedForHeader)
        }
        255 if says("features string in the snapshot was not") => {
            Some(EngineOutcome::RefusedForHeader)
        }
        255 if says("Loading failed:") || says("Loading dynamic library failed:") => {
            Some(EngineOutcome::RefusedForMachineOrContainer)
        }
        // Behind a failed loading this stands too, so it is asked last.
        255 if says("Invalid vm isolate snapshot seen") || says("Invalid snapshot") => {
            Some(EngineOutcome::RefusedForHeader)
        }
        _ => None,
    }
}

const TEXT_BYTES_MAX: u64 = 64 << 10;
const TIME_MAX: Duration = Duration::from_secs(60);
const BUSY_TRIES: u32 = 100;
