//! Which verdict the fields of a made snapshot ask for: the rules of a VM once more, over what was
//! put into the file instead of what is read of it.

use patchproof_report::CompareVerdict;

use crate::made::{Blob, Container, Layout, Machine, MadeSnapshot, NATURAL};

/// What `compare` has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// The same bytes.
    Identical,
    /// Other contents, and the same VM takes both.
    Compatible,
    /// An image does not have the size that it says.
    Undecided,
    /// No VM takes both.
    Incompatible,
    /// It is not read at all.
    Refused,
    /// It is refused, undecided or incompatible: a file that is cut, or of a machine that its
    /// container does not have.
    NoReplacement,
}

impl Expected {
    /// Whether this is one of the verdicts that are meant; `None` is a refusal.
    pub(super) fn allows(self, found: Option<CompareVerdict>) -> bool {
        let exactly = match self {
            Self::Identical => CompareVerdict::Identical,
            Self::Compatible => CompareVerdict::Compatible,
            Self::Undecided => CompareVerdict::Undecided,
            Self::Incompatible => CompareVerdict::Incompatible,
            Self::Refused => return found.is_none(),
            Self::NoReplacement => {
                let replaces = [CompareVerdict::Identical, CompareVerdict::Compatible];
                return !found.is_some_and(|found| replaces.contains(&found));
            }
        };
        found == Some(exactly)
    }
}

/// Of two snapshots whose files are not the same; `base` is a right one.
pub(super) fn expected(base: &MadeSnapshot, candidate: &MadeSnapshot) -> Expected {
    if is_refused(candidate) {
        return Expected::Refused;
    }
    if !is_natural(candidate) {
        return Expected::NoReplacement;
    }
    if minds(base, candidate) {
        return Expected::Incompatible;
    }
    let code = |name: &str| name.ends_with("Text") || name.ends_with("Instructions");
    let is_image = |(old, new): (&str, String)| !code(&new) || code(old);
    let images = exports(candidate).into_iter().all(is_image);
    match images && blobs(candidate).into_iter().all(image_is_where_it_is_told) {
        true => Expected::Compatible,
        false => Expected::Undecided,
    }
}

/// The blobs that are in the file.
fn blobs(made: &MadeSnapshot) -> Vec<&Blob> {
    match made.layout {
        Layout::Split => vec![&made.vm, &made.isolate],
        Layout::Unified => vec![&made.isolate],
    }
}

fn is_refused(made: &MadeSnapshot) -> bool {
    let broken = |blob: &&Blob| {
        let version = blob.version.iter();
        let mut features = blob.features.iter();
        blob.magic != [0xf5, 0xf5, 0xdc, 0xdc]
            || !{ version }.all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
            || !features.all(|byte| (b' '..=b'~').contains(byte))
            || blob.features.len() >= FEATURES_BYTES_MAX
    };
    // What tools see and a loader does not; without section headers tools see nothing.
    let misplaced = made.misplaced_dynsym.is_some()
        && made.section_headers
        && made.container != Container::Macho64;
    blobs(made).iter().any(broken) || misplaced || !has_its_symbols(made)
}

/// Whether each symbol of the layout is there once, none of the other layout, and a blob where a
/// data symbol is.
fn has_its_symbols(made: &MadeSnapshot) -> bool {
    let exports = exports(made);
    let count = |name: &str| exports.iter().filter(|(_, it)| it == name).count();
    let other = match made.layout {
        Layout::Split => Layout::Unified,
        Layout::Unified => Layout::Split,
    };
    let data = |name: &str| name.ends_with("Data");
    let is_blob = |(old, new): &(&str, String)| !data(new) || data(old);
    made.layout
        .symbol_names()
        .iter()
        .all(|name| count(name) == 1)
        && other.symbol_names().iter().all(|name| count(name) == 0)
        && count(BUILD_ID) <= 1
        && exports.iter().all(is_blob)
}

/// The exported symbols: what each is, and what it is called.
fn exports(made: &MadeSnapshot) -> Vec<(&'static str, String)> {
    // In Mach-O the build id is no symbol.
    let has_id = made.build_id.is_some() && made.container != Container::Macho64;
    let names = made.layout.symbol_names().iter().copied();
    let names = names.chain(has_id.then_some(BUILD_ID));
    let kept = names.filter(|name| !made.omitted.iter().any(|omitted| omitted == name));
    let called = |name: &'static str| {
        let renamed = made.renamed.iter().find(|(old, _)| old == name);
        (name, renamed.map_or(name, |(_, new)| new).to_owned())
    };
    kept.map(called).collect()
}

/// Whether the machine that its header states is one that is known in its container.
fn is_natural(made: &MadeSnapshot) -> bool {
    let mut natural = NATURAL.into_iter();
    natural.any(|(container, machine)| {
        container == made.container && number(container, machine) == stated(made)
    })
}

/// In a container this number is one machine.
fn stated(made: &MadeSnapshot) -> u32 {
    let own = number(made.container, made.machine);
    made.machine_override.unwrap_or(own)
}

const fn number(container: Container, machine: Machine) -> u32 {
    match container {
        Container::Macho64 => machine.macho_number(),
        Container::Elf32 | Container::Elf64 => machine.elf_number(),
    }
}

/// Whether a VM that takes the base refuses the candidate, or a loader does.
fn minds(base: &MadeSnapshot, candidate: &MadeSnapshot) -> bool {
    let header = |blob: &Blob| (blob.version.clone(), blob.features.clone());
    let wanted = header(&base.isolate);
    let of_blob = |blob: &&Blob| {
        header(blob) != wanted || blob.kind != candidate.layout.kind() || !length_fits(blob)
    };
    let embedders = base.embedder.zip(candidate.embedder);
    (base.container, stated(base), base.layout)
        != (candidate.container, stated(candidate), candidate.layout)
        || blobs(candidate).iter().any(of_blob)
        || embedders.is_some_and(|(base, candidate)| base != candidate)
}

/// Whether the header has room in it and it does not leave the blob; the lengths that are put in
/// are a little above the right one, or far beyond the file.
fn length_fits(blob: &Blob) -> bool {
    let needed = 16 + blob.version.len() + blob.features.len() + 1;
    let Some(length) = blob.length else {
        return true;
    };
    let beyond = blob.length_bytes() + (1 << 16);
    i64::try_from(needed).is_ok_and(|needed| (needed..beyond).contains(&length))
}

/// Whether the image behind the clustered part starts where the length says.
fn image_is_where_it_is_told(blob: &Blob) -> bool {
    let start = |length: i64| (length + 4).div_euclid(64) + i64::from((length + 4) % 64 != 0);
    let right = blob.length_bytes();
    start(blob.length.unwrap_or(right)) == start(right)
}

const BUILD_ID: &str = "_kDartSnapshotBuildId";
const FEATURES_BYTES_MAX: usize = 1024;
