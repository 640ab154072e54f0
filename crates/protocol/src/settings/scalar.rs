//! One value of the settings as YAML has it, before its key says what it should be.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::SettingsError;

/// A value, by what YAML takes it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as it would be written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List,
    /// Keys of its own.
    Mapping,
}

impl Scalar {
    /// Text that is there, and short enough for a name.
    pub(super) fn label(self, key: &'static str) -> Result<String, SettingsError> {
        let text = self.text(key)?;
        if text.chars().count() > LABEL_CHARS_MAX || text.chars().any(char::is_control) {
            return Err(SettingsError::Value {
                key,
                expected: "at most 256 characters in one line",
                found: format!("{} characters", text.chars().count()),
            });
        }
        Ok(text)
    }

    /// Text that is there.
    pub(super) fn text(self, key: &'static str) -> Result<String, SettingsError> {
        let expected = match &self {
            Self::Text(text) if !text.trim().is_empty() => return Ok(text.clone()),
            Self::Number(_) | Self::Boolean(_) => "text (put it in quotes)",
            _ => "text",
        };
        Err(SettingsError::Value {
            key,
            expected,
            found: self.to_string(),
        })
    }

    pub(super) fn boolean(self, key: &'static str) -> Result<bool, SettingsError> {
        match self {
            Self::Boolean(yes) => Ok(yes),
            other => Err(SettingsError::Value {
                key,
                expected: "true or false, without quotes",
                found: other.to_string(),
            }),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Boolean(yes) => write!(f, "{yes}"),
            Self::Number(text) => write!(f, "the number {text}"),
            Self::Text(text) => {
                let shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
                write!(f, "{shown:?}")
            }
            Self::List => f.write_str("a list"),
            Self::Mapping => f.write_str("keys of its own"),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Scalar, E> {
        Ok(Scalar::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Scalar, E> {
        Ok(Scalar::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Scalar, D::Error> {
        from.deserialize_any(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Mapping)
    }
}

const LABEL_CHARS_MAX: usize = 256;
const SHOWN_CHARS_MAX: usize = 80;
