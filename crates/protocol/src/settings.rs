//! What an app says about itself in `shorebird.yaml`.

mod error;
mod scalar;
mod yaml;

pub use error::SettingsError;

use crate::WebUrl;
use scalar::Scalar;

/// The settings of one app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `app_id`: which app it is for the server. Not secret.
    pub app_id: String,
    /// `channel`: which patches are asked for; `stable` where nothing is said.
    pub channel: String,
    /// `base_url`: the server, without a slash at its end.
    pub base_url: WebUrl,
    /// `auto_update`: whether updates are looked for at each start; so where nothing is said.
    pub auto_update: bool,
    /// `patch_public_key`: base64 of the key that patches are signed with, as it stands there.
    pub patch_public_key: Option<String>,
    /// `patch_verification`: when signatures are checked.
    pub patch_verification: PatchVerification,
    /// Keys that say nothing to a device, in the order of the alphabet. Some are the developer's
    /// side's, such as `flavors`; another one may be a slip of the pen.
    pub unknown_keys: Vec<String>,
}

/// When the signature of a patch is checked, by Shorebird's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatchVerification {
    /// `strict`: when it is installed and at each start.
    #[default]
    Strict,
    /// `install_only`: when it is installed.
    InstallOnly,
}

impl Settings {
    /// Reads the text of a `shorebird.yaml`.
    ///
    /// # Errors
    ///
    /// For text that is too long or not YAML, for a key that is there twice, and for a value that
    /// is not what its key asks for: the error names key, what was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        if text.len() > SETTINGS_BYTES_MAX {
            return Err(SettingsError::TooLong {
                found_bytes: text.len(),
            });
        }
        let mut values = yaml::top_level(text)?;
        let mut take = |key| values.remove(key).filter(|value| *value != Scalar::Null);
        Ok(Self {
            app_id: take("app_id")
                .ok_or(SettingsError::NoAppId)?
                .label("app_id")?,
            channel: match take("channel") {
                Some(value) => value.label("channel")?,
                None => DEFAULT_CHANNEL.to_owned(),
            },
            base_url: base_url(take("base_url"))?,
            auto_update: match take("auto_update") {
                Some(value) => value.boolean("auto_update")?,
                None => true,
            },
            patch_public_key: take("patch_public_key")
                .map(|value| value.text("patch_public_key"))
                .transpose()?,
            patch_verification: match take("patch_verification") {
                Some(value) => verification(value)?,
                None => PatchVerification::default(),
            },
            unknown_keys: values.into_keys().filter(|key| !is_known(key)).collect(),
        })
    }

    /// Where the server's `path` is asked, such as [`CHECK_PATH`](crate::CHECK_PATH).
    #[must_use]
    pub fn endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}

fn base_url(value: Option<Scalar>) -> Result<WebUrl, SettingsError> {
    let text = match value {
        Some(value) => value.text("base_url")?,
        None => DEFAULT_BASE_URL.to_owned(),
    };
    let url = WebUrl::parse(text.trim_end_matches('/')).map_err(SettingsError::BaseUrl)?;
    if url.ends_a_path() {
        return Err(SettingsError::Value {
            key: "base_url",
            expected: "a URL without ? and #, since paths are put behind it",
            found: text,
        });
    }
    Ok(url)
}

fn verification(value: Scalar) -> Result<PatchVerification, SettingsError> {
    let found = value.text("patch_verification")?;
    match found.as_str() {
        "strict" => Ok(PatchVerification::Strict),
        "install_only" => Ok(PatchVerification::InstallOnly),
        _ => Err(SettingsError::Value {
            key: "patch_verification",
            expected: "strict or install_only",
            found,
        }),
    }
}

fn is_known(key: &str) -> bool {
    KNOWN_KEYS.contains(&key)
}

/// The longest `shorebird.yaml` that is read, in bytes.
pub const SETTINGS_BYTES_MAX: usize = 64 * 1024;

const KNOWN_KEYS: [&str; 6] = [
    "app_id",
    "channel",
    "base_url",
    "auto_update",
    "patch_public_key",
    "patch_verification",
];

const DEFAULT_CHANNEL: &str = "stable";
const DEFAULT_BASE_URL: &str = "https://api.shorebird.dev";

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
