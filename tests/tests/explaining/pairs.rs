//! Made libraries to compare, and the shortest ways to ask about two.

use patchproof_report::{Certainty, Rule};
use patchproof_snapshot::{Explanation, Library, explain};
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};

/// A right snapshot of a Flutter app for 64-bit Android.
pub(crate) fn android() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split)
}

/// The same snapshot with something changed.
pub(crate) fn with(mut made: MadeSnapshot, change: impl FnOnce(&mut MadeSnapshot)) -> MadeSnapshot {
    change(&mut made);
    made
}

/// A snapshot with these strings in its image instead of made-up bytes.
pub(crate) fn saying(made: MadeSnapshot, texts: &[&str]) -> MadeSnapshot {
    let image = texts.iter().flat_map(|text| string_object(text)).collect();
    with(made, |it| it.isolate.image = image)
}

/// A string as an object of a 64-bit snapshot: tags, twice the length, characters, zeros.
fn string_object(text: &str) -> Vec<u8> {
    let mut bytes = 0x0005_e332_u64.to_le_bytes().to_vec();
    let twice = u64::try_from(2 * text.len()).unwrap();
    bytes.extend(twice.to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(16), 0);
    bytes
}

pub(crate) fn explained(expected: &[u8], found: &[u8]) -> Explanation {
    let expected = Library::read("the released library", expected);
    let found = Library::read("the rebuilt library", found);
    explain(&expected, &found)
}

/// The causes named for two libraries, most certain first.
pub(crate) fn causes(expected: &[u8], found: &[u8]) -> Vec<(Rule, Option<Certainty>)> {
    let causes = explained(expected, found).causes;
    causes
        .iter()
        .map(|cause| (cause.rule, cause.certainty))
        .collect()
}

/// These causes are named and no other, whichever of the two libraries is the expected one.
#[track_caller]
pub(crate) fn assert_causes(a: &[u8], b: &[u8], expected: &[(Rule, Certainty)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(rule, sure)| (*rule, Some(*sure)))
        .collect();
    assert_eq!(causes(a, b), expected);
    assert_eq!(causes(b, a), expected, "the other way round");
}
