//! A screen that nobody looks at: an X server whose pixels lie in a file.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use libtest_mimic::Failed;
use tempfile::TempDir;

/// Whether there is what a screen needs; `cargo xtask e2e flutter` says how to get it.
pub(crate) fn is_installed() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let has_xvfb = std::env::split_paths(&paths).any(|folder| folder.join("Xvfb").is_file());
    has_xvfb && libmpv().is_some()
}

/// The player library that the app asks for, by the name of today's package.
pub(crate) fn libmpv() -> Option<PathBuf> {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let paths = folders.map(|folder| PathBuf::from(folder).join("libmpv.so.2"));
    paths.into_iter().find(|path| path.is_file())
}

/// An X server; it ends when this is dropped.
pub(crate) struct Screen {
    server: Child,
    folder: TempDir,
    pub(crate) display: String,
}

/// What is on the screen.
pub(crate) struct Frame {
    pixels: Vec<[u8; 4]>,
}

impl Screen {
    pub(crate) fn start() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x720x24"])
            .args(["-nolisten", "tcp", "-fbdir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = server.stdout.take().ok_or("it has an output")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        Ok(Self {
            server,
            folder,
            display: format!(":{}", number.trim()),
        })
    }

    /// The pixels of this moment; the file is a window dump, whose head says how long it is.
    pub(crate) fn frame(&self) -> Result<Frame, Failed> {
        let dump = fs::read(self.folder.path().join("Xvfb_screen0"))?;
        let number = |index: usize| {
            let bytes = dump.get(index * 4..index * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
        };
        let colours = number(19).unwrap_or(0) * 12;
        let start = number(0).unwrap_or(0) + colours;
        let size_bytes = number(12).unwrap_or(0) * number(5).unwrap_or(0);
        let pixels = dump.get(start..start + size_bytes);
        let (pixels, _) = pixels.ok_or("the dump is whole")?.as_chunks::<4>();
        Ok(Frame {
            pixels: pixels.to_vec(),
        })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

impl Frame {
    /// A light page with something drawn on it that is neither the page nor the mouse: the spinner.
    pub(crate) fn is_drawn(&self) -> bool {
        let is_light = |pixel: &&[u8; 4]| pixel.iter().take(3).all(|value| *value > 0xf0);
        let is_blue = |pixel: &&[u8; 4]| pixel[0] > 0x70 && pixel[2] < 0x60;
        let light = self.pixels.iter().filter(is_light).count();
        let blue = self.pixels.iter().filter(is_blue).count();
        light * 10 > self.pixels.len() * 9 && blue > 50
    }

    /// From 0 to 1.
    pub(crate) fn share_of_equal_pixels(&self, other: &Self) -> f64 {
        let pairs = self.pixels.iter().zip(&other.pixels);
        let equal = pairs.filter(|(one, other)| one == other).count();
        let count = |number: usize| u32::try_from(number).map_or(f64::MAX, f64::from);
        count(equal) / count(self.pixels.len().max(other.pixels.len()))
    }
}
