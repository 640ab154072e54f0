//! Rows read as structs. By `sqlx`'s own derive both databases would be built a second time, for
//! the compiler, which takes a minute of every first build.

use sqlx::any::AnyRow;
use sqlx::{Any, Decode, Row as _, Type};

/// Reads a struct out of a row, each field from the column of its name: as it is stored; `: T`
/// where it is stored as that and has to be converted; `: ..` where it is itself a struct of the
/// same row; `: _` where it comes from elsewhere, and is empty here.
macro_rules! row {
    ($row:ty: $($field:ident $(: $how:tt)?),+ $(,)?) => {
        impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for $row {
            fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: $crate::store::row::field!(row, $field $(, $how)?)),+ })
            }
        }
    };
}
pub(super) use row;

macro_rules! field {
    ($row:ident, $field:ident) => {
        sqlx::Row::try_get($row, stringify!($field))?
    };
    ($row:ident, $field:ident, ..) => {
        sqlx::FromRow::from_row($row)?
    };
    ($row:ident, $field:ident, _) => {
        Default::default()
    };
    ($row:ident, $field:ident, $stored:ty) => {
        $crate::store::row::converted::<$stored, _>($row, stringify!($field))?
    };
}
pub(super) use field;

/// A column that is stored as another type than it is.
pub(super) fn converted<'r, S, T>(row: &'r AnyRow, column: &str) -> Result<T, sqlx::Error>
where
    S: Decode<'r, Any> + Type<Any>,
    T: TryFrom<S, Error: std::error::Error + Send + Sync + 'static>,
{
    let stored: S = row.try_get(column)?;
    T::try_from(stored).map_err(|error| sqlx::Error::ColumnDecode {
        index: format!("{column:?}"),
        source: error.into(),
    })
}
