//! Every disk that a power cut may leave, one after the other.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::SimDisk;
use super::bounds::{Bounds, Coverage};
use super::moment::Moment;
use super::state::State;

/// The disks that a power cut at this moment may leave, no two of them equal in names and bytes.
/// Each lasts as it is, has power, and is locked by nobody.
pub struct Images {
    moments: Box<dyn Iterator<Item = State> + Send>,
    bounds: Bounds,
    is_lying: bool,
    current: Option<Moment>,
    seen: HashSet<u128, BuildHasherDefault<LowBits>>,
    coverage: Coverage,
}

impl Images {
    pub(super) fn of(
        moments: Box<dyn Iterator<Item = State> + Send>,
        bounds: Bounds,
        is_lying: bool,
    ) -> Self {
        Self {
            moments,
            bounds,
            is_lying,
            current: None,
            seen: HashSet::default(),
            coverage: Coverage::default(),
        }
    }

    /// How far they were enumerated; final once there are no more.
    #[must_use]
    pub const fn coverage(&self) -> Coverage {
        self.coverage
    }

    fn next_moment(&mut self) -> Option<()> {
        let moment = Moment::of(self.moments.next()?, &self.bounds);
        if moment.is_exhaustive() {
            self.coverage.exhaustive_moments += 1;
        } else {
            self.coverage.swept_moments += 1;
        }
        self.current = Some(moment);
        Some(())
    }
}

impl Iterator for Images {
    type Item = SimDisk;

    fn next(&mut self) -> Option<SimDisk> {
        loop {
            let Some(moment) = &mut self.current else {
                self.next_moment()?;
                continue;
            };
            let Some(fingerprint) = moment.advance() else {
                self.current = None;
                continue;
            };
            if self.seen.insert(fingerprint) {
                self.coverage.images += 1;
                let state = moment.image();
                return Some(SimDisk::of_image(state, self.is_lying, fingerprint));
            }
            self.coverage.repeats += 1;
        }
    }
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Images")
            .field("bounds", &self.bounds)
            .field("coverage", &self.coverage)
            .finish_non_exhaustive()
    }
}

/// A fingerprint is mixed already: its low bits are as good a hash as any.
#[derive(Default)]
struct LowBits(u64);

impl Hasher for LowBits {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, value: u128) {
        let [a, b, c, d, e, f, g, h, ..] = value.to_le_bytes();
        self.0 = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    }
}
