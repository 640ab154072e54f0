//! `patchproof serve`, as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Failed;
use tempfile::TempDir;

use super::child::{Running, free_port};
use super::client::Client;

/// How a server is started.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "tests fill it in")]
pub struct Setup {
    /// The `patchproof` command.
    pub command: PathBuf,
    /// Arguments behind the usual ones.
    pub args: Vec<String>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
}

/// One server with its data folder. It ends with its value.
#[derive(Debug)]
pub struct Serve {
    // Ended before its folder is removed.
    running: Running,
    setup: Setup,
    port: u16,
    folder: TempDir,
}

impl Setup {
    /// This command with the usual arguments.
    #[must_use]
    pub fn of(command: &str) -> Self {
        Self {
            command: command.into(),
            ..Self::default()
        }
    }

    /// The same with one more option.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.extend([name.to_owned(), value.into()]);
        self
    }

    /// The same with more of an environment.
    #[must_use]
    pub fn within(mut self, environment: Vec<(String, String)>) -> Self {
        self.environment.extend(environment);
        self
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// Where it is not, with what it said.
    pub fn start(self) -> Result<Serve, Failed> {
        let folder = tempfile::tempdir()?;
        let port = free_port()?;
        let running = self.running(folder.path(), port)?;
        let mut serve = Serve {
            running,
            setup: self,
            port,
            folder,
        };
        serve.wait()?;
        Ok(serve)
    }

    fn running(&self, folder: &Path, port: u16) -> Result<Running, Failed> {
        let mut command = Command::new(&self.command);
        command.arg("serve").arg("--data").arg(folder.join("data"));
        command.args(["--listen", &format!("127.0.0.1:{port}")]);
        command.args(&self.args);
        // Nothing of the environment of tests counts but what a test says.
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("PATCHPROOF_")) {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        command.current_dir(folder);
        Ok(Running::start(command, &folder.join("log"), "TERM")?)
    }
}

impl Serve {
    /// Somebody who asks it, without a token.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url())
    }

    /// The administrator, by the token that the first start made.
    ///
    /// # Errors
    /// Where there is none.
    pub fn admin(&self) -> Result<Client, Failed> {
        Ok(self.client().with(&self.admin_token()?))
    }

    /// That token.
    ///
    /// # Errors
    /// Where there is none.
    pub fn admin_token(&self) -> Result<String, Failed> {
        let path = self.data().join("admin.token");
        let token = std::fs::read_to_string(&path);
        let token = token.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(token.trim().to_owned())
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The process's number.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.running.id()
    }

    /// What it said so far.
    #[must_use]
    pub fn said(&self) -> String {
        self.running.said()
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.running.kill();
    }

    /// Asks it to end, and answers its exit code; none where it had to be killed.
    pub fn stop(&mut self) -> Option<i32> {
        self.running.stop()
    }

    /// Starts it anew over the same data, at the same address.
    ///
    /// # Errors
    /// Where it is not ready, with what it said.
    pub fn restart(&mut self) -> Result<(), Failed> {
        let _ = self.running.stop();
        self.running = self.setup.running(self.folder.path(), self.port)?;
        self.wait()
    }

    fn wait(&mut self) -> Result<(), Failed> {
        let client = self.client();
        self.running.until_ready(|| {
            let ready = client.get("/readyz");
            ready.is_ok_and(|answer| answer.status == 200)
        })
    }
}
