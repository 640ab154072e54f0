//! Records: fields one after another, by forms that the patch lists.
//!
//! Symbol tables and line tables are such. What moves in them are addresses of code, offsets into
//! other tables, and numbers of files. What does not go by the forms stays as it is, from the first
//! record on that does not.

use patchproof_patch::InflateError;

use super::numbers::{Numbers, fault, push};
use super::shifts::{Maps, ShiftMap};
use super::watch::{Class, Token, Watch};

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// So many bytes.
    Skip(usize),
    /// Bytes up to and with a zero.
    Text,
    /// A base-128 number that stays.
    Number,
    /// A base-128 number, moved by a map.
    Moved(usize),
    /// Four bytes, moved by a map.
    Word(usize),
    /// The address of code, in four bytes.
    Address32,
    /// The address of code, in eight bytes.
    Address64,
    /// One byte; the record goes on with the form of this number plus that byte.
    Then(usize),
}

/// The fields of a record. A form that is not listed has none.
pub(crate) type Form = Vec<Field>;

/// What records need beside their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) forms: Vec<Form>,
    /// The address at which the first region of machine code lies, in base and output.
    pub(crate) base_address: u64,
    pub(crate) output_address: u64,
    /// How many bytes a place of the machine code stands for.
    pub(crate) unit_bytes: u64,
    /// Of fields that are moved by a map of their own.
    pub(crate) maps: Vec<ShiftMap>,
}

impl Layout {
    pub(crate) fn read(numbers: &mut Numbers<'_>) -> Result<Self, InflateError> {
        let mut layout = Self::default();
        for _ in 0..numbers.count(FORMS_MAX)? {
            let mut form = Vec::new();
            for _ in 0..numbers.count(FIELDS_MAX)? {
                // What holds no bytes means nothing, and would be looked at in each record.
                match field(numbers)? {
                    Field::Skip(0) => {}
                    field => form.push(field),
                }
            }
            layout.forms.push(form);
        }
        layout.base_address = numbers.number()?;
        layout.output_address = numbers.number()?;
        layout.unit_bytes = numbers.number()?;
        if ![1, 4].contains(&layout.unit_bytes) {
            return Err(fault("code does not count in bytes or words"));
        }
        for _ in 0..numbers.count(MAPS_MAX)? {
            layout.maps.push(ShiftMap::read(numbers)?);
        }
        Ok(layout)
    }

    #[cfg(feature = "make")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        push(out, wide(self.forms.len()));
        for form in &self.forms {
            push(out, wide(form.len()));
            for field in form {
                let (number, parameter) = match *field {
                    Field::Skip(bytes) => (0, Some(bytes)),
                    Field::Text => (1, None),
                    Field::Number => (2, None),
                    Field::Moved(map) => (3, Some(map)),
                    Field::Word(map) => (4, Some(map)),
                    Field::Address32 => (5, None),
                    Field::Address64 => (6, None),
                    Field::Then(form) => (7, Some(form)),
                };
                push(out, number);
                if let Some(parameter) = parameter {
                    push(out, wide(parameter));
                }
            }
        }
        push(out, self.base_address);
        push(out, self.output_address);
        push(out, self.unit_bytes);
        push(out, wide(self.maps.len()));
        self.maps.iter().for_each(|map| map.write(out));
    }
}

fn field(numbers: &mut Numbers<'_>) -> Result<Field, InflateError> {
    Ok(match numbers.number()? {
        0 => Field::Skip(numbers.count(SKIP_BYTES_MAX)?),
        1 => Field::Text,
        2 => Field::Number,
        3 => Field::Moved(numbers.count(MAPS_MAX)?),
        4 => Field::Word(numbers.count(MAPS_MAX)?),
        5 => Field::Address32,
        6 => Field::Address64,
        7 => Field::Then(numbers.count(FORMS_MAX)?),
        _ => return Err(fault("a field has a kind that is not known")),
    })
}

/// Rewrites regions of records.
pub(crate) struct Records<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) maps: &'a Maps,
    /// The machine code's extent in the base, in bytes.
    pub(crate) code_bytes: u64,
}

