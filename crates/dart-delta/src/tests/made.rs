//! Files of every kind of region, small and at random, and streams of the transform for them.

mod machine_code;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::inflate::instructions;
use crate::inflate::records::{Field, Layout};
use crate::inflate::shifts::{Maps, ShiftMap};
use crate::inflate::side::{Kind, Orders, Plan, Region, Run, Side};
use crate::inflate::{dispatch, view};
use machine_code::{ARM, ARM64, code_bytes, riscv64, words};

/// A file and its regions.
#[derive(Clone)]
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) regions: Vec<Region>,
}

impl std::fmt::Debug for File {
    /// Without the bytes in front, which are all the same.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:02x?}", self.regions, &self.bytes[4096..])
    }
}

/// Two files, and what the base is seen through.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) base: File,
    pub(super) new: File,
    pub(super) maps: Maps,
    pub(super) runs: Vec<Run>,
    pub(super) layout: Layout,
}

impl Pair {
    /// The new file as it is seen, and the transform's stream.
    pub(super) fn side(&self) -> (Vec<u8>, Vec<u8>) {
        let plan = Plan {
            regions: &self.new.regions,
            maps: &Maps::default(),
            runs: &[],
            layout: &Layout {
                unit_bytes: 1,
                ..Layout::default()
            },
        };
        let bytes = self.new.bytes.as_slice();
        let seen = view::of(&bytes, &plan, &mut ()).unwrap();
        let known = view::known_entries(&self.base.bytes, &self.base.regions).unwrap();
        let mut known = known.into_iter();
        let (mut output, mut orders) = (Vec::new(), Vec::new());
        let mut rest = self.new.bytes.as_slice();
        for region in &self.new.regions {
            let (bytes, behind) = rest.split_at(usize::try_from(region.bytes).unwrap());
            rest = behind;
            let length = match region.kind {
                Kind::Dispatch => dispatch::expanded(bytes, usize::MAX).unwrap().len(),
                Kind::Instructions => {
                    let seen = instructions::seen(bytes, usize::MAX).unwrap();
                    let known = known.next().unwrap_or_default();
                    orders.push(instructions::orders_of(bytes, &seen, &known).unwrap());
                    seen.len()
                }
                _ => bytes.len(),
            };
            output.push(Region {
                bytes: u64::try_from(length).unwrap(),
                form: 0,
                ..*region
            });
        }
        let side = Side {
            base: self.base.regions.clone(),
            output,
            maps: self.maps.clone(),
            runs: self.runs.clone(),
            layout: self.layout.clone(),
            orders: orders
                .iter()
                .map(|(maps, entries)| Orders { maps, entries })
                .collect(),
        };
        (seen, side.bytes())
    }
}

pub(super) fn pair() -> impl Strategy<Value = Pair> {
    (file(), file(), maps(), layout(), vec(run(), 0..4)).prop_map(
        |(base, new, maps, layout, runs)| {
            let mut runs: Vec<Run> = runs
                .into_iter()
                .filter(|run| run.map < maps.columns.len())
                .collect();
            runs.sort_by_key(|run| run.first);
            Pair {
                base,
                new,
                maps,
                runs,
                layout,
            }
        },
    )
}

/// Raw bytes in front leave room for tables, which are seen longer than they are.
fn file() -> impl Strategy<Value = File> {
    vec(region(), 0..6).prop_map(|parts| {
        let mut bytes = vec![0; 4096];
        let mut regions = vec![(Kind::Raw, bytes.len(), 0)];
        for (kind, form, part) in parts {
            regions.push((kind, part.len(), form));
            bytes.extend(part);
        }
        let region = |(kind, bytes, form): (Kind, usize, usize)| Region {
            kind,
            bytes: u64::try_from(bytes).unwrap(),
            form,
        };
        File {
            regions: regions.into_iter().map(region).collect(),
            bytes,
        }
    })
}

fn region() -> impl Strategy<Value = (Kind, usize, Vec<u8>)> {
    let rubbish = || vec(any::<u8>(), 0..60);
    let digits = vec(prop_oneof![0..4_u8, 0x80..0x84_u8, any::<u8>()], 0..60);
    let table = vec(
        prop_oneof![0..5_u32, 0..90_u32, any::<u32>().prop_map(|it| it >> 4)],
        1..150,
    );
    let table = table.prop_map(|codes| {
        let table: Vec<u8> = codes.into_iter().flat_map(u32::to_le_bytes).collect();
        dispatch::packed(&table)
    });
    prop_oneof![
        rubbish().prop_map(|bytes| (Kind::Raw, 0, bytes)),
        rubbish().prop_map(|bytes| (Kind::Image, 0, bytes)),
        digits.prop_map(|bytes| (Kind::Cluster, 0, bytes)),
        table.prop_map(|bytes| (Kind::Dispatch, 0, bytes)),
        instructions_table().prop_map(|bytes| (Kind::Instructions, 0, bytes)),
        words(&ARM).prop_map(|bytes| (Kind::Arm, 0, bytes)),
        words(&ARM64).prop_map(|bytes| (Kind::Arm64, 0, bytes)),
        code_bytes().prop_map(|bytes| (Kind::X64, 0, bytes)),
        riscv64().prop_map(|bytes| (Kind::Riscv64, 0, bytes)),
        (0..5_usize, rubbish()).prop_map(|(form, bytes)| (Kind::Records, form, bytes)),
    ]
}

