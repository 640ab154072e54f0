//! `patchproof apply`: inflates a patch over its base.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{InflateError, Limits, inflate_through};
use patchproof_report::ExitCode;
use sha2::{Digest as _, Sha256};

use crate::args::ApplyArgs;
use crate::files::{read_file, write_file};
use crate::output::{fail, print, say, shown};
use crate::progress::working;

pub(crate) fn run(args: &ApplyArgs) -> ExitCode {
    let [base, patch] = match [&args.base, &args.patch].map(|path| (path, read_file(path))) {
        [(_, Ok(base)), (_, Ok(patch))] => [base, patch],
        [(path, Err(error)), _] | [_, (path, Err(error))] => {
            return fail(&format!("{}: {error}", shown(path)));
        }
    };
    let limits = Limits::for_base(u64::try_from(base.len()).unwrap_or(u64::MAX));
    let inflated = working("inflating", || {
        inflate_through(&base, &patch, limits, KNOWN)
    });
    let output = match inflated {
        Ok(output) => output,
        Err(error) => {
            say(&format!(
                "{}: {error}; nothing was written",
                shown(&args.patch)
            ));
            return code_of(&error);
        }
    };
    if let Err(error) = write_file(&args.output, &output, &[&args.base, &args.patch]) {
        return fail(&format!("{}: {error}", shown(&args.output)));
    }
    let sha256 = hex::encode(Sha256::digest(&output));
    let line = format!(
        "{}  {} bytes\nsha256 {sha256}\n",
        shown(&args.output),
        output.len()
    );
    print(&line, ExitCode::Verified)
}

pub(super) const fn code_of(error: &InflateError) -> ExitCode {
    match error {
        InflateError::OtherBase { .. } | InflateError::NotThisBase { .. } => ExitCode::OtherBase,
        InflateError::UnknownTransform { .. } => ExitCode::Undecided,
        InflateError::DecodersDisagree { .. } => ExitCode::OurBug,
        _ => ExitCode::Different,
    }
}
