//! Changes to a real ELF64 library, as tools make them.

/// The library as `llvm-strip` leaves it: without the sections that are not loaded, but the names
/// of those that stay, and with a new table of sections at the end.
pub(crate) fn stripped(library: &[u8]) -> Option<Vec<u8>> {
    let table = place(library, SECTIONS_AT)?;
    let count = half(library, SECTION_COUNT_AT)?;
    let headers = library.get(table..)?.chunks_exact(SECTION_BYTES);
    let headers: Vec<&[u8]> = headers.take(count.into()).collect();
    // The names of sections are the first that is not loaded; all behind goes.
    let names = half(library, SECTION_NAMES_AT)?;
    let kept = headers.get(..=usize::from(names))?;
    let last = kept.last()?;
    let end = place(last, 24)?.checked_add(place(last, 32)?)?;
    let mut bytes = library.get(..end)?.to_vec();
    bytes.resize(end.next_multiple_of(8), 0);
    let start = u64::try_from(bytes.len()).ok()?;
    put(&mut bytes, SECTIONS_AT, &start.to_le_bytes())?;
    put(&mut bytes, SECTION_COUNT_AT, &(names + 1).to_le_bytes())?;
    bytes.extend(kept.concat());
    Some(bytes)
}

/// The library with all of these bytes replaced by others of the same number.
pub(crate) fn replaced(library: &[u8], old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = library.to_vec();
    let windows = library.windows(old.len()).enumerate();
    let found = windows.filter(|(_, window)| *window == old);
    let places: Vec<usize> = found.map(|(place, _)| place).collect();
    (!places.is_empty() && old.len() == new.len()).then_some(())?;
    for place in places {
        put(&mut bytes, place, new)?;
    }
    Some(bytes)
}

/// Writes over what stands there.
pub(crate) fn put(bytes: &mut [u8], at: usize, new: &[u8]) -> Option<()> {
    let end = at.checked_add(new.len())?;
    bytes.get_mut(at..end)?.copy_from_slice(new);
    Some(())
}

/// A 64-bit number that is a place in the file.
pub(crate) fn place(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    usize::try_from(u64::from_le_bytes(bytes.try_into().ok()?)).ok()
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// `e_shoff`, `e_shnum` and `e_shstrndx` of an ELF64 header.
const SECTIONS_AT: usize = 0x28;
const SECTION_COUNT_AT: usize = 0x3c;
const SECTION_NAMES_AT: usize = 0x3e;
const SECTION_BYTES: usize = 64;
