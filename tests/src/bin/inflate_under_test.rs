//! Inflates one patch from files into a file and says how much memory that took: the process has
//! no other work, so its peak is the inflate's. Without arguments it says what doing nothing takes.

use std::fs::{self, File};
use std::io;
use std::process::ExitCode;

use patchproof_patch::{Inflation, Limits, ReadAt as _};

fn main() -> ExitCode {
    let paths: Vec<_> = std::env::args_os().skip(1).collect();
    let done = match &*paths {
        [] => Ok(()),
        [base, patch, output] => File::open(base).and_then(|base| {
            let limits = Limits::for_base(base.length()?);
            let patch = File::open(patch)?;
            let mut output = File::create_new(output)?;
            let inflated = Inflation::within(limits).run(&patch, &base, &mut output);
            inflated.map(|_| ()).map_err(io::Error::other)
        }),
        _ => Err(io::Error::other(
            "usage: inflate_under_test [BASE PATCH OUTPUT]",
        )),
    };
    match done.and_then(|()| peak_line()) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `VmHWM: <number> kB`, which Linux keeps for each process.
fn peak_line() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map(str::to_owned)
        .ok_or_else(|| io::Error::other("the system does not say its peak"))
}
