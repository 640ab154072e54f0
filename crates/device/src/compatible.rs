//! Whether this app's engine would take a library: it took the bundled one.

use std::io;

use patchproof_patch::ReadAt;
use patchproof_protocol::Arch;
use patchproof_report::{CompareVerdict, Severity};
use patchproof_snapshot::{Arch as Machine, Named, Snapshot, compare};

use crate::base::SnapshotSeen;
use crate::error::Unfit;

/// What became of the comparison.
pub(crate) enum Verdict {
    Compatible,
    /// The candidate is at fault.
    Unfit(Unfit),
    /// The base is nothing that could be compared with.
    Base(String),
    /// The candidate could not be read.
    Unreadable(io::Error),
}

/// Holds a candidate against the base. Each is in memory once, one after the other.
pub(crate) fn check(
    base: &dyn ReadAt,
    candidate: &dyn ReadAt,
    arch: Arch,
    bytes_max: u64,
) -> Verdict {
    let base = match read(base, bytes_max) {
        Ok(bytes) => Snapshot::read(&bytes).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let base = match base {
        Ok(base) => base,
        Err(reason) => return Verdict::Base(reason),
    };
    if base.arch != machine(arch) {
        return Verdict::Base(format!(
            "it is for {}, and the app says that it runs on {arch}",
            base.arch.word()
        ));
    }
    let candidate = match read(candidate, bytes_max) {
        Ok(bytes) => Snapshot::read(&bytes),
        Err(error) => return Verdict::Unreadable(error),
    };
    match candidate {
        Ok(candidate) => held_against(&base, &candidate),
        Err(error) => Verdict::Unfit(Unfit::NoSnapshot {
            reason: error.to_string(),
        }),
    }
}

/// What statements call the snapshots that this app's engine takes.
pub(crate) fn facts(base: &dyn ReadAt, bytes_max: u64) -> Result<SnapshotSeen, String> {
    let bytes = read(base, bytes_max).map_err(|error| error.to_string())?;
    let snapshot = Snapshot::read(&bytes).map_err(|error| error.to_string())?;
    Ok(SnapshotSeen {
        version: snapshot.header().version.clone(),
        features: snapshot.features().map(str::to_owned).collect(),
    })
}

/// What cannot be settled counts against the candidate where the base does not have it too: then
/// the engine is known to run it.
fn held_against(base: &Snapshot, candidate: &Snapshot) -> Verdict {
    let comparison = compare(
        Named::new("the bundled library", base),
        Named::new("the patched library", candidate),
        None,
    );
    let misfits_anew = base.misfits.is_empty() && !candidate.misfits.is_empty();
    if comparison.verdict != CompareVerdict::Incompatible && !misfits_anew {
        return Verdict::Compatible;
    }
    let grave = comparison
        .findings
        .iter()
        .filter(|it| it.severity >= Severity::Undecided);
    let reasons: Vec<&str> = grave.map(|finding| finding.message.as_str()).collect();
    Verdict::Unfit(Unfit::Incompatible {
        reason: reasons.join("; "),
    })
}

const fn machine(arch: Arch) -> Machine {
    match arch {
        Arch::Aarch64 => Machine::Arm64,
        Arch::Arm => Machine::Arm,
        Arch::X64 => Machine::X64,
        Arch::X86 => Machine::X86,
        _ => Machine::Unknown,
    }
}

fn read(bytes: &dyn ReadAt, bytes_max: u64) -> io::Result<Vec<u8>> {
    let length = bytes.length()?;
    if length > bytes_max {
        let words = format!("it has {length} bytes, expected at most {bytes_max}");
        return Err(io::Error::other(words));
    }
    let length = usize::try_from(length).map_err(io::Error::other)?;
    let mut whole = vec![0; length];
    bytes.read_exact_at(&mut whole, 0)?;
    Ok(whole)
}