impl Records<'_> {
    /// Appends a region as it is seen, and answers by how much it grew, which is at most
    /// `growth_max`. Every record is of one form.
    pub(crate) fn rewrite(
        &self,
        form: usize,
        bytes: &[u8],
        growth_max: usize,
        out: &mut Vec<u8>,
        watch: &mut impl Watch,
    ) -> Result<usize, InflateError> {
        let room = bytes.len().saturating_add(growth_max);
        let (began, end_max) = (out.len(), out.len().saturating_add(room));
        let mut rest = Numbers::of(bytes);
        loop {
            let start = out.len();
            let left = rest.left();
            let whole = self.record(form, &mut rest, end_max, out, watch);
            let is_last = whole.is_none() || rest.left().len() == left.len();
            if is_last {
                out.truncate(start);
                out.extend_from_slice(left);
            }
            if out.len() > end_max {
                return Err(fault("records are seen longer than the base"));
            }
            if is_last {
                return Ok((out.len() - began).saturating_sub(bytes.len()));
            }
        }
    }

    /// Beyond `end_max` what grows is left out: the record is too long, or turns out to be none.
    fn record(
        &self,
        form: usize,
        rest: &mut Numbers<'_>,
        end_max: usize,
        out: &mut Vec<u8>,
        watch: &mut impl Watch,
    ) -> Option<()> {
        let mut fields = self.layout.forms.get(form)?.iter();
        while let Some(field) = fields.next() {
            match *field {
                Field::Skip(count) => out.extend_from_slice(rest.bytes(count).ok()?),
                Field::Text => {
                    let end = rest.left().iter().position(|byte| *byte == 0)?;
                    out.extend_from_slice(rest.bytes(end + 1).ok()?);
                }
                Field::Number => {
                    let end = rest.left().iter().position(|byte| *byte < 0x80)?;
                    out.extend_from_slice(rest.bytes(end + 1).ok()?);
                }
                Field::Moved(map) => {
                    let value = i64::try_from(rest.number().ok()?).ok()?;
                    let moved = self.told(map, value, out.len(), watch)?;
                    let fits = u64::try_from(moved).ok();
                    if out.len() <= end_max {
                        push(out, fits.unwrap_or(value.cast_unsigned()));
                    }
                }
                Field::Word(map) => {
                    let value = u32::from_le_bytes(*rest.bytes(4).ok()?.first_chunk()?);
                    let moved = self.told(map, i64::from(value), out.len(), watch)?;
                    out.extend(u32::try_from(moved).unwrap_or(value).to_le_bytes());
                }
                Field::Address32 => {
                    let value = u32::from_le_bytes(*rest.bytes(4).ok()?.first_chunk()?);
                    let moved = self.address(u64::from(value), out.len(), watch);
                    let moved = moved.and_then(|moved| u32::try_from(moved).ok());
                    out.extend(moved.unwrap_or(value).to_le_bytes());
                }
                Field::Address64 => {
                    let value = u64::from_le_bytes(*rest.bytes(8).ok()?.first_chunk()?);
                    let moved = self.address(value, out.len(), watch);
                    out.extend(moved.unwrap_or(value).to_le_bytes());
                }
                Field::Then(first) => {
                    let byte = rest.byte().ok()?;
                    out.push(byte);
                    let next = self.layout.forms.get(first.checked_add(usize::from(byte))?);
                    fields = next.map_or(&[][..], Vec::as_slice).iter();
                }
            }
        }
        Some(())
    }

    /// Where a value of a map of its own moved to.
    fn told(&self, map: usize, value: i64, at: usize, watch: &mut impl Watch) -> Option<i64> {
        watch.token(Token {
            class: Class::Field(u8::try_from(map).ok()?),
            value,
            at,
            length: 0,
        });
        let moved = self.layout.maps.get(map).map(|map| map.shift(value));
        value.checked_add(moved.unwrap_or(0))
    }

    /// Where an address of code moved to; `None` for any other.
    fn address(&self, value: u64, at: usize, watch: &mut impl Watch) -> Option<u64> {
        let offset = value.checked_sub(self.layout.base_address)?;
        let inside = offset <= self.code_bytes && offset.is_multiple_of(self.layout.unit_bytes);
        let place = i64::try_from(offset / self.layout.unit_bytes).ok();
        let place = place.filter(|_| inside)?;
        watch.token(Token {
            class: Class::Call,
            value: place,
            at,
            length: 0,
        });
        let moved = u64::try_from(self.maps.places.moved(place)).ok()?;
        let moved = moved.checked_mul(self.layout.unit_bytes)?;
        moved.checked_add(self.layout.output_address)
    }
}

const FORMS_MAX: usize = 1 << 10;
const FIELDS_MAX: usize = 1 << 8;
const MAPS_MAX: usize = 16;
const SKIP_BYTES_MAX: usize = 1 << 16;
