//! The edits of a made snapshot, each of one field.

use crate::fuzz::choices::Choices;
use crate::made::{Blob, Container, Embedder, Layout, Machine, MadeSnapshot, NATURAL, Os};

/// How many kinds of edits there are.
pub(super) const KINDS: usize = EDITS.len();

type Edit = fn(&mut MadeSnapshot, &mut Choices<'_>);

/// Those of contents come first, then those that a VM minds.
const EDITS: [Edit; 25] = [
    |made, choices| *made = made.clone().with_payload_seed(choices.long()),
    |made, choices| *made = made.clone().edited(choices.long()),
    build_id,
    |made, _| made.stripped = !made.stripped,
    |made, _| made.stabs = !made.stabs,
    |made, _| made.section_headers = !made.section_headers,
    |made, choices| made.extra_strings.push(harmless(choices.bytes(24))),
    |made, choices| {
        let path = String::from_utf8_lossy(&harmless(choices.bytes(24))).into_owned();
        made.source_path = choices.flag().then(|| format!("file:///home/{path}.dart"));
    },
    |made, choices| made.load_alignment_bytes = choices.pick(&[0x1000, 0x2000, 0x4000]),
    |made, choices| {
        let length = made.isolate.payload.len();
        made.isolate.payload = filled(choices, length);
    },
    |made, choices| made.text = filled(choices, made.text.len()),
    version,
    broken_version,
    features,
    raw_features,
    |made, choices| one_blob(made, choices).kind = kind(choices),
    length,
    |made, choices| {
        let (at, mask) = (choices.below(4), choices.byte());
        let magic = one_blob(made, choices).magic.iter_mut();
        magic.skip(at).take(1).for_each(|byte| *byte ^= mask);
    },
    |made, choices| {
        let name = choices.pick(&NAMES);
        made.omitted.push(name.to_owned());
    },
    |made, choices| {
        let (old, new) = (choices.pick(&NAMES), choices.pick(&NAMES));
        made.renamed.push((old.to_owned(), new.to_owned()));
    },
    |made, choices| {
        let embedders = [None, Some(Embedder::Flutter), Some(Embedder::Standalone)];
        made.embedder = choices.pick(&embedders);
    },
    machine,
    |made, choices| made.layout = choices.pick(&[Layout::Split, Layout::Unified]),
    |made, choices| {
        let os = choices.pick(&[Os::Linux, Os::Android, Os::Macos, Os::Ios]);
        let embedder = choices.pick(&[Embedder::Standalone, Embedder::Flutter]);
        *made = made.clone().for_target(os, embedder);
    },
    |made, choices| {
        let other = made.clone().with_payload_seed(choices.long());
        made.misplaced_dynsym = choices.flag().then_some(other.isolate);
    },
];

/// Which kinds of edits an input has: those of a mask, or all where it is empty.
pub(super) fn kinds(choices: &mut Choices<'_>) -> Vec<Edit> {
    let mask = u32::from_be_bytes([(); 4].map(|()| choices.byte()));
    let of_mask = |mask: u32| {
        EDITS
            .into_iter()
            .zip(0..)
            .filter(move |(_, bit)| mask >> bit & 1 == 1)
    };
    let mask = if of_mask(mask).next().is_some() {
        mask
    } else {
        u32::MAX
    };
    of_mask(mask).map(|(edit, _)| edit).collect()
}

/// Makes one edit.
pub(super) fn edit(edit: Edit, made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    edit(made, choices);
}

fn build_id(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    made.build_id = choices.flag().then(|| filled(choices, 16));
}

/// Bytes that name no library and no place of a machine.
fn harmless(bytes: &[u8]) -> Vec<u8> {
    let harmless = |byte: &u8| if *byte == b':' { b';' } else { *byte };
    bytes.iter().map(harmless).collect()
}

/// Exactly so many bytes, the first of them chosen and harmless.
fn filled(choices: &mut Choices<'_>, length: usize) -> Vec<u8> {
    let mut bytes = harmless(choices.bytes(length.min(64)));
    bytes.resize(length, 0x2a);
    bytes
}

fn one_blob<'m>(made: &'m mut MadeSnapshot, choices: &mut Choices<'_>) -> &'m mut Blob {
    match choices.flag() {
        true => &mut made.vm,
        false => &mut made.isolate,
    }
}

/// Another version: mostly in both blobs, sometimes in one.
fn version(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    let digits = [(); 4].map(|()| choices.pick(b"0123456789abcdef"));
    let version = digits.repeat(8);
    match choices.below(3) {
        0 => {
            made.vm.version.clone_from(&version);
            made.isolate.version = version;
        }
        _ => one_blob(made, choices).version = version,
    }
}

/// A version with a byte that none has.
fn broken_version(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    let (at, byte) = (choices.below(32), choices.byte());
    let version = one_blob(made, choices).version.iter_mut();
    version.skip(at).take(1).for_each(|old| *old = byte);
}

/// A word that came, went, moved or became another: in both blobs or in one.
fn features(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    let text = String::from_utf8_lossy(&made.isolate.features).into_owned();
    let mut words: Vec<&str> = text.split(' ').collect();
    let at = choices.below(words.len());
    let new = choices.pick(&WORDS);
    match choices.below(4) {
        0 => words.insert(at, new),
        1 => drop(words.splice(at..at + 1, [new])),
        2 => drop(words.remove(at)),
        _ => {
            let other = choices.below(words.len());
            words.swap(at, other);
        }
    }
    let features = words.join(" ");
    match choices.below(3) {
        0 => *made = made.clone().with_features(&features),
        _ => one_blob(made, choices).features = features.into(),
    }
}

/// Any bytes but the one that ends the features.
fn raw_features(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    let at = choices.below(made.isolate.features.len() + 1);
    let repeated = if choices.one_in(8) { 100 } else { 1 };
    let bytes = choices.bytes(12).repeat(repeated);
    let bytes = bytes.into_iter().filter(|byte| *byte != 0);
    let features = &mut one_blob(made, choices).features;
    let at = at.min(features.len());
    features.splice(at..at, bytes);
}

fn kind(choices: &mut Choices<'_>) -> i64 {
    match choices.below(3) {
        0 => choices.pick(&[2, 3]),
        1 => choices.byte().into(),
        _ => choices.long().cast_signed(),
    }
}

/// A length that is too small, too large by far, or a little another one.
fn length(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    let blob = one_blob(made, choices);
    let right = blob.length_bytes();
    let small = i64::from(choices.byte());
    blob.length = match choices.below(4) {
        0 => None,
        1 => Some(right + small / 4),
        2 => Some(small - 100),
        _ => Some(choices.pick(&[right + (1 << 20), 1 << 40, i64::MAX, i64::MIN, -1])),
    };
}

fn machine(made: &mut MadeSnapshot, choices: &mut Choices<'_>) {
    match choices.below(3) {
        0 => {
            let (container, machine) = choices.pick(&NATURAL);
            (made.container, made.machine) = (container, machine);
        }
        1 => made.machine = choices.pick(&MACHINES),
        _ => {
            let machine = choices.pick(&MACHINES);
            made.machine_override = Some(match made.container {
                Container::Macho64 => machine.macho_number(),
                _ => machine.elf_number(),
            });
        }
    }
}

const MACHINES: [Machine; 6] = [
    Machine::Arm,
    Machine::Arm64,
    Machine::X86,
    Machine::X64,
    Machine::Riscv32,
    Machine::Riscv64,
];

/// The names that a snapshot exports, and one of no meaning.
const NAMES: [&str; 8] = [
    "_kDartVmSnapshotData",
    "_kDartVmSnapshotInstructions",
    "_kDartIsolateSnapshotData",
    "_kDartIsolateSnapshotInstructions",
    "_kDartSnapshotData",
    "_kDartSnapshotText",
    "_kDartSnapshotBuildId",
    "_kDartOther",
];

const WORDS: [&str; 10] = [
    "product", "release", "debug", "x64", "arm64", "linux", "ios", "tsan", "no-tsan", "",
];
