//! Our own patches, as the product makes and inflates them.

use std::fs::File;
use std::time::{Duration, Instant};

use patchproof_dart_delta::{DartDelta, KNOWN};
use patchproof_patch::{Inflation, Limits, MakeOptions, make_through};

use super::contestants::{Contestant, Job};
use super::statistics::wide;

/// One of our ways.
pub(super) struct Ours {
    pub(super) name: String,
    pub(super) options: MakeOptions,
}

impl Contestant for Ours {
    fn name(&self) -> String {
        self.name.clone()
    }

    /// With what the product does before it hands a patch out: two decoders inflate it again.
    fn make(&self, job: &Job) -> Result<Duration, String> {
        let start = Instant::now();
        let patch = make_through(&job.base, &job.new, self.options, KNOWN);
        let patch = patch.map_err(|error| error.to_string())?;
        std::fs::write(job.patch(), patch).map_err(|error| error.to_string())?;
        Ok(start.elapsed())
    }

    /// The base is in memory and its hash is known, as for the others.
    fn inflate(&self, job: &Job) -> Result<Duration, String> {
        let start = Instant::now();
        let patch = File::open(job.patch()).map_err(|error| error.to_string())?;
        let mut output = File::create(job.output()).map_err(|error| error.to_string())?;
        let limits = Limits::for_base(wide(job.base.len()));
        Inflation::within(limits)
            .over_base(job.base_sha256)
            .with_transforms(&[&DartDelta])
            .expecting(wide(job.new.len()), job.new_sha256)
            .run(&patch, &job.base, &mut output)
            .map_err(|error| error.to_string())?;
        Ok(start.elapsed())
    }
}
