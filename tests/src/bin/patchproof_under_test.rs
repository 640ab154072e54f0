//! The product's own `main`, built here so that the tests of this package can run it as a process.

fn main() -> std::process::ExitCode {
    patchproof_cli::main()
}
