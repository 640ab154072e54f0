//! A file that goes bad on the medium.

use std::collections::BTreeSet;

use super::SimDisk;
use super::file::FileNode;
use super::state::Ino;

/// How a file goes bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rot {
    /// The lowest bit of its byte at that offset is another.
    Bit {
        /// In bytes.
        offset: usize,
    },
    /// All of the block that has its byte at that offset is zero.
    Block {
        /// In bytes.
        offset: usize,
    },
    /// It cannot be read any more.
    Unreadable,
}

impl SimDisk {
    /// Other disks on which one file each has gone bad: at its first, middle or last byte, a
    /// block of it, or so that it cannot be read. With the file's path; no two of them equal, none
    /// equal to this disk. Meant for what [`images`](Self::images) gives: unsynced writes to the
    /// file that goes bad are not there.
    pub fn rotten(&self) -> impl Iterator<Item = (String, Rot, Self)> + use<> {
        let disk = self.fork();
        let mut seen = BTreeSet::from([disk.fingerprint()]);
        disk.rots().into_iter().filter_map(move |(path, ino, rot)| {
            let rotten = disk.fork();
            rotten.rot_file(ino, rot);
            seen.insert(rotten.fingerprint())
                .then_some((path, rot, rotten))
        })
    }

    fn rots(&self) -> Vec<(String, Ino, Rot)> {
        let control = self.locked();
        let mut rots = Vec::new();
        for (path, ino) in control.state.walk() {
            let Some(file) = control.state.file(ino) else {
                continue;
            };
            let length = file.seen().length();
            let mut offsets = vec![0, length / 2, length.saturating_sub(1)];
            offsets.dedup();
            offsets.retain(|offset| *offset < length);
            let bits = offsets.iter().map(|offset| Rot::Bit { offset: *offset });
            let blocks = offsets.iter().map(|offset| Rot::Block { offset: *offset });
            let all = bits.chain(blocks).chain([Rot::Unreadable]);
            rots.extend(all.map(|rot| (path.clone(), ino, rot)));
        }
        rots
    }

    fn rot_file(&self, ino: Ino, rot: Rot) {
        let mut control = self.locked();
        control.fingerprint = None;
        let is_lying = control.history.is_some();
        if let Some(file) = control.state.file_mut(ino) {
            rot.befall(file);
        }
        // What rotted has been on the medium: no sync of it is still to be undone.
        control.history = is_lying.then(Default::default);
    }
}

impl Rot {
    fn befall(self, file: &mut FileNode) {
        let block = file.seen().block_bytes();
        match self {
            Self::Bit { offset } => file.rot(|bytes| bytes.flip(offset, 1)),
            Self::Block { offset } => file.rot(|bytes| bytes.zero_block(offset / block)),
            Self::Unreadable => file.unreadable = true,
        }
    }
}
