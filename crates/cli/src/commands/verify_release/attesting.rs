//! `--attest`: the report as a signed attestation, written beside it.

use std::path::{Path, PathBuf};

use patchproof_report::{ExitCode, Report};
use patchproof_trust::Sign;
use patchproof_verify::{Inputs, attest};

use crate::files::write_file;
use crate::output::{fail, say, shown};
use crate::signer::SignerArgs;

/// Where the attestation goes, and who signs it.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
#[command(next_help_heading = "Attestation")]
pub struct AttestArgs {
    /// Write a signed attestation of the report here: an in-toto statement in a DSSE envelope
    #[arg(long, value_name = "FILE")]
    pub attest: Option<PathBuf>,
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would show a doc comment of a flattened field as help"
    )]
    pub signer: SignerArgs,
}

/// An attestation that is to be written, with everybody there who signs it.
pub(super) struct Attesting<'a> {
    path: &'a Path,
    signers: Vec<Box<dyn Sign>>,
}

impl AttestArgs {
    /// Opens the keys, before anything takes long. `None` where no attestation is asked for.
    pub(super) fn open(&self) -> Result<Option<Attesting<'_>>, String> {
        match (&self.attest, self.signer.is_empty()) {
            (None, true) => Ok(None),
            (None, false) => {
                Err("a key was named and nothing to sign: add --attest FILE".to_owned())
            }
            (Some(_), true) => {
                Err("--attest needs somebody who signs: add --key or --signer".to_owned())
            }
            (Some(path), false) => {
                let signers = self.signer.open().map_err(|error| error.to_string())?;
                Ok(Some(Attesting { path, signers }))
            }
        }
    }
}

impl Attesting<'_> {
    /// Writes it. Whoever waits for the file must not go on without it: then a verified report
    /// gives [`ExitCode::Undecided`].
    pub(super) fn write(
        &self,
        report: &Report,
        inputs: &Inputs,
        paths: &[&Path],
        code: ExitCode,
    ) -> ExitCode {
        let signers: Vec<&dyn Sign> = self.signers.iter().map(AsRef::as_ref).collect();
        let attested = attest(report, inputs, inputs.now_s, &signers);
        let written = attested
            .map_err(|error| error.to_string())
            .and_then(|bytes| {
                write_file(self.path, &bytes, paths)
                    .map_err(|error| format!("{}: {error}", shown(self.path)))
            });
        match written {
            Ok(()) => code,
            Err(why) if code == ExitCode::Verified => fail(&why),
            Err(why) => {
                say(&why);
                code
            }
        }
    }
}
