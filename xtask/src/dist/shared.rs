//! The shared library, linked of the archive: with a name and symbols under versions, which cargo's
//! own has not.

use std::fs;
use std::path::Path;

use super::{DistError, io, run_command};

/// Links it into `folder`, with the links that programs are linked and run by.
pub(super) fn link(archive: &Path, script: &Path, folder: &Path) -> Result<(), DistError> {
    let library = folder.join(NAME);
    run_command("cc", "linking the shared library", |cc| {
        cc.args(["-shared", "-s", "-Wl,--gc-sections", "-Wl,-z,relro,-z,now"])
            .arg(format!("-Wl,-soname,{NAME}"))
            .arg(format!("-Wl,--version-script,{}", script.display()))
            .arg("-Wl,--whole-archive")
            .arg(archive)
            .arg("-Wl,--no-whole-archive")
            .args(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"])
            .arg("-o")
            .arg(&library);
    })?;
    #[cfg(unix)]
    {
        let link = folder.join("libpatchproof.so");
        std::os::unix::fs::symlink(NAME, &link).map_err(io(&link))?;
    }
    needs_little(&library)
}

/// What it is loaded with: nothing that a device may lack.
fn needs_little(library: &Path) -> Result<(), DistError> {
    let dynamic = run_command("readelf", "reading the shared library", |readelf| {
        readelf.args(["--dynamic", "--wide"]).arg(library);
    })?;
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    let name = |line: &str| {
        let (_, rest) = line.split_once('[')?;
        rest.split_once(']').map(|(name, _)| name.to_owned())
    };
    for found in needed.filter_map(name) {
        let is_known = KNOWN.iter().any(|known| found.starts_with(known));
        if !is_known {
            return Err(DistError::Needs { found });
        }
    }
    let size_bytes = fs::metadata(library).map_err(io(library))?.len();
    if size_bytes > SIZE_BYTES_MAX {
        let found = format!("{size_bytes} bytes, more than {SIZE_BYTES_MAX},");
        return Err(DistError::Needs { found });
    }
    Ok(())
}

const NAME: &str = "libpatchproof.so.0";
const KNOWN: [&str; 8] = [
    "libc.so",
    "libgcc_s.so",
    "libm.so",
    "libdl.so",
    "libpthread.so",
    "librt.so",
    "libutil.so",
    "ld-linux",
];
/// A library that is larger than this by accident is one that nobody noticed.
const SIZE_BYTES_MAX: u64 = 8 << 20;
