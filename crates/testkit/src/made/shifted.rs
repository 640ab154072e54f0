//! A small base in which everything moved by one, and the patch with the Dart-aware transform: made
//! by hand, so that it is the same whatever the making half learns to see.

use patchproof_dart_delta::{DartDelta, ID, PlainDartDelta};
use patchproof_patch::{
    CodecChoice, Known, MakeOptions, MakeTransform, PlainTransform as _, Views, make_through,
};

use super::number::number;

/// A base, what became of it, and the patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shifted {
    /// Clusters of so many ids, read-only strings, and code.
    pub base: Vec<u8>,
    /// The same with every id and every place one further, and a few new ones.
    pub new: Vec<u8>,
    /// From the one to the other.
    pub patch: Vec<u8>,
    /// The transform's stream in it.
    pub side: Vec<u8>,
}

impl Shifted {
    /// With so many ids, and a byte of strings and one of code for each.
    ///
    /// # Panics
    /// Where no patch can be made, which it can.
    #[must_use]
    pub fn of_ids(count: u32) -> Self {
        let base = file(count, 0);
        let new = file(count, 1);
        let side = side(&base, &new);
        let made = ByHand { side: side.clone() };
        let known = [Known {
            streaming: &DartDelta,
            plain: &PlainDartDelta,
            making: Some(&made),
        }];
        let (base, new) = (base.concat(), new.concat());
        let options = MakeOptions::patchproof(CodecChoice::Auto);
        let patch = make_through(&base, &new, options, &known).expect("both are small");
        Self {
            base,
            new,
            patch,
            side,
        }
    }
}

/// A making half that knows its stream beforehand.
struct ByHand {
    side: Vec<u8>,
}

impl MakeTransform for ByHand {
    fn id(&self) -> u16 {
        ID
    }

    fn views(&self, base: &[u8], new: &[u8]) -> Option<Views> {
        Some(Views {
            base: PlainDartDelta.view(base, &self.side).ok()?,
            new: new.to_vec(),
            side: self.side.clone(),
        })
    }
}

/// Header, clusters, strings and code for x86-64.
fn file(count: u32, by: u32) -> [Vec<u8>; 4] {
    let header = vec![0x7f; 64];
    let mut random = Random(7);
    let mut clusters = Vec::new();
    for at in 0..count {
        let id = 1000 + random.below(100_000) + by;
        clusters.extend(digits(id));
        // An object that is only in one of them.
        if by > 0 && at % 500 == 499 {
            clusters.extend([0x83, 0x85, 0x01, 0x87]);
        }
    }
    let strings = (0..count).map(|_| b'a' + u8::try_from(random.below(26)).unwrap_or(0));
    let mut strings: Vec<u8> = strings.collect();
    if by > 0 && strings.len() > 100 {
        strings.splice(50..60, *b"other words");
    }
    let mut code = Vec::new();
    for _ in 0..count / 5 {
        let slot = random.below(4000) * 8 + 8 * by;
        code.extend([0x4d, 0x8b, 0x9f]);
        code.extend(slot.to_le_bytes());
    }
    [header, clusters, strings, code]
}

/// The highest seven bits first, the last byte with the top bit set.
fn digits(id: u32) -> Vec<u8> {
    let low = |shift: u32| u8::try_from(id >> shift & 0x7f).unwrap_or(0);
    let mut digits: Vec<u8> = [14, 7].into_iter().map(low).collect();
    if digits.first() == Some(&0) {
        digits.remove(0);
    }
    digits.push(low(0) | 0x80);
    digits
}

fn side(base: &[Vec<u8>; 4], new: &[Vec<u8>; 4]) -> Vec<u8> {
    let mut side = Vec::new();
    for file in [base, new] {
        side.push(4);
        for (kind, part) in [RAW, CLUSTERS, IMAGE, X64].into_iter().zip(file) {
            side.push(kind);
            side.extend(number(u64::try_from(part.len()).unwrap_or(u64::MAX)));
        }
    }
    // References by 1; no codes, no places; pool offsets by 8; no selectors, columns, runs, forms;
    // both code addresses 0, places of a byte, no maps of fields.
    side.extend([1, 0, 2, 0, 0, 1, 0, 16, 0]);
    side.extend([0, 0, 0, 0, 0, 1, 0]);
    side
}

/// Numbers that look like anything and are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}

const RAW: u8 = 0;
const IMAGE: u8 = 1;
const CLUSTERS: u8 = 2;
const X64: u8 = 7;
