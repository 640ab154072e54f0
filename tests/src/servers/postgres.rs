//! PostgreSQL with a cluster of its own in a temporary folder.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use libtest_mimic::Failed;
use tempfile::TempDir;

use super::child::{Running, free_port};

/// One cluster, durable as in the field: `fsync` is on.
#[derive(Debug)]
pub struct Postgres {
    // Ended before its folder is removed.
    running: Running,
    programs: PathBuf,
    port: u16,
    databases: AtomicU32,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// Where PostgreSQL is not installed, or does not start: then with what it said.
    pub fn start() -> Result<Self, Failed> {
        let programs = programs()?;
        let account = Account::of_tests()?;
        let folder = tempfile::Builder::new()
            .prefix("postgres")
            .permissions(PermissionsExt::from_mode(0o755))
            .tempdir()?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data)?;
        account.owns(&data)?;
        account.owns(folder.path())?;
        let made = account
            .command(&programs.join("initdb"))
            .args(["--username", USER, "--auth", "trust", "--encoding", "UTF8"])
            .args(["--no-locale", "--no-sync", "--pgdata"])
            .arg(&data)
            .current_dir(folder.path())
            .output()?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let port = free_port()?;
        let mut command = account.command(&programs.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(folder.path());
        command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        command.args(["-c", "fsync=on", "-c", "max_connections=300"]);
        command.current_dir(folder.path());
        let mut postgres = Self {
            running: Running::start(command, &folder.path().join("log"), "INT")?,
            programs,
            port,
            databases: AtomicU32::new(0),
            _folder: folder,
        };
        postgres.wait()?;
        Ok(postgres)
    }

    /// An empty database, as a URL.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn database(&self) -> Result<String, Failed> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("patchproof_{number}");
        let made = self.client("createdb").arg(&name).output()?;
        if !made.status.success() {
            return Err(format!("createdb: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        Ok(format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port))
    }

    /// Runs statements in one of its databases.
    ///
    /// # Errors
    /// What PostgreSQL says of them.
    pub fn run(&self, database: &str, sql: &Path) -> Result<(), Failed> {
        let ran = self
            .client("psql")
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-f"])
            .arg(sql)
            .output()?;
        match ran.status.success() {
            true => Ok(()),
            false => Err(format!("psql: {}", String::from_utf8_lossy(&ran.stderr)).into()),
        }
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["-h", "127.0.0.1", "-U", USER, "-p"]);
        command.arg(self.port.to_string());
        command
    }

    fn wait(&mut self) -> Result<(), Failed> {
        let mut asking = self.client("pg_isready");
        asking.arg("-q");
        self.running
            .until_ready(|| asking.status().is_ok_and(|status| status.success()))
    }
}

/// Whose processes these are: PostgreSQL refuses to run as root.
struct Account {
    /// Another user's ids, where we are root.
    other: Option<(u32, u32)>,
    can_follow: bool,
}

impl Account {
    fn of_tests() -> Result<Self, Failed> {
        let can_follow = has("setpriv");
        if id(&["-u"])? != 0 {
            let other = None;
            return Ok(Self { other, can_follow });
        }
        if !can_follow {
            return Err(
                "PostgreSQL does not run as root, and `setpriv` is missing: install \
                        util-linux, or run the tests as another user"
                    .into(),
            );
        }
        let named = ["postgres", "nobody"].iter().find_map(|name| {
            let ids = id(&["-u", name]).and_then(|user| Ok((user, id(&["-g", name])?)));
            ids.ok()
        });
        let other = Some(named.ok_or("there is neither a user `postgres` nor `nobody`")?);
        Ok(Self { other, can_follow })
    }

    fn owns(&self, path: &Path) -> Result<(), Failed> {
        if let Some((user, group)) = self.other {
            chown(path, Some(user), Some(group))?;
        }
        Ok(())
    }

    /// By this account; where that can be had, it ends when the tests end, however they end.
    fn command(&self, program: &Path) -> Command {
        if !self.can_follow {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=INT");
        if let Some((user, group)) = self.other {
            command.arg(format!("--reuid={user}"));
            command.arg(format!("--regid={group}"));
            command.arg("--clear-groups");
        }
        command.arg(program);
        command
    }
}

fn id(args: &[&str]) -> Result<u32, Failed> {
    let said = Command::new("id").args(args).output()?;
    Ok(String::from_utf8(said.stdout)?.trim().parse()?)
}

fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    found.is_ok_and(|said| said.status.success())
}

/// The folder with initdb, postgres and their clients: of PATH, or where Debian puts the newest.
fn programs() -> Result<PathBuf, Failed> {
    let is_whole =
        |initdb: &PathBuf| initdb.is_file() && initdb.with_file_name("postgres").is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let of_path = std::env::split_paths(&path).map(|folder| folder.join("initdb"));
    let mut of_path = of_path.filter_map(|program| program.canonicalize().ok());
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let debian = debian
        .flatten()
        .map(|version| version.path().join("bin/initdb"));
    let found = of_path
        .find(is_whole)
        .or_else(|| debian.filter(is_whole).max());
    let found = found.as_deref().and_then(Path::parent);
    found.map(Path::to_owned).ok_or_else(|| {
        "PostgreSQL is not installed: install the package `postgresql` (on Debian and Ubuntu: \
         apt-get install postgresql; `.ci/run` does it)"
            .into()
    })
}

const USER: &str = "patchproof";