/// A table of functions with stack maps that share entries.
fn instructions_table() -> impl Strategy<Value = Vec<u8>> {
    let entry = vec(any::<u8>(), 0..3).prop_map(|bits| {
        let mut entry = vec![u8::try_from(bits.len() * 8).unwrap(), 0];
        entry.extend(bits);
        entry
    });
    let maps = vec(vec((0..300_u64, 0..6_usize), 0..4), 1..5);
    let functions = vec((0..1000_u32, 0..5_usize), 0..12);
    (vec(entry, 6), maps, functions).prop_map(|(entries, maps, functions)| {
        let mut seen = vec![7; 16];
        for (distance, map) in functions {
            seen.extend(&distance.to_le_bytes()[..3]);
            let pairs = &maps[map % maps.len()];
            crate::inflate::numbers::push(&mut seen, u64::try_from(pairs.len()).unwrap());
            for (number, entry) in pairs {
                crate::inflate::numbers::push(&mut seen, *number);
                seen.extend(&entries[*entry]);
            }
        }
        with_header(seen)
    })
}

/// Rebuilds a table in the expected order, with a header that says where its entries are.
fn with_header(mut seen: Vec<u8>) -> Vec<u8> {
    let zeros = [0; 64];
    let mut found = None;
    for maps in 0..=zeros.len() {
        for entries in 0..=6 {
            let orders = Orders {
                maps: &zeros[..maps],
                entries: &zeros[..entries],
            };
            found = found.or(instructions::rebuilt(&seen, &[], orders).ok());
        }
    }
    let table = found.unwrap();
    let (functions, entries_at) = instructions::measured(&seen).unwrap();
    seen[..4].copy_from_slice(&u32::try_from(entries_at).unwrap().to_le_bytes());
    seen[4..8].copy_from_slice(&u32::try_from(functions).unwrap().to_le_bytes());
    [&seen[..16], &table[16..]].concat()
}

fn maps() -> impl Strategy<Value = Maps> {
    let fixed = [(); 5].map(|()| map());
    (fixed, vec(map(), 0..3)).prop_map(|(fixed, columns)| {
        let [references, codes, places, pool, selectors] = fixed;
        Maps {
            references,
            codes,
            places,
            pool,
            selectors,
            columns,
        }
    })
}

fn map() -> impl Strategy<Value = ShiftMap> {
    let value = prop_oneof![
        -40..40_i64,
        -9000..9000_i64,
        any::<i64>().prop_map(|it| it >> 26)
    ];
    prop::collection::btree_map(value.clone(), value, 0..4).prop_map(|breakpoints| {
        let mut last = 0;
        let breakpoints = breakpoints.into_iter().filter(|(_, shift)| {
            let differs = *shift != last;
            last = *shift;
            differs
        });
        ShiftMap::of(breakpoints.collect())
    })
}

fn layout() -> impl Strategy<Value = Layout> {
    let field = prop_oneof![
        (0..4_usize).prop_map(Field::Skip),
        Just(Field::Text),
        Just(Field::Number),
        (0..4_usize).prop_map(Field::Moved),
        (0..4_usize).prop_map(Field::Word),
        Just(Field::Address32),
        Just(Field::Address64),
        (0..4_usize).prop_map(Field::Then),
    ];
    let forms = vec(vec(field, 0..4), 0..6);
    let addresses = (prop_oneof![Just(0), any::<u64>()], any::<u64>());
    let unit = prop_oneof![Just(1), Just(4)];
    (forms, addresses, unit, vec(map(), 0..3)).prop_map(
        |(forms, (base_address, output_address), unit_bytes, maps)| Layout {
            forms,
            base_address,
            output_address,
            unit_bytes,
            maps,
        },
    )
}

fn run() -> impl Strategy<Value = Run> {
    (0..12_u64, 1..4_u64, 1..4_u64, 0..3_usize).prop_map(|(first, count, period, map)| Run {
        first,
        count,
        period,
        map,
    })
}
