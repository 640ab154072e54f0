//! The JSON schemas of what we print, generated from the types; `docs/schemas/` holds them.

use schemars::{Schema, schema_for};

use crate::comparison::Comparison;
use crate::release_report::Report;

/// The schema of `verify-release --format json`.
#[must_use]
pub fn report_schema() -> Schema {
    schema_for!(Report)
}

/// The schema of `compare --format json`.
#[must_use]
pub fn comparison_schema() -> Schema {
    schema_for!(Comparison)
}
