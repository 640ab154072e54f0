//! The catalogue of rules: ids that are stable and never reused.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::finding::Severity;
pub use crate::rule_texts::Rule;
use crate::rule_texts::TEXTS;

/// What the catalogue says of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleText {
    /// The rule.
    pub rule: Rule,
    /// Its stable id, such as `PP111`.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// How much a finding under this rule weighs.
    pub severity: Severity,
    /// What a person sees.
    pub symptom: &'static str,
    /// Where it comes from, and on a device what it does.
    pub cause: &'static str,
    /// How to mend it.
    pub remedy: &'static str,
}

/// No rule has this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    asked: String,
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no rule has the id `{}`; known are ", self.asked)?;
        let ids: Vec<&str> = TEXTS.iter().map(|text| text.id).collect();
        write!(f, "{}", ids.join(", "))
    }
}

impl std::error::Error for UnknownRule {}

impl Rule {
    /// Every rule, in the order of their ids.
    pub fn all() -> impl Iterator<Item = Self> {
        TEXTS.iter().map(|text| text.rule)
    }

    /// Its stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.text().id
    }

    /// The rule with this id, in any case: `pp111` is found too.
    ///
    /// # Errors
    /// [`UnknownRule`] names the ids there are.
    pub fn from_id(id: &str) -> Result<Self, UnknownRule> {
        let wanted = id.to_ascii_uppercase();
        let known = TEXTS.iter().find(|text| text.id == wanted);
        known.map(|text| text.rule).ok_or_else(|| UnknownRule {
            asked: id.to_owned(),
        })
    }

    /// Whether a finding under this rule means that Patchproof itself is wrong.
    #[must_use]
    pub const fn is_our_bug(self) -> bool {
        matches!(self, Self::DecodersDisagree)
    }

    /// Whether it says that two files differ in bytes that change nothing, which a policy may
    /// accept.
    #[must_use]
    pub const fn is_equivalence(self) -> bool {
        matches!(self, Self::EquivalentOnly)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl JsonSchema for Rule {
    fn schema_name() -> Cow<'static, str> {
        "Rule".into()
    }

    // A pattern, not a list: a new rule must not break a reader of this version.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^PP[0-9]{3}$",
            "description": "A stable rule id; `patchproof explain` tells symptom, cause and remedy."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_none_is_used_twice() {
        for pair in TEXTS.windows(2) {
            assert!(
                pair[0].id < pair[1].id,
                "{} before {}",
                pair[0].id,
                pair[1].id
            );
        }
    }

    #[test]
    fn an_id_is_found_in_any_case_and_an_unknown_one_lists_the_known() {
        assert_eq!(Rule::from_id("pp111"), Ok(Rule::VersionDiffers));
        let error = Rule::from_id("PP999").unwrap_err().to_string();
        assert!(
            error.contains("PP999") && error.contains("PP101"),
            "{error}"
        );
    }
}
