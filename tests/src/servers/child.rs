//! A process that ends with the value that stands for it.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;

/// A port that nobody listens at now.
///
/// # Errors
/// Where this machine has none.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A process that runs, and the file with what it says.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    log: PathBuf,
    /// What asks it to end, as `kill` calls it.
    signal: &'static str,
}

impl Running {
    /// Starts it; all that it says goes to the end of `log`.
    pub(super) fn start(
        mut command: Command,
        log: &Path,
        signal: &'static str,
    ) -> io::Result<Self> {
        let file = File::options().append(true).create(true).open(log)?;
        command.stdin(Stdio::null());
        command.stdout(file.try_clone()?).stderr(file);
        let child = spawn(command)?;
        let log = log.to_owned();
        Ok(Self { child, log, signal })
    }

    /// Whether it ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks again and again until it is ready, and says what it said where it never is.
    pub(super) fn until_ready(&mut self, mut ready: impl FnMut() -> bool) -> Result<(), Failed> {
        let start = Instant::now();
        while !ready() {
            if self.has_ended() {
                return Err(format!("it ended before it was ready: {}", self.said()).into());
            }
            if start.elapsed() > PATIENCE {
                let seconds = PATIENCE.as_secs();
                return Err(format!("not ready after {seconds} s: {}", self.said()).into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// What it said so far.
    pub(super) fn said(&self) -> String {
        let said = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Its number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it now, in the middle of whatever it does.
    pub(super) fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Asks it to end, waits, and answers its exit code; it is killed where it takes too long.
    pub(super) fn stop(&mut self) -> Option<i32> {
        if self.has_ended() {
            return self.child.wait().ok()?.code();
        }
        let id = self.id().to_string();
        drop(Command::new("kill").args(["-s", self.signal, &id]).status());
        let start = Instant::now();
        while !self.has_ended() && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        if self.has_ended() {
            return self.child.wait().ok()?.code();
        }
        self.kill();
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if thread::panicking() {
            self.kill();
        } else {
            let _ = self.stop();
        }
    }
}

/// Starts it by a thread that lasts: who asks to end with their parent (`setpriv --pdeathsig`) end
/// with the thread that started them, and a test's thread ends while others use what it started.
fn spawn(command: Command) -> io::Result<Child> {
    let (answer, answered) = mpsc::channel();
    STARTER.send((command, answer)).map_err(io::Error::other)?;
    answered.recv().map_err(io::Error::other)?
}

type Order = (Command, Sender<io::Result<Child>>);

static STARTER: LazyLock<Sender<Order>> = LazyLock::new(|| {
    let (orders, ordered) = mpsc::channel::<Order>();
    thread::spawn(move || {
        for (mut command, answer) in ordered {
            // Who asked waits for it.
            drop(answer.send(command.spawn()));
        }
    });
    orders
});

const PATIENCE: Duration = Duration::from_secs(40);

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_ends_with_its_parent_outlives_the_thread_that_asked_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let asked = thread::spawn(move || {
            let mut command = Command::new("setpriv");
            command.args(["--pdeathsig=KILL", "sleep", "60"]);
            let mut running = Running::start(command, &log, "TERM").unwrap();
            // `setpriv` has asked for the signal once it is `sleep`.
            let name = PathBuf::from(format!("/proc/{}/comm", running.id()));
            running
                .until_ready(|| fs::read(&name).is_ok_and(|name| name == b"sleep\n"))
                .unwrap();
            running
        });
        let mut running = asked.join().unwrap();
        // The kernel sends it a moment after the thread has ended.
        thread::sleep(Duration::from_millis(200));
        assert!(!running.has_ended());
    }
}
