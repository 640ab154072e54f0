//! A whole Flutter app, unpacked, and a launcher that asks the C library what it boots.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use patchproof_tests::c_library;
use patchproof_tests::offering::OfferingServer;
use tempfile::TempDir;

use crate::screen::{Frame, Screen, libmpv};

/// An installed app with its server.
pub(crate) struct App {
    folder: TempDir,
    launcher: PathBuf,
    screen: Screen,
    shipped: PathBuf,
    pub(crate) server: OfferingServer,
}

/// One process of the app.
pub(crate) struct Ran {
    /// What the launcher said first.
    pub(crate) boots: String,
    /// The first frame, if one came.
    pub(crate) frame: Option<Frame>,
    pub(crate) ended: Option<i32>,
}

impl App {
    pub(crate) fn unpacked(archive: &Path, shipped: &Path) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let unpacking = Command::new("tar")
            .arg("-xzf")
            .arg(archive)
            .arg("-C")
            .arg(folder.path())
            .status()?;
        if !unpacking.success() {
            return Err("the app could not be unpacked".into());
        }
        fs::create_dir(folder.path().join("needs"))?;
        let libmpv = libmpv().ok_or("libmpv2 is installed")?;
        symlink(libmpv, folder.path().join("needs/libmpv.so.1"))?;
        let source = c_library::crate_folder().join("examples/native.c");
        let app = Self {
            launcher: c_library::program(&source, folder.path()),
            folder,
            screen: Screen::start()?,
            shipped: shipped.to_owned(),
            server: OfferingServer::start(),
        };
        let settings = format!("app_id: an-app\nbase_url: {}\n", app.server.url());
        fs::write(app.path("shorebird.yaml"), settings)?;
        fs::write(app.path("run"), RUN)?;
        fs::set_permissions(app.path("run"), fs::Permissions::from_mode(0o755))?;
        Ok(app)
    }

    /// The library that is in its place in the app.
    pub(crate) fn library(&self) -> PathBuf {
        self.path("flet/lib/libapp.so")
    }

    /// What the last process of the app said.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.path("said")).unwrap_or_default()
    }

    /// One process of the app: until its first frame is seen, or it ends by itself.
    pub(crate) fn run(&self) -> Result<Ran, Failed> {
        drop(fs::remove_file(self.path("seen")));
        let mut launcher = Command::new(&self.launcher)
            .arg(self.path("device"))
            .arg(&self.shipped)
            .arg(self.path("shorebird.yaml"))
            .arg("1.0.0+1")
            .arg(self.path("run"))
            .arg(self.folder.path())
            .env("DISPLAY", &self.screen.display)
            .env("LD_LIBRARY_PATH", self.path("needs"))
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let until = Instant::now() + PATIENCE;
        let mut frame = None;
        let status = loop {
            if let Some(status) = launcher.try_wait()? {
                break status;
            }
            let now = self.screen.frame()?;
            if frame.is_none() && now.is_drawn() {
                frame = Some(now);
                fs::write(self.path("seen"), b"")?;
            }
            if Instant::now() > until {
                fs::write(self.path("seen"), b"")?;
                launcher.wait()?;
                return Err("the app drew nothing, and did not end".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let mut said = String::new();
        launcher
            .stdout
            .take()
            .ok_or("it has an output")?
            .read_to_string(&mut said)?;
        Ok(Ran {
            boots: said.lines().next().unwrap_or_default().to_owned(),
            frame,
            ended: status.code(),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Puts the library in its place, runs the app until its first frame was seen, and ends as it does.
const RUN: &str = r#"#!/bin/sh
library=$1 folder=$2
ln -sfn "$library" "$folder/flet/lib/libapp.so"
"$folder/flet/flet" http://127.0.0.1:9 >"$folder/said" 2>&1 &
app=$!
(
    while [ ! -e "$folder/seen" ] && [ -d "/proc/$app" ]; do sleep 0.1; done
    kill "$app" 2>/dev/null
) &
code=0
wait "$app" || code=$?
if [ -e "$folder/seen" ]; then exit 0; fi
exit "$code"
"#;
/// For a first frame without a graphics card.
const PATIENCE: Duration = Duration::from_secs(60);
