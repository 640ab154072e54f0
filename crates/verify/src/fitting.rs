//! What a patch gives over a released library, if whoever runs the one would run the other.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{InflateError, Limits, inflate_through};
use patchproof_report::{ExitCode, Finding, Rule};
use patchproof_snapshot::{Named, Snapshot, compare};

use crate::rows::{RELEASED, wide};

/// Why a patch is not taken: the exit code, and what to say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfit {
    /// Never [`ExitCode::Verified`].
    pub exit_code: ExitCode,
    /// At least one.
    pub findings: Vec<Finding>,
}

/// What this patch gives over the released library, whose snapshot is `base`. The patch's name is
/// for messages.
///
/// # Errors
///
/// [`ExitCode::OtherBase`] where it was made over another base, also where that shows only in an
/// output that is no snapshot; [`ExitCode::Incompatible`] where the release's engine would not take
/// the output, [`ExitCode::Undecided`] where that could not be settled, and for a patch that cannot
/// be inflated what is at fault.
pub fn fitting_output(
    released: &[u8],
    base: &Snapshot,
    name: &str,
    patch: &[u8],
) -> Result<Vec<u8>, Unfit> {
    let limits = Limits::for_base(wide(released.len()));
    let output = inflate_through(released, patch, limits, KNOWN);
    let output = output.map_err(|error| of(name, &error))?;
    let snapshot = Snapshot::read(&output).map_err(|error| {
        let message = format!("{name}: over {RELEASED} it gives no Dart snapshot ({error})");
        Unfit {
            exit_code: ExitCode::OtherBase,
            findings: vec![Finding::new(Rule::OtherBase, message)],
        }
    })?;
    let comparison = compare(
        Named::new(RELEASED, base),
        Named::new(name, &snapshot),
        None,
    );
    match comparison.verdict.exit_code() {
        ExitCode::Verified => Ok(output),
        exit_code => Err(Unfit {
            exit_code,
            findings: comparison.findings,
        }),
    }
}

fn of(name: &str, error: &InflateError) -> Unfit {
    let (exit_code, rule) = match error {
        InflateError::OtherBase { .. } | InflateError::NotThisBase { .. } => {
            (ExitCode::OtherBase, Rule::OtherBase)
        }
        InflateError::UnknownTransform { .. } => (ExitCode::Undecided, Rule::PatchTooNew),
        InflateError::DecodersDisagree { .. } => (ExitCode::OurBug, Rule::DecodersDisagree),
        InflateError::OverLimit { .. } => (ExitCode::Different, Rule::PatchOverLimit),
        _ => (ExitCode::Different, Rule::PatchMalformed),
    };
    Unfit {
        exit_code,
        findings: vec![Finding::new(rule, format!("{name}: {error}"))],
    }
}
