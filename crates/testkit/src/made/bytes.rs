//! Little-endian bytes, with fields as wide as the file's addresses.

/// How wide an address is in the file being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Four,
    Eight,
}

impl Width {
    /// The bytes of one address.
    pub(super) const fn size_bytes(self) -> u64 {
        match self {
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// One of two values, by the width.
    pub(super) fn pick<T>(self, four: T, eight: T) -> T {
        match self {
            Self::Four => four,
            Self::Eight => eight,
        }
    }
}

/// A growing file. Numbers too large for their field become the field's largest number.
#[derive(Debug)]
pub(super) struct Writer {
    width: Width,
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) const fn new(width: Width) -> Self {
        Self {
            width,
            bytes: Vec::new(),
        }
    }

    pub(super) fn position(&self) -> u64 {
        size(&self.bytes)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn u16(&mut self, value: u64) {
        self.bytes(&u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u64) {
        self.bytes(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.bytes(&value.to_le_bytes());
    }

    /// A number as wide as an address.
    pub(super) fn word(&mut self, value: u64) {
        match self.width {
            Width::Four => self.u32(value),
            Width::Eight => self.u64(value),
        }
    }

    /// The bytes and a NUL.
    pub(super) fn c_string(&mut self, text: &[u8]) {
        self.bytes(text);
        self.u8(0);
    }

    /// Zeros up to the next multiple of `alignment`.
    pub(super) fn align(&mut self, alignment: u64) {
        self.pad_to(align_up(self.position(), alignment));
    }

    /// Zeros up to `position`; nothing where the file is already longer.
    pub(super) fn pad_to(&mut self, position: u64) {
        let wanted = usize::try_from(position).unwrap_or(0);
        if wanted > self.bytes.len() {
            self.bytes.resize(wanted, 0);
        }
    }
}

/// The length of a slice as the file formats count it.
pub(super) fn size<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// The next multiple of `alignment`, which 0 does not have.
pub(super) fn align_up(position: u64, alignment: u64) -> u64 {
    position.next_multiple_of(alignment.max(1))
}

/// Where a part lies in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) size_bytes: u64,
}

impl Span {
    pub(super) const fn new(start: u64, size_bytes: u64) -> Self {
        Self { start, size_bytes }
    }

    /// The part of `size_bytes` that follows `previous`, aligned.
    pub(super) fn after(previous: Self, alignment: u64, size_bytes: u64) -> Self {
        Self::new(align_up(previous.end(), alignment), size_bytes)
    }

    /// The first position behind the part.
    pub(super) const fn end(self) -> u64 {
        self.start.saturating_add(self.size_bytes)
    }
}

/// Names behind one another, each found by its position, as ELF and Mach-O keep them.
#[derive(Debug, Default)]
pub(super) struct StringTable {
    bytes: Vec<u8>,
}

impl StringTable {
    /// A table whose first name is empty; Mach-O spends a space on it.
    pub(super) fn starting_with(start: &[u8]) -> Self {
        Self {
            bytes: start.to_vec(),
        }
    }

    /// Puts the name in the table and says where.
    pub(super) fn add(&mut self, name: &str) -> u64 {
        let position = size(&self.bytes);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        position
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
