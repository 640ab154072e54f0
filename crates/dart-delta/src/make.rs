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
mod sections;
mod tokens;
mod votes;

use patchproof_patch::{MakeTransform, ReadAt, Views, aligned};

use crate::inflate::records::Layout;
use crate::inflate::shifts::Maps;
use crate::inflate::side::{Kind, Orders, Plan, Region, Run, Side};
use crate::inflate::view;
use crate::inflate::watch::Watch;
use crate::inflate::{dispatch, instructions};
use detect::Detected;
use tokens::Tokens;

/// The making half of [`DartDelta`](crate::DartDelta).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing in it")]
pub struct MakeDartDelta;

impl MakeTransform for MakeDartDelta {
    fn id(&self) -> u16 {
        crate::ID
    }

    fn views(&self, base: &[u8], new: &[u8]) -> Option<Views> {
        let pair = Pair::of(base, new)?;
        let learned = pair.learned()?;
        pair.views(learned)
    }
}

/// Two files with their regions, and the new one as it is seen.
struct Pair<'a> {
    base: &'a [u8],
    new: &'a [u8],
    base_parts: Detected,
    new_parts: Detected,
    seen: Vec<u8>,
    tokens: Tokens,
}

/// What is learned of how values moved.
struct Learned {
    maps: Maps,
    runs: Vec<Run>,
    layout: Layout,
}

impl<'a> Pair<'a> {
    fn of(base: &'a [u8], new: &'a [u8]) -> Option<Self> {
        let (base_parts, new_parts) = (detect::regions(base)?, detect::regions(new)?);
        let mut tokens = Tokens::default();
        let plan = Plan {
            regions: &new_parts.regions,
            maps: &Maps::default(),
            runs: &[],
            layout: &new_parts.layout,
        };
        let seen = seen(new, &plan, &mut tokens)?;
        Some(Self {
            base,
            new,
            base_parts,
            new_parts,
            seen,
            tokens,
        })
    }

    fn learned(&self) -> Option<Learned> {
        let mut learned = Learned {
            maps: Maps::default(),
            runs: Vec::new(),
            layout: Layout {
                output_address: self.new_parts.layout.base_address,
                ..self.base_parts.layout.clone()
            },
        };
        for round in 0..ROUNDS {
            let mut tokens = Tokens::default();
            let view = seen(self.base, &self.plan(&learned), &mut tokens)?;
            let stretches = aligned(&view, &self.seen, CANDIDATES_MAX, SLACK_BYTES);
            let votes = votes::of(&tokens, &self.tokens, &stretches);
            let Learned { maps, runs, layout } = &mut learned;
            if round + 1 < ROUNDS {
                fit::fit(&votes, &tokens, &[], maps, &mut layout.maps);
                (maps.columns, *runs) = columns::found(&votes, &tokens, maps);
            }
            fit::fit(&votes, &tokens, runs, maps, &mut layout.maps);
        }
        Some(learned)
    }

    fn plan<'b>(&'b self, learned: &'b Learned) -> Plan<'b> {
        Plan {
            regions: &self.base_parts.regions,
            maps: &learned.maps,
            runs: &learned.runs,
            layout: &learned.layout,
        }
    }

    fn views(&self, learned: Learned) -> Option<Views> {
        let view = seen(self.base, &self.plan(&learned), &mut ())?;
        let orders = self.orders()?;
        let side = Side {
            base: self.base_parts.regions.clone(),
            output: self.seen_regions()?,
            maps: learned.maps,
            runs: learned.runs,
            layout: learned.layout,
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
        for region in &self.new_parts.regions {
            let (bytes, behind) = rest.split_at_checked(usize::try_from(region.bytes).ok()?)?;
            rest = behind;
            let kind = region.kind;
            let bytes = match kind {
                Kind::Dispatch => dispatch::expanded(bytes, usize::MAX).ok()?.len(),
                Kind::Instructions => instructions::seen(bytes, usize::MAX).ok()?.len(),
                _ => bytes.len(),
            };
            let bytes = u64::try_from(bytes).ok()?;
            regions.push(Region {
                kind,
                bytes,
                form: 0,
            });
        }
        Some(regions)
    }

    /// Ranks of maps and entries, for each instructions table of the new file.
    fn orders(&self) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        let known = view::known_entries(&self.base, &self.base_parts.regions).ok()?;
        let mut known = known.into_iter();
        let mut orders = Vec::new();
        let mut rest = self.new;
        for region in &self.new_parts.regions {
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

fn seen(file: &[u8], plan: &Plan<'_>, watch: &mut impl Watch) -> Option<Vec<u8>> {
    let file: &dyn ReadAt = &file;
    view::of(file, plan, watch).ok()
}

const ROUNDS: usize = 3;
/// How hard to align: as the last search does, but for the places that are looked at.
const CANDIDATES_MAX: usize = 48;
const SLACK_BYTES: usize = 8;
