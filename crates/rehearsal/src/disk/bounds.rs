//! How far the images of a power cut are enumerated, and how far they were.

/// Up to where every image is made; beyond that the disk is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Every subset of so many unsynced blocks, counted over all files.
    pub blocks_max: usize,
    /// Every legal set of so many unsynced changes of names.
    pub name_changes_max: usize,
    /// And never more images than this at one moment.
    pub images_max: u64,
    /// Where a block is torn.
    pub torn: TornAt,
    /// Where blocks are swept: so many of them alone, the first and the last and others evenly
    /// between them. A file of megabytes has thousands.
    pub swept_blocks_max: usize,
    /// On a lying disk: so many of the last syncs may not have lasted.
    pub undone_syncs_max: usize,
}

/// After how many of its bytes a block is torn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TornAt {
    /// Nowhere: blocks are written whole.
    Nowhere,
    /// In the middle, and before the last byte.
    Middle,
    /// After the first byte, in the middle, before the last byte and at each 512 bytes.
    Sectors,
}

/// How the images were enumerated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Moments at which every image within the fault model was made. An honest disk has one moment;
    /// a lying one has one more for each sync that may not have lasted.
    pub exhaustive_moments: u64,
    /// Moments at which blocks or names were too many, and were swept.
    pub swept_moments: u64,
    /// Images so far, no two of them equal.
    pub images: u64,
    /// How often an image was made that had been there already.
    pub repeats: u64,
}

impl Bounds {
    /// As the test command has it: 8 blocks.
    #[must_use]
    pub const fn normal() -> Self {
        Self {
            blocks_max: 8,
            name_changes_max: 12,
            images_max: 1 << 20,
            torn: TornAt::Middle,
            swept_blocks_max: usize::MAX,
            undone_syncs_max: usize::MAX,
        }
    }

    /// As `--full` has it: 16 blocks, torn at each sector.
    #[must_use]
    pub const fn full() -> Self {
        Self {
            blocks_max: 16,
            name_changes_max: 16,
            images_max: 1 << 24,
            torn: TornAt::Sectors,
            swept_blocks_max: usize::MAX,
            undone_syncs_max: usize::MAX,
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self::normal()
    }
}

impl TornAt {
    /// In a block that has so many bytes.
    pub(super) fn points(self, bytes: usize) -> Vec<usize> {
        let mut points = match self {
            Self::Nowhere => Vec::new(),
            Self::Middle => vec![bytes / 2, bytes.saturating_sub(1)],
            Self::Sectors => {
                let sectors = (SECTOR_BYTES..bytes).step_by(SECTOR_BYTES);
                sectors
                    .chain([1, bytes / 2, bytes.saturating_sub(1)])
                    .collect()
            }
        };
        points.retain(|point| (1..bytes).contains(point));
        points.sort_unstable();
        points.dedup();
        points
    }
}

const SECTOR_BYTES: usize = 512;
