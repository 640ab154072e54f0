//! The release report in the forms that other programs show: each is drawn from the same values.

mod github;
mod html;
mod junit;
mod markdown;
mod plain;
mod sarif;
mod view;

pub use github::report_github;
pub use html::report_html;
pub use junit::report_junit;
pub use markdown::report_markdown;
pub use sarif::report_sarif;

pub(crate) use plain::{grouped, shown, visible};
