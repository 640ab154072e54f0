//! `xtask/tidy.toml`: which rooms exist and what each may use, and what the ratchet still allows.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::TidyError;
use super::tree::SourceFile;

/// Where the rules of this repository stand, relative to its root.
pub(crate) const PATH: &str = "xtask/tidy.toml";

/// The rules of this repository.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) rooms: Rooms,
    pub(crate) text: Text,
    /// Path -> the most lines a long file may have.
    #[serde(default)]
    pub(crate) file_lines: BTreeMap<String, usize>,
    /// `path::name` -> the most lines a long function may have.
    #[serde(default)]
    pub(crate) function_lines: BTreeMap<String, usize>,
    /// The text this was read from.
    #[serde(skip)]
    pub(crate) source: String,
}

/// Room -> the rooms it may use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rooms {
    /// What a user runs or links.
    pub(crate) shipping: BTreeMap<String, Vec<String>>,
    /// What only this repository uses. `*` stands for every shipping room.
    pub(crate) workshop: BTreeMap<String, Vec<String>>,
}

/// Rules about text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    /// What no text file may contain.
    pub(crate) forbidden: Vec<String>,
    /// The folders, each ending with `/`, in which unsafe code may stand.
    pub(crate) unsafe_code_in: Vec<String>,
}

impl Config {
    /// Finds the rules among the files of the repository.
    ///
    /// # Errors
    ///
    /// When they are missing or malformed.
    pub(crate) fn of(files: &[SourceFile]) -> Result<Self, TidyError> {
        let file = files
            .iter()
            .find(|file| file.path == PATH)
            .ok_or(TidyError::NoConfig)?;
        Self::parse(file.text.clone().ok_or(TidyError::NoConfig)?)
    }

    /// Reads the rules.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, has an unknown key or lacks a table.
    pub(crate) fn parse(source: String) -> Result<Self, TidyError> {
        let config: Self = toml_edit::de::from_str(&source)?;
        Ok(Self { source, ..config })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_this_repository_are_well_formed() {
        let config = Config::parse(include_str!("../../tidy.toml").to_owned()).unwrap();
        assert!(config.rooms.shipping.contains_key("report"));
    }

    #[test]
    fn a_misspelt_key_is_refused_by_name() {
        let error = Config::parse("[room]\n".to_owned()).err().unwrap();
        assert!(
            error.to_string().contains("unknown field `room`"),
            "{error}"
        );
    }

    #[test]
    fn a_repository_without_rules_is_an_error() {
        assert!(matches!(Config::of(&[]), Err(TidyError::NoConfig)));
    }
}
