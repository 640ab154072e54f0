//! The making half: finds the regions of two files and how the values in them moved.
//!
//! Values are learned by aligning: the base as it is seen so far is matched with the new file as it
//! is seen; where values of one kind stand in the same place of an aligned stretch, the difference
//! is a vote for how far that value moved. Each round aligns better than the one before. Nothing
//! here is decided by the order of a hash map or by threads: the same files give the same patch.

mod columns;
mod detect;
mod dispatch_start;
mod fit;
mod tokens;
mod votes;

use patchproof_patch::{MakeTransform, ReadAt, Views, aligned};

use crate::inflate::{dispatch, instructions};
use crate::inflate::shifts::Maps;
use crate::inflate::side::{Kind, Orders, Region, Run, Side};
use crate::inflate::view;
use tokens::Tokens;

/// The making half of [`DartDelta`](crate::DartDelta).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MakeDartDelta;

impl MakeTransform for MakeDartDelta {
    fn id(&self) -> u16 {
        crate::ID
    }

    fn views(&self, base: &[u8], new: &[u8]) -> Option<Views> {
        let regions = detect::regions(base)?;
        let mut at = 0; for r in &regions { eprintln!("{:?} {at} {}", r.kind, r.bytes); at += r.bytes; }
        let pair = Pair::of(base, new, regions, detect::regions(new)?)?;
        let (maps, runs) = pair.learned()?;
        let v = pair.views(maps, runs);
        eprintln!("views {:?}", v.as_ref().map(|v| (v.base.len(), v.new.len(), v.side.len())));
        v
    }
}

/// Two files with their regions, and the new one as it is seen.
struct Pair<'a> {
    base: &'a [u8],
    new: &'a [u8],
    base_regions: Vec<Region>,
    new_regions: Vec<Region>,
    seen: Vec<u8>,
    tokens: Tokens,
}

impl<'a> Pair<'a> {
    fn of(
        base: &'a [u8],
        new: &'a [u8],
        base_regions: Vec<Region>,
        new_regions: Vec<Region>,
    ) -> Option<Self> {
        let mut tokens = Tokens::default();
        let seen = seen(new, &new_regions, &Maps::default(), &[], &mut tokens)?;
        Some(Self {
            base,
            new,
            base_regions,
            new_regions,
            seen,
            tokens,
        })
    }

    fn learned(&self) -> Option<(Maps, Vec<Run>)> {
        let mut maps = Maps::default();
        let mut runs = Vec::new();
        for round in 0..ROUNDS {
            let mut tokens = Tokens::default();
            let view = seen(self.base, &self.base_regions, &maps, &runs, &mut tokens)?;
            let stretches = aligned(&view, &self.seen, CANDIDATES_MAX, SLACK_BYTES);
            let votes = votes::of(&tokens, &self.tokens, &stretches);
            if round + 1 < ROUNDS {
                fit::fit(&votes, &tokens, &[], &mut maps);
                (maps.columns, runs) = columns::found(&votes, &tokens, &maps);
            }
            fit::fit(&votes, &tokens, &runs, &mut maps);
        }
        Some((maps, runs))
    }

    fn views(&self, maps: Maps, runs: Vec<Run>) -> Option<Views> {
        let view = seen(self.base, &self.base_regions, &maps, &runs, &mut ())?;
        let orders = self.orders()?;
        let side = Side {
            base: self.base_regions.clone(),
            output: self.seen_regions()?,
            maps,
            runs,
            orders: orders
                .iter()
                .map(|(maps, entries)| Orders { maps, entries })
                .collect(),
        };
        Some(Views {
            base: view,
            new: self.seen.clone(),
            side: side.bytes(),
        })
    }

    /// The regions of the new file, as long as they are seen.
    fn seen_regions(&self) -> Option<Vec<Region>> {
        let mut regions = Vec::new();
        let mut rest = self.new;
        for region in &self.new_regions {
            let (bytes, behind) = rest.split_at_checked(usize::try_from(region.bytes).ok()?)?;
            rest = behind;
            let kind = region.kind;
            let bytes = match kind {
                Kind::Dispatch => dispatch::expanded(bytes, usize::MAX).ok()?.len(),
                Kind::Instructions => instructions::seen(bytes, usize::MAX).ok()?.bytes.len(),
                _ => bytes.len(),
            };
            let bytes = u64::try_from(bytes).ok()?;
            regions.push(Region { kind, bytes });
        }
        Some(regions)
    }

    /// Ranks of maps and entries, for each instructions table of the new file.
    fn orders(&self) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        let known = view::known_entries(&self.base, &self.base_regions).ok()?;
        let mut known = known.into_iter();
        let mut orders = Vec::new();
        let mut rest = self.new;
        for region in &self.new_regions {
            let (table, behind) = rest.split_at_checked(usize::try_from(region.bytes).ok()?)?;
            rest = behind;
            if region.kind == Kind::Instructions {
                let known = known.next().unwrap_or_default();
                let seen = instructions::seen(table, usize::MAX).ok()?;
                orders.push(instructions::orders_of(table, &seen, &known)?);
            }
        }
        Some(orders)
    }
}

fn seen(
    file: &[u8],
    regions: &[Region],
    maps: &Maps,
    runs: &[Run],
    watch: &mut impl crate::inflate::watch::Watch,
) -> Option<Vec<u8>> {
    let file: &dyn ReadAt = &file;
    view::of(file, regions, maps, runs, watch).ok()
}

const ROUNDS: usize = 3;
/// How hard to align: as the last search does, but for the places that are looked at.
const CANDIDATES_MAX: usize = 48;
const SLACK_BYTES: usize = 8;
