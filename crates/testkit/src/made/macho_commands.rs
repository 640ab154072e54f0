//! The load commands of a Mach-O file.

use super::bytes::{Span, Width, Writer, size};

/// A load command: its number, its size in bytes, a multiple of 8, and its contents.
pub(super) fn command(number: u64, contents: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut inner = Writer::new(Width::Eight);
    // The contents see their true positions, so that padding inside them is right.
    inner.u64(0);
    contents(&mut inner);
    inner.align(8);
    let inner = inner.into_bytes();
    let mut writer = Writer::new(Width::Eight);
    writer.u32(number);
    writer.u32(size(&inner));
    writer.bytes(inner.get(8..).unwrap_or_default());
    writer.into_bytes()
}

/// A library's name: this one's own, or one it needs.
pub(super) fn library(number: u64, name: &str) -> Vec<u8> {
    command(number, |writer| {
        for value in [24, 0, LIBRARY_VERSION, LIBRARY_VERSION] {
            writer.u32(value);
        }
        writer.c_string(name.as_bytes());
    })
}

/// A segment and the sections inside it.
pub(super) fn segment(
    name: &str,
    memory: Span,
    file: Span,
    protection: u64,
    sections: &[Vec<u8>],
) -> Vec<u8> {
    command(LC_SEGMENT_64, |writer| {
        writer.bytes(&fixed_name(name));
        for value in [memory.start, memory.size_bytes, file.start, file.size_bytes] {
            writer.u64(value);
        }
        for value in [protection, protection, size(sections), 0] {
            writer.u32(value);
        }
        writer.bytes(&sections.concat());
    })
}

/// The description of a section, for [`segment`]; `offset` is where it lies in the file.
pub(super) fn section(name: &str, segment: &str, memory: Span, offset: u64, flags: u64) -> Vec<u8> {
    let mut writer = Writer::new(Width::Eight);
    writer.bytes(&fixed_name(name));
    writer.bytes(&fixed_name(segment));
    writer.u64(memory.start);
    writer.u64(memory.size_bytes);
    for value in [offset, ALIGNMENT_LOG2, 0, 0, flags, 0, 0, 0] {
        writer.u32(value);
    }
    writer.into_bytes()
}

fn fixed_name(name: &str) -> [u8; 16] {
    let mut fixed = [0; 16];
    for (to, from) in fixed.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    fixed
}

const LC_SEGMENT_64: u64 = 0x19;
const LIBRARY_VERSION: u64 = 0x1_0000;
const ALIGNMENT_LOG2: u64 = 6;
