//! `patchproof diff`: makes a patch.

use patchproof_patch::{MakeError, make};
use patchproof_report::ExitCode;
use sha2::{Digest as _, Sha256};

use crate::args::{CodecChoice, ContainerChoice, DiffArgs};
use crate::files::{read_file, write_file};
use crate::output::{fail, print, say, shown};
use crate::progress::working;

pub(crate) fn run(args: &DiffArgs) -> ExitCode {
    // One of each so far: the match makes a new one a compile error here.
    let (ContainerChoice::Shorebird, CodecChoice::Zstd) = (args.container, args.codec);
    let [base, new] = match [&args.base, &args.new].map(|path| (path, read_file(path))) {
        [(_, Ok(base)), (_, Ok(new))] => [base, new],
        [(path, Err(error)), _] | [_, (path, Err(error))] => {
            return fail(&format!("{}: {error}", shown(path)));
        }
    };
    let made = working("making the patch", || make(&base, &new, args.level));
    let patch = match made {
        Ok(patch) => patch,
        Err(error @ MakeError::NotReproduced { .. }) => {
            say(&format!("{error}; nothing was written"));
            return ExitCode::OurBug;
        }
        Err(error) => return fail(&error.to_string()),
    };
    if let Err(error) = write_file(&args.output, &patch, &[&args.base, &args.new]) {
        return fail(&format!("{}: {error}", shown(&args.output)));
    }
    let share = permille(patch.len(), new.len());
    let line = format!(
        "{}  {} bytes ({}.{} % of the new file)\nsha256 {}\n",
        shown(&args.output),
        patch.len(),
        share / 10,
        share % 10,
        hex::encode(Sha256::digest(&patch))
    );
    print(&line, ExitCode::Verified)
}

fn permille(part: usize, whole: usize) -> usize {
    part.saturating_mul(1000).checked_div(whole).unwrap_or(1000)
}
