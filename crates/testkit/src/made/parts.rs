//! The read-only data, the text and the exports of a snapshot, as they grow.

use super::blob::{ALIGNMENT_BYTES, with_image_header};
use super::bytes::{Width, Writer, size};
use super::image::{Place, Symbol};

/// The data, the text and the exports, as they grow.
pub(super) struct Parts {
    pub(super) width: Width,
    pub(super) rodata: Writer,
    pub(super) text: Writer,
    pub(super) exports: Vec<Symbol>,
}

impl Parts {
    pub(super) const fn new(width: Width) -> Self {
        Self {
            width,
            rodata: Writer::new(width),
            text: Writer::new(width),
            exports: Vec::new(),
        }
    }

    /// Puts a blob into the read-only data, under a name.
    pub(super) fn data(&mut self, name: &str, bytes: &[u8]) {
        let offset = self.rodata(bytes);
        self.symbol(name, Place::Rodata, offset, size(bytes));
    }

    /// Puts the bytes into the read-only data and says where.
    pub(super) fn rodata(&mut self, bytes: &[u8]) -> u64 {
        self.rodata.align(ALIGNMENT_BYTES);
        let offset = self.rodata.position();
        self.rodata.bytes(bytes);
        offset
    }

    /// Puts instructions and their header into the text, under a name; no code, no header.
    pub(super) fn instructions(&mut self, name: &str, code: &[u8]) {
        self.text.align(ALIGNMENT_BYTES);
        let offset = self.text.position();
        if !code.is_empty() {
            let image = with_image_header(self.width, ALIGNMENT_BYTES, code);
            self.text.bytes(&image);
        }
        let size_bytes = self.text.position() - offset;
        self.symbol(name, Place::Text, offset, size_bytes);
    }

    pub(super) fn symbol(&mut self, name: &str, place: Place, offset: u64, size_bytes: u64) {
        self.exports.push(Symbol {
            name: name.to_owned(),
            place,
            offset,
            size_bytes,
        });
    }
}
