//! What a machine knows that no file says: the time, whether it restarted, and chance.

use std::time::{SystemTime, UNIX_EPOCH};

/// The machine that the updater runs on.
pub trait Machine: Send + Sync {
    /// Wall clock, in milliseconds since 1970. It may jump; nothing relies on it but ages and
    /// dates.
    fn now_ms(&self) -> u64;

    /// Another value after each restart of the machine, and preferably the same one until then.
    /// What was found whole on the disk is looked at anew when it changes.
    fn boot_id(&self) -> [u8; 16];

    /// Fills the buffer with numbers that nobody can guess. They name the installation and spread
    /// retries; and a signed answer is a new one because it repeats such a number: from a generator
    /// that can be predicted, answers could be collected beforehand.
    fn random(&self, bytes: &mut [u8]);
}

/// The machine as it is.
///
/// On Linux and Android the boot id is the kernel's. Other systems tell theirs only through calls
/// that need unsafe code: there it is a new one in each process, so that a generation is hashed at
/// each start rather than trusted too long.
#[derive(Clone, Debug)]
pub struct RealMachine {
    boot_id: [u8; 16],
}

impl RealMachine {
    /// Reads the boot id once.
    #[must_use]
    pub fn new() -> Self {
        let kernel = std::fs::read_to_string(KERNEL_BOOT_ID).ok();
        let boot_id = kernel.as_deref().and_then(uuid).unwrap_or_else(|| {
            let mut bytes = [0; 16];
            fill(&mut bytes);
            bytes
        });
        Self { boot_id }
    }
}

impl Default for RealMachine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine for RealMachine {
    fn now_ms(&self) -> u64 {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let ms = since_1970.map_or(0, |time| time.as_millis());
        u64::try_from(ms).unwrap_or(u64::MAX)
    }

    fn boot_id(&self) -> [u8; 16] {
        self.boot_id
    }

    fn random(&self, bytes: &mut [u8]) {
        fill(bytes);
    }
}

/// Where the system has no randomness to give, the time and the process stand in: a name that is
/// most likely unique is enough here.
fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_ok() {
        return;
    }
    use sha2::{Digest as _, Sha256};
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = since_1970.map_or(0, |time| time.as_nanos());
    for (index, chunk) in (0_u64..).zip(bytes.chunks_mut(32)) {
        let mut hasher = Sha256::new();
        hasher.update(nanos.to_le_bytes());
        hasher.update(std::process::id().to_le_bytes());
        hasher.update(index.to_le_bytes());
        for (byte, from) in chunk.iter_mut().zip(hasher.finalize()) {
            *byte = from;
        }
    }
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.trim().chars().filter(|digit| *digit != '-').collect();
    let mut bytes = [0; 16];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    Some(bytes)
}

const KERNEL_BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_uuid_is_read_as_its_bytes() {
        let read = uuid("00112233-4455-6677-8899-aabbccddeeff\n").unwrap();
        assert_eq!(hex::encode(read), "00112233445566778899aabbccddeeff");
        assert_eq!(uuid("no uuid"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn two_views_of_one_machine_agree_on_its_boot() {
        assert_eq!(RealMachine::new().boot_id(), RealMachine::new().boot_id());
    }
}
