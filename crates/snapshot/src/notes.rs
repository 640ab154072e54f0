//! ELF notes: the build id, and the one by which Android marks its libraries.
//!
//! A note is three 32-bit words (name size, descriptor size, type), then the name and the
//! descriptor, each padded to four bytes (System V gABI, "Note Section").

use scroll::Pread as _;

/// What the notes of a file say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// The first GNU build id, in lowercase hex.
    pub(crate) build_id: Option<String>,
    /// Whether there is a note of Android's.
    pub(crate) android: bool,
}

/// Reads note areas; what does not parse ends its area, since nothing here decides over safety.
pub(crate) fn read<'a>(areas: impl Iterator<Item = &'a [u8]>) -> Notes {
    let mut notes = Notes::default();
    for mut area in areas {
        for _ in 0..NOTES_MAX {
            let Some((note, rest)) = split(area) else {
                break;
            };
            take(&mut notes, &note);
            area = rest;
        }
    }
    notes
}

/// A note among others, in bytes from the start of its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotePlace {
    /// Where its header starts.
    pub(crate) offset: u64,
    /// Header, name and descriptor with their padding.
    pub(crate) size_bytes: u64,
    /// Where its descriptor starts.
    pub(crate) descriptor_offset: u64,
    /// How long its descriptor is, without padding.
    pub(crate) descriptor_bytes: u64,
}

/// The places of an area's build ids.
pub(crate) fn build_ids(area: &[u8]) -> Vec<NotePlace> {
    let mut places = Vec::new();
    let mut rest = area;
    for _ in 0..NOTES_MAX {
        let Some((note, behind)) = split(rest) else {
            break;
        };
        let at = |rest: &[u8]| u64::try_from(area.len() - rest.len()).unwrap_or(u64::MAX);
        let (start, end) = (at(rest), at(behind));
        if note.name == b"GNU\0" && note.kind == NT_GNU_BUILD_ID && is_id(note.descriptor) {
            places.push(NotePlace {
                offset: start,
                size_bytes: end - start,
                descriptor_offset: start + HEADER_BYTES + GNU_NAME_BYTES,
                descriptor_bytes: u64::try_from(note.descriptor.len()).unwrap_or(u64::MAX),
            });
        }
        rest = behind;
    }
    places
}

struct Note<'a> {
    kind: u32,
    name: &'a [u8],
    descriptor: &'a [u8],
}

fn take(notes: &mut Notes, note: &Note<'_>) {
    match (note.name, note.kind) {
        (b"GNU\0", NT_GNU_BUILD_ID) if notes.build_id.is_none() && is_id(note.descriptor) => {
            notes.build_id = Some(hex::encode(note.descriptor));
        }
        (b"Android\0", _) => notes.android = true,
        _ => {}
    }
}

fn is_id(descriptor: &[u8]) -> bool {
    (1..=BUILD_ID_BYTES_MAX).contains(&descriptor.len())
}

fn split(area: &[u8]) -> Option<(Note<'_>, &[u8])> {
    let word = |at: usize| area.pread_with::<u32>(at, scroll::LE).ok();
    let (name_size, descriptor_size, kind) = (word(0)?, word(4)?, word(8)?);
    let (name, rest) = split_padded(area.get(12..)?, name_size)?;
    let (descriptor, rest) = split_padded(rest, descriptor_size)?;
    Some((
        Note {
            kind,
            name,
            descriptor,
        },
        rest,
    ))
}

/// A field and what follows its padding; the last one may lack padding.
fn split_padded(bytes: &[u8], size: u32) -> Option<(&[u8], &[u8])> {
    let size = usize::try_from(size).ok()?;
    let field = bytes.get(..size)?;
    let padded = size.checked_next_multiple_of(4)?;
    Some((field, bytes.get(padded..).unwrap_or_default()))
}

const NT_GNU_BUILD_ID: u32 = 3;
/// Three words.
const HEADER_BYTES: u64 = 12;
/// `GNU` and its NUL.
const GNU_NAME_BYTES: u64 = 4;
/// More than any compiler writes into one file.
const NOTES_MAX: usize = 64;
/// Longer than any hash in use.
const BUILD_ID_BYTES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &[u8], kind: u32, descriptor: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for word in [name.len(), descriptor.len()] {
            bytes.extend(u32::try_from(word).unwrap().to_le_bytes());
        }
        bytes.extend(kind.to_le_bytes());
        for field in [name, descriptor] {
            bytes.extend(field);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    #[test]
    fn the_first_build_id_counts_and_a_note_before_it_is_passed_over() {
        let mut area = note(b"Android\0", 1, &[21, 0, 0, 0]);
        area.extend(note(b"GNU\0", 3, &[0xab; 5]));
        area.extend(note(b"GNU\0", 3, &[0xcd; 5]));
        let notes = read(std::iter::once(area.as_slice()));
        assert_eq!(
            notes,
            Notes {
                build_id: Some("ababababab".into()),
                android: true
            }
        );
    }

    #[test]
    fn a_build_id_lies_behind_the_note_before_it_and_behind_its_own_header() {
        let mut area = note(b"Android\0", 1, &[21, 0, 0, 0]);
        area.extend(note(b"GNU\0", 3, &[0xab; 5]));
        let place = NotePlace {
            offset: 24,
            size_bytes: 24,
            descriptor_offset: 40,
            descriptor_bytes: 5,
        };
        assert_eq!(build_ids(&area), [place]);
        assert_eq!(area[40..45], [0xab; 5]);
    }

    #[test]
    fn a_note_that_is_cut_short_is_no_note() {
        let area = note(b"GNU\0", 3, &[0xab; 8]);
        for end in 0..area.len() {
            assert_eq!(
                read(std::iter::once(&area[..end])),
                Notes::default(),
                "{end}"
            );
        }
    }
}
