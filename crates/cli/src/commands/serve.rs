//! `patchproof serve`: the reference server, until it is told to stop.

use patchproof_report::ExitCode;
use patchproof_server::operations::log_to_stderr;
use patchproof_server::settings::{ServeArgs, Settings};

use crate::output::fail;

pub(crate) fn run(args: ServeArgs) -> ExitCode {
    match serve(args) {
        Ok(()) => ExitCode::Verified,
        Err(why) => fail(&why.to_string()),
    }
}

fn serve(args: ServeArgs) -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::read(args)?;
    log_to_stderr(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(patchproof_server::serve(settings))?;
    Ok(())
}
