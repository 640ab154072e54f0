//! Small made libraries, and what an input makes of one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::choices::Choices;
use super::edits::edit_all;
use crate::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot, NATURAL};
use crate::oracles;

/// A library to edit.
pub(super) struct Library {
    pub(super) name: String,
    pub(super) file: Vec<u8>,
    tables: Vec<Range<usize>>,
}

/// The file that an input stands for: itself where it begins as a library does; else its first byte
/// picks a made library and the rest edits it.
pub(super) fn file(data: &[u8]) -> Cow<'_, [u8]> {
    if MAGICS.iter().any(|magic| data.starts_with(magic)) {
        return Cow::Borrowed(data);
    }
    let libraries = libraries();
    let mut choices = Choices::new(data);
    let library = libraries.get(choices.below(libraries.len()));
    let mut edited = library.map(|library| library.file.clone());
    if let (Some(library), Some(edited)) = (library, &mut edited) {
        edit_all(edited, &library.tables, &mut choices);
    }
    Cow::Owned(edited.unwrap_or_default())
}

/// Every made library, always in this order.
pub(super) fn libraries() -> &'static [Library] {
    static LIBRARIES: LazyLock<Vec<Library>> = LazyLock::new(made);
    &LIBRARIES
}

/// A right snapshot of few bytes.
pub(super) fn small(container: Container, machine: Machine, layout: Layout) -> MadeSnapshot {
    let mut made = MadeSnapshot::new(container, machine, layout);
    for blob in [&mut made.vm, &mut made.isolate] {
        blob.payload.truncate(PAYLOAD_BYTES);
        blob.image.truncate(PAYLOAD_BYTES / 2);
    }
    made.vm_text.truncate(PAYLOAD_BYTES);
    made.text.truncate(TEXT_BYTES);
    made.load_alignment_bytes = PAGE_BYTES;
    made
}

/// Seeds: files as they are, and inputs that pick a library and edit it a little.
pub(super) fn seeds() -> Vec<(String, Vec<u8>)> {
    let libraries = libraries().iter().zip(0_u8..);
    let of_library = |(library, index): (&Library, u8)| {
        let edited = vec![index, 0, 1, 1, 0, 7, index, 2, 3, 0, 1];
        [
            (format!("{}-whole", library.name), vec![index]),
            (format!("{}-edited", library.name), edited),
        ]
    };
    let mut seeds: Vec<_> = libraries.flat_map(of_library).collect();
    seeds.extend(raw());
    seeds
}

/// Of each container one file as it is.
fn raw() -> impl Iterator<Item = (String, Vec<u8>)> {
    let wanted = [
        "elf64-x64-split",
        "elf32-arm-unified",
        "macho64-arm64-unified",
    ];
    let raw = move |library: &&Library| wanted.contains(&library.name.as_str());
    let raw = libraries().iter().filter(raw);
    raw.map(|library| (format!("{}.so", library.name), library.file.clone()))
}

fn made() -> Vec<Library> {
    let mut libraries = Vec::new();
    let mut add = |name: String, file: Vec<u8>| {
        let tables = oracles::tables(&file);
        libraries.push(Library { name, file, tables });
    };
    for (container, machine) in NATURAL {
        for layout in [Layout::Split, Layout::Unified] {
            let made = small(container, machine, layout);
            let name = name(container, machine, layout);
            if machine == Machine::X64 {
                let engine = MadeEngine::accepting(&made).build();
                add(format!("{name}-engine"), engine);
                let mut bare = made.clone();
                (bare.stripped, bare.section_headers, bare.stabs) = (true, false, false);
                add(format!("{name}-bare"), bare.build());
                let mut two = made.clone();
                two.misplaced_dynsym = Some(two.vm.clone());
                add(format!("{name}-misplaced"), two.build());
            }
            add(name, made.build());
        }
    }
    libraries
}

fn name(container: Container, machine: Machine, layout: Layout) -> String {
    let container = match container {
        Container::Elf32 => "elf32",
        Container::Elf64 => "elf64",
        Container::Macho64 => "macho64",
    };
    let layout = match layout {
        Layout::Split => "split",
        Layout::Unified => "unified",
    };
    format!("{container}-{}-{layout}", machine.word())
}

const MAGICS: [&[u8]; 2] = [b"\x7fELF", b"\xcf\xfa\xed\xfe"];
const PAYLOAD_BYTES: usize = 192;
const TEXT_BYTES: usize = 512;
const PAGE_BYTES: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_is_small() {
        for library in libraries() {
            assert!(
                library.file.len() < 64 << 10,
                "{}: {}",
                library.name,
                library.file.len()
            );
        }
    }

    #[test]
    fn an_input_that_only_picks_is_the_library_itself() {
        assert_eq!(*file(&[0]), *libraries()[0].file);
    }
}
