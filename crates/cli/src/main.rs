//! The `patchproof` command; everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    patchproof_cli::main()
}
