//! How a patch is put into its place, and what a start makes of an install that was cut short.

use super::phone::{Artifact, Disk, Op, Patch, Set};

/// The operations of an install over what is there, after the download is verified.
pub(super) fn install(disk: &Disk, patch: Patch) -> Vec<Op> {
    let (old, new) = (&disk.current, Set::of(patch));
    let with_files = |set: Set| FILES.into_iter().filter(move |artifact| set.has(*artifact));
    let mut ops: Vec<_> = with_files(new).map(Op::Stage).collect();
    ops.extend([Op::WriteMeta(patch), Op::WriteMarker]);
    let all = ORDER.into_iter().filter(|artifact| old.has(*artifact));
    ops.extend(all.clone().map(Op::SetAside));
    ops.extend(with_files(new).map(Op::Place));
    ops.push(Op::Place(Artifact::Meta));
    for artifact in all {
        // A folder goes file by file: there is a moment at which it is thinned out.
        ops.extend((artifact == Artifact::Assets).then_some(Op::Thin));
        ops.push(Op::Drop(artifact));
    }
    ops.extend([Op::DeleteStaging, Op::DeleteMarker]);
    ops
}

/// What a start does where the marker is found.
pub(super) fn recover(disk: &Disk) -> Vec<Op> {
    if !disk.marker {
        return Vec::new();
    }
    let mut ops = Vec::new();
    if !disk.previous.is_empty() {
        let restored = LAST_IS_META
            .into_iter()
            .filter(|artifact| disk.previous.has(*artifact));
        ops.extend(restored.map(Op::Restore));
    } else if disk.current.code.is_none() || disk.current.meta.is_none() {
        ops.push(Op::DeleteCurrent);
    }
    ops.extend([Op::DeleteLeftovers, Op::DeleteMarker]);
    ops
}

/// Carries out one operation; none where what it moves is not there.
pub(super) fn execute(disk: &mut Disk, op: &Op) -> Option<()> {
    match *op {
        Op::Stage(artifact) => renamed(artifact, &mut disk.staging, &mut disk.pending)?,
        Op::WriteMeta(patch) => disk.pending.meta = Some(patch),
        Op::WriteMarker => disk.marker = true,
        Op::SetAside(artifact) => renamed(artifact, &mut disk.current, &mut disk.previous)?,
        Op::Place(artifact) => renamed(artifact, &mut disk.pending, &mut disk.current)?,
        Op::Restore(artifact) => renamed(artifact, &mut disk.previous, &mut disk.current)?,
        Op::Thin => {
            if let Some(assets) = &mut disk.previous.assets {
                assets.whole = false;
            }
        }
        Op::Drop(artifact) => Set::default().take(artifact, &mut disk.previous),
        Op::DeleteStaging => {
            disk.staging = Set::default();
            disk.staging_folder = false;
        }
        Op::DeleteMarker => disk.marker = false,
        Op::DeleteCurrent => disk.current = Set::default(),
        Op::DeleteLeftovers => {
            disk.pending = Set::default();
            disk.previous = Set::default();
        }
        _ => return None,
    }
    Some(())
}

fn renamed(artifact: Artifact, from: &mut Set, to: &mut Set) -> Option<()> {
    from.has(artifact).then(|| to.take(artifact, from))
}

const FILES: [Artifact; 3] = [Artifact::Code, Artifact::Assets, Artifact::Archive];
const ORDER: [Artifact; 4] = [
    Artifact::Code,
    Artifact::Meta,
    Artifact::Assets,
    Artifact::Archive,
];
const LAST_IS_META: [Artifact; 4] = [
    Artifact::Code,
    Artifact::Assets,
    Artifact::Archive,
    Artifact::Meta,
];
