//! What a device and a server say to each other, as types: Shorebird's protocol, the settings that
//! name the server, and which devices a rollout reaches. How it travels is another room's.

mod answer;
mod check;
#[cfg(feature = "developer")]
pub mod developer;
mod documents;
mod event;
mod names;
mod object;
mod offer;
mod rollout;
mod settings;
mod web_url;

pub use answer::{ANSWER_BYTES_MAX, AnswerError, CheckAnswer, ROLLED_BACK_MAX, channel_statement};
pub use check::{Asked, CHECK_PATH, CheckRequest};
pub use documents::{channel_path, download_path, root_path, statement_path};
pub use event::{EVENTS_PATH, Event, EventBody, EventKind, MESSAGE_CHARS_MAX, within_message};
pub use names::{Arch, ClientId, Platform};
pub use offer::{HashFault, NOTES_BYTES_MAX, Offer};
pub use rollout::{BUCKETS, bucket};
pub use settings::{PatchVerification, SETTINGS_BYTES_MAX, Settings, SettingsError};
pub use web_url::{URL_BYTES_MAX, WebUrl, WebUrlError};
