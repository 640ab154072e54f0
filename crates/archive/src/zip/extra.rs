//! The zip64 field among an entry's extra fields.

use super::IN_ZIP64;
use crate::fault::ZipFault;
use crate::fields::Fields;

/// The values that stand in the zip64 field because four bytes hold [`IN_ZIP64`] instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Zip64<'a>(Option<Fields64<'a>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fields64<'a>(&'a [u8]);

impl<'a> Zip64<'a> {
    /// Looks for the field. Padding after the last whole field, as zipalign leaves it, is no fault.
    pub(super) fn find(extra: &'a [u8]) -> Result<Zip64<'a>, ZipFault> {
        let mut fields = Fields::new(extra);
        let mut found = None;
        while let Some((id, value)) = next(&mut fields) {
            if id != ZIP64_ID {
                continue;
            }
            if found.is_some() {
                let what = "an entry has two zip64 fields";
                return Err(ZipFault::Zip64 { what });
            }
            found = Some(Fields64(value));
        }
        Ok(Zip64(found))
    }

    /// The true value of a four-byte field: itself, or the next of this field.
    pub(super) fn resolve(&mut self, plain: u32) -> Result<u64, ZipFault> {
        if plain != IN_ZIP64 {
            return Ok(u64::from(plain));
        }
        let missing = ZipFault::Zip64 {
            what: "an entry's size or place is left to a zip64 field that does not have it",
        };
        let bytes = self.0.ok_or(missing.clone())?.0;
        let mut fields = Fields::new(bytes);
        let value = fields.u64().ok_or(missing)?;
        self.0 = Some(Fields64(fields.rest()));
        Ok(value)
    }

    /// Nothing may be left: a reader that takes every value would see others.
    pub(super) fn finish(self) -> Result<(), ZipFault> {
        match self.0 {
            None | Some(Fields64([])) => Ok(()),
            Some(_) => Err(ZipFault::Zip64 {
                what: "an entry's zip64 field holds values that the plain ones do not ask for",
            }),
        }
    }
}

fn next<'a>(fields: &mut Fields<'a>) -> Option<(u16, &'a [u8])> {
    let id = fields.u16()?;
    let size_bytes = fields.u16()?;
    Some((id, fields.take(usize::from(size_bytes))?))
}

const ZIP64_ID: u16 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_value_needs_no_zip64_field() {
        let mut zip64 = Zip64::find(&[]).unwrap();
        assert_eq!(zip64.resolve(7), Ok(7));
    }

    #[test]
    fn values_are_taken_in_order_and_only_where_asked_for() {
        let mut extra = vec![1, 0, 16, 0];
        extra.extend(5_u64.to_le_bytes());
        extra.extend(6_u64.to_le_bytes());
        let mut zip64 = Zip64::find(&extra).unwrap();
        let found = (
            zip64.resolve(u32::MAX),
            zip64.resolve(9),
            zip64.resolve(u32::MAX),
        );
        assert_eq!(found, (Ok(5), Ok(9), Ok(6)));
        assert_eq!(zip64.finish(), Ok(()));
    }

    #[test]
    fn a_value_that_nobody_asks_for_is_refused() {
        let extra = [1, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        assert!(Zip64::find(&extra).unwrap().finish().is_err());
    }

    #[test]
    fn padding_by_zeros_is_no_fault() {
        assert_eq!(Zip64::find(&[0; 3]), Ok(Zip64(None)));
        assert_eq!(Zip64::find(&[0; 9]), Ok(Zip64(None)));
    }
}
