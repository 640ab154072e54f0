//! The simulated machine, as the device library asks for one.

use patchproof_device::Machine;
use patchproof_rehearsal::SimMachine;

/// A simulated machine's clock, boots and chance. A clone is the same machine.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a wrapper, and nothing else")]
pub struct PhoneMachine(pub SimMachine);

impl Machine for PhoneMachine {
    fn now_ms(&self) -> u64 {
        self.0.now_ms()
    }

    fn boot_id(&self) -> [u8; 16] {
        self.0.boot_id()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.0.random(bytes);
    }
}
