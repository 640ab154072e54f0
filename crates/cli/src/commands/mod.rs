//! One file a command: read, ask, print.

mod apply;
mod compare;
mod diff;
mod explain;
mod inspect;
mod inspect_archive;
mod inspect_parts;
mod inspect_text;
mod keygen;
mod patch;
mod promote;
mod rehearse;
mod rehearse_text;
mod release;
mod report_output;
mod rollback;
mod rollout;
mod root;
mod root_init;
mod root_rotate;
mod root_show;
mod root_sign;
#[cfg(feature = "serve")]
mod serve;
mod sign;
mod sign_add;
mod sign_channel;
pub(crate) mod sign_common;
mod sign_patch;
mod sign_place;
mod status;
pub(crate) mod stopped;
mod token;
mod verify;
mod verify_documents;
mod verify_legacy;
pub mod verify_release;
mod verify_text;

use patchproof_report::ExitCode;

pub(crate) use keygen::KeygenArgs;
pub(crate) use patch::PatchCommandArgs;
pub(crate) use promote::PromoteArgs;
pub(crate) use release::ReleaseArgs;
pub(crate) use rollback::RollbackArgs;
pub(crate) use rollout::RolloutArgs;
pub(crate) use root::RootArgs;
pub(crate) use sign::SignArgs;
pub(crate) use status::StatusArgs;
pub(crate) use token::TokenArgs;
pub(crate) use verify::VerifyArgs;

use crate::args::{Cli, Command};

pub(crate) fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Command::Inspect(args) => inspect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Apply(args) => apply::run(&args),
        Command::VerifyRelease(args) => verify_release::run(&args),
        Command::Keygen(args) => keygen::run(&args),
        Command::Root(args) => root::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::Explain(args) => explain::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(*args),
        Command::Release(args) => release::run(&args),
        Command::Patch(args) => patch::run(&args),
        Command::Promote(args) => promote::run(&args),
        Command::Rollout(args) => rollout::run(&args),
        Command::Rollback(args) => rollback::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Token(args) => token::run(&args),
    }
}
