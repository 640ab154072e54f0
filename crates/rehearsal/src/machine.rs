//! A machine's clock, its boots, and chance that comes out the same every time.

use std::sync::{Arc, Mutex, PoisonError};

/// What a machine has besides its disk. A clone is the same machine; [`fork`](Self::fork) is
/// another one in the same condition.
#[derive(Clone, Debug)]
pub struct SimMachine {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Clone, Debug)]
struct Inner {
    now_ms: u64,
    boots: u128,
    /// Of the random numbers, which are the same for the same seed.
    random: u64,
}

impl SimMachine {
    /// A machine that was just switched on, at that time in milliseconds since 1970.
    #[must_use]
    pub fn new(now_ms: u64, seed: u64) -> Self {
        Self::of(Inner {
            now_ms,
            boots: 1,
            random: seed,
        })
    }

    /// Milliseconds since 1970, as its clock has them.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.with(|inner| inner.now_ms)
    }

    /// Another after each restart.
    #[must_use]
    pub fn boot_id(&self) -> [u8; 16] {
        self.with(|inner| inner.boots.to_be_bytes())
    }

    /// Fills the buffer with numbers nobody expects.
    pub fn random(&self, bytes: &mut [u8]) {
        self.with(|inner| {
            for chunk in bytes.chunks_mut(8) {
                let random = inner.next_random().to_le_bytes();
                for (to, from) in chunk.iter_mut().zip(random) {
                    *to = from;
                }
            }
        });
    }

    /// Time goes by.
    pub fn pass(&self, ms: u64) {
        self.with(|inner| inner.now_ms = inner.now_ms.saturating_add(ms));
    }

    /// The machine starts again, as it does after a power cut.
    pub fn restart(&self) {
        self.with(|inner| inner.boots += 1);
    }

    /// Another machine in the same condition.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::of(self.with(|inner| inner.clone()))
    }

    fn of(inner: Inner) -> Self {
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl patchproof_device::Machine for SimMachine {
    fn now_ms(&self) -> u64 {
        self.now_ms()
    }

    fn boot_id(&self) -> [u8; 16] {
        self.boot_id()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.random(bytes);
    }
}

impl Inner {
    /// SplitMix64.
    const fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_changes_the_boot_id_and_a_fork_keeps_to_itself() {
        let machine = SimMachine::new(1000, 7);
        let fork = machine.fork();
        machine.restart();
        assert_ne!(machine.boot_id(), fork.boot_id());
        fork.restart();
        assert_eq!(machine.boot_id(), fork.boot_id());
    }

    #[test]
    fn equal_machines_have_equal_chance_and_one_machine_never_twice() {
        let machine = SimMachine::new(0, 7);
        let fork = machine.fork();
        let (mut one, mut two, mut three) = ([0; 12], [0; 12], [0; 12]);
        machine.random(&mut one);
        machine.random(&mut two);
        fork.random(&mut three);
        assert_ne!(one, two);
        assert_eq!(one, three);
    }

    #[test]
    fn the_clock_goes_forward_by_itself_and_backward_when_set() {
        let machine = SimMachine::new(1000, 7);
        machine.pass(500);
        assert_eq!(machine.now_ms(), 1500);
    }
}
