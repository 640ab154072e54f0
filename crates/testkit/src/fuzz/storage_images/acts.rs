//! What is done to a disk, and how it fails.

use patchproof_rehearsal::{Failure, FaultPlan, SimProcess, Which};
use patchproof_storage::generation::{self, StageError, StagedGeneration};
use patchproof_storage::{Copies, StoragePath};

use super::model;
use crate::fuzz::choices::Choices;

/// What is done to a disk.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Commit(Copies, usize),
    Publish(usize),
    Remove(usize),
}

/// Stages files of this content and gives them their place.
pub(super) fn publish(
    process: &SimProcess,
    place: StoragePath,
    number: u32,
) -> Result<(), StageError> {
    let staging = StoragePath::new("staging/0").expect("a path of ours");
    let mut staged = StagedGeneration::begin(process, &staging)?;
    for (name, bytes) in model::files(number) {
        let mut file = staged.file(name)?;
        for chunk in bytes.chunks(CHUNK_BYTES) {
            file.write(chunk)?;
        }
        file.finish()?;
    }
    let staged = staged.finish()?;
    Ok(generation::publish(process, &staged, &place)?)
}

/// Where a generation lies.
pub(super) fn place_of(place: usize) -> StoragePath {
    let name = PLACES.get(place).copied().unwrap_or_default();
    StoragePath::new(&format!("generations/{name}")).expect("a path of ours")
}

/// Any act.
pub(super) fn any(choices: &mut Choices<'_>) -> Act {
    match choices.below(5) {
        0..=2 => commit(choices),
        3 => Act::Publish(choices.below(PLACES.len())),
        _ => Act::Remove(choices.below(PLACES.len())),
    }
}

/// Any commit.
pub(super) fn commit(choices: &mut Choices<'_>) -> Act {
    let copies = choices.pick(&[Copies::One, Copies::Both]);
    Act::Commit(copies, usize::from(choices.short() % 1500))
}

/// Any failure of the disk.
pub(super) fn fault(choices: &mut Choices<'_>) -> FaultPlan {
    let of = choices.pick(&[Which::Any, Which::Changes, Which::NeedsSpace]);
    let nth = u64::from(choices.byte() % 40);
    let failure = choices.pick(&[Failure::Io, Failure::NoSpace, Failure::Denied]);
    let mut plan = match choices.one_in(4) {
        true => FaultPlan::for_ever(of, nth, failure),
        false => FaultPlan::once(of, nth, failure),
    };
    if choices.one_in(3) {
        plan = plan.after_a_short_write(choices.byte().into());
    }
    if choices.one_in(3) {
        plan = plan.although_done();
    }
    plan
}

/// Where generations lie.
pub(super) const PLACES: [&str; 2] = ["aa", "bb"];
const CHUNK_BYTES: usize = 700;
