//! What runs beside the steps: a build that a later step asks for.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::environment::hide_package;

/// It runs until it ends by itself, or with the steps.
pub(super) struct Beside(Child);

impl Beside {
    /// Nothing is said of it, and nobody waits for it: the step that needs what it builds builds
    /// what is missing, and tells what is wrong. That it could not be started is no fault either.
    pub(super) fn start(root: &Path, command: &str) -> Option<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-euc", command]).current_dir(root);
        shell.stdin(Stdio::null());
        shell.stdout(Stdio::null()).stderr(Stdio::null());
        hide_package(&mut shell);
        shell.spawn().ok().map(Self)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Fails where it has ended, as it should have.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
