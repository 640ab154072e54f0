//! From a patch to a generation that could be installed: inflate, verify, compare, sync.

use std::io::{self, Write};

use patchproof_dart_delta::DartDelta;
use patchproof_patch::{Inflated, Inflation, Limits, ReadAt, StreamError};
use patchproof_storage::generation::{StageError, Staged, StagedGeneration};
use patchproof_storage::{Access, File, Storage, StorageError};

use crate::base;
use crate::check::Plan;
use crate::compatible;
use crate::error::{OperationError, PatchFault, Unfit, UpdateError};
use crate::machine::Machine;
use crate::origin::{self, Origin};
use crate::scratch::ScratchFile;
use crate::transport::{Cancel, Transport};
use crate::update::Progress;
use crate::updater::{LIBRARY_NAME, Updater, places};

/// A file of the updater's disk, read by position.
pub(crate) struct OnDisk<F>(pub(crate) F);

impl<F: File> ReadAt for OnDisk<F> {
    fn length(&self) -> io::Result<u64> {
        self.0.length().map_err(io::Error::other)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.0, buffer, offset)
    }
}

/// Fills the whole buffer with the bytes from `offset` on.
pub(crate) fn read_exact_at(file: &impl File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    let mut rest = buffer;
    let mut offset = offset;
    while !rest.is_empty() {
        let read = file.read_at(rest, offset).map_err(io::Error::other)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        rest = rest
            .split_at_mut_checked(read)
            .map_or(&mut [], |(_, rest)| rest);
        offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(())
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Inflates a patch into a generation that lies staged and synced. The downloads lock is held.
    pub(crate) fn stage(
        &self,
        plan: &Plan,
        patch: &dyn ReadAt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Staged, UpdateError> {
        if let Some(expected) = plan.patch_sha256 {
            let found = base::hash(patch).map_err(of_patch)?;
            let length = patch.length().map_err(of_patch)?;
            let why = match found == expected {
                true => other_size(plan.patch_bytes, length),
                false => Some(other_bytes(&expected, &found)),
            };
            if let Some(why) = why.filter(|_| !cfg!(patchproof_without = "bytes")) {
                return Err(fault(plan, false, why));
            }
        }
        let folder = places::staging();
        let mut staged = StagedGeneration::begin(&self.storage, &folder)?;
        let mut file = staged.file(LIBRARY_NAME).map_err(of_stage)?;
        progress(Progress::Inflating { bytes: 0 });
        let inflated = {
            let mut output = Watched {
                output: &mut file,
                bytes: 0,
                cancel,
                progress,
            };
            self.inflate(plan, patch, &mut output)
        };
        let inflated = inflated.map_err(|error| match cancel.is_cancelled() {
            true => UpdateError::Cancelled,
            false => error,
        })?;
        let (expected, found) = (&plan.library_sha256, &inflated.output_sha256);
        let why = match found == expected {
            true => other_size(plan.library_bytes, inflated.output_bytes),
            false => Some(other_library(expected, found)),
        };
        if let Some(why) = why.filter(|_| !cfg!(patchproof_without = "bytes")) {
            return Err(fault(plan, plan.blames_the_patch(), why));
        }
        let path = places::of(&format!("{folder}/{LIBRARY_NAME}"));
        let written = OnDisk(self.storage.open(&path, Access::Read)?);
        self.compare(plan, &written)?;
        progress(Progress::Installing);
        file.finish()?;
        staged.finish().map_err(of_stage)
    }

    fn inflate(
        &self,
        plan: &Plan,
        patch: &dyn ReadAt,
        output: &mut dyn Write,
    ) -> Result<Inflated, UpdateError> {
        let running;
        let (base, base_sha256): (&dyn ReadAt, _) = match plan.origin {
            Origin::Release => (self.base.bytes(), self.base_sha256),
            Origin::Running(sha256) => {
                running = self.open_running()?;
                (&running, sha256)
            }
        };
        let of_base = |error: &io::Error| match plan.origin {
            Origin::Release => self.of_base(error),
            Origin::Running(_) => origin::unreadable(error),
        };
        let base_bytes = base.length().map_err(|error| of_base(&error))?;
        let mut limits = Limits::for_base(base_bytes);
        limits.output_bytes_max = limits
            .output_bytes_max
            .min(self.config.limits.library_bytes_max)
            .min(plan.library_bytes.unwrap_or(u64::MAX));
        let scratch = ScratchFile::new(&self.storage, places::view());
        let mut inflation = Inflation::within(limits)
            .over_base(base_sha256)
            .with_transforms(&[&DartDelta]);
        if base_bytes > self.config.limits.view_memory_bytes_max {
            inflation = inflation.with_scratch(&scratch);
        }
        inflation
            .run(patch, base, output)
            .map_err(|error| match error {
                StreamError::Inflate(why) => fault(plan, plan.blames_the_patch(), why.into()),
                StreamError::ReadPatch(error) => of_patch(error),
                StreamError::ReadBase(error) => of_base(&error),
                StreamError::Write(error) | StreamError::Scratch(error) => of_disk(error),
                other => UpdateError::Operation(OperationError::Document {
                    reason: other.to_string(),
                }),
            })
    }

    /// The bytes are the promised ones; whether the engine takes them is another question, and the
    /// answer to it is the patch's alone.
    fn compare(&self, plan: &Plan, candidate: &dyn ReadAt) -> Result<(), UpdateError> {
        use compatible::Verdict;
        let bytes_max = self.config.limits.library_bytes_max;
        let arch = self.config.release.arch;
        match compatible::check(self.base.bytes(), candidate, arch, bytes_max) {
            Verdict::Compatible => Ok(()),
            Verdict::Unfit(why) => Err(fault(plan, true, why)),
            Verdict::Base(reason) => Err(UpdateError::Base {
                place: self.base.place().to_owned(),
                reason,
            }),
            Verdict::Unreadable(error) => Err(of_disk(error)),
        }
    }

    fn of_base(&self, error: &io::Error) -> UpdateError {
        UpdateError::Base {
            place: self.base.place().to_owned(),
            reason: error.to_string(),
        }
    }
}

/// The staged file, seen by somebody who may stop it.
struct Watched<'a> {
    output: &'a mut dyn Write,
    bytes: u64,
    cancel: &'a Cancel,
    progress: &'a mut dyn FnMut(Progress),
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        let count = self.output.write(bytes)?;
        let wide = u64::try_from(count).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(wide);
        (self.progress)(Progress::Inflating { bytes: self.bytes });
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

fn fault(plan: &Plan, is_the_patch: bool, why: Unfit) -> UpdateError {
    UpdateError::Patch(PatchFault {
        number: plan.offer.number,
        why,
        is_the_patch,
    })
}

fn other_bytes(expected: &[u8; 32], found: &[u8; 32]) -> Unfit {
    Unfit::OtherBytes {
        expected_sha256: hex::encode(expected),
        found_sha256: hex::encode(found),
    }
}

fn other_library(expected: &[u8; 32], found: &[u8; 32]) -> Unfit {
    Unfit::OtherLibrary {
        expected_sha256: hex::encode(expected),
        found_sha256: hex::encode(found),
    }
}

/// What is wrong with a length, where one was signed.
fn other_size(signed_bytes: Option<u64>, found_bytes: u64) -> Option<Unfit> {
    let expected_bytes = signed_bytes.filter(|signed| *signed != found_bytes)?;
    Some(Unfit::OtherSize {
        expected_bytes,
        found_bytes,
    })
}

fn of_stage(error: StageError) -> UpdateError {
    match error {
        StageError::Storage(error) => UpdateError::from(error),
        other => UpdateError::Operation(OperationError::Document {
            reason: other.to_string(),
        }),
    }
}

/// The patch lies on the updater's disk, or where the app keeps it.
fn of_patch(error: io::Error) -> UpdateError {
    match error.downcast::<StorageError>() {
        Ok(error) => UpdateError::from(error),
        Err(other) => UpdateError::ReadPatch(other),
    }
}

fn of_disk(error: io::Error) -> UpdateError {
    match error.downcast::<StorageError>() {
        Ok(error) => UpdateError::from(error),
        Err(other) => UpdateError::Operation(OperationError::Document {
            reason: other.to_string(),
        }),
    }
}
