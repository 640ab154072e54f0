//! One thing a check has to say, under a rule.

use schemars::JsonSchema;
use serde::Serialize;

use crate::rule::Rule;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; changes no verdict.
    Note,
    /// Likely to bite somebody; changes no verdict.
    Warning,
    /// The check could not settle this; the verdict is undecided unless something is broken.
    Undecided,
    /// The thing is wrong; the verdict follows from it.
    Error,
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Certainty {
    /// It fits what was seen, and so do other causes.
    Possible,
    /// What was seen speaks for it, and little else would show the same.
    Likely,
    /// What was seen cannot come about without it.
    Certain,
}

impl Certainty {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// One finding: what was looked at, what was expected, what was found, how to mend it.
///
/// A finding never guesses: what is not certain is [`Severity::Undecided`] and says what is
/// missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Finding {
    /// The stable rule id, such as `PP111`; `patchproof explain` tells more.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// One or two sentences for a person, naming the file at fault.
    pub message: String,
    /// What was expected, where that can be shown.
    pub expected: Option<String>,
    /// What was found, where that can be shown.
    pub found: Option<String>,
    /// How to mend it.
    pub remedy: String,
    /// The path inside the release that this is about; absent where it is about a whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How sure it is, where the finding names a cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
}

impl Finding {
    /// A finding with the severity and the remedy that its rule has in the catalogue.
    #[must_use]
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        let text = rule.text();
        Self {
            rule,
            severity: text.severity,
            message: message.into(),
            expected: None,
            found: None,
            remedy: text.remedy.to_owned(),
            subject: None,
            certainty: None,
        }
    }

    /// Shows what was expected beside what was found.
    #[must_use]
    pub fn comparing(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }

    /// Shows what was found, where nothing in particular was expected.
    #[must_use]
    pub fn showing(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Replaces the catalogue's remedy by one that fits this case.
    #[must_use]
    pub fn mended_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Names the path inside the release that this is about.
    #[must_use]
    pub fn about(mut self, path: impl Into<String>) -> Self {
        self.subject = Some(path.into());
        self
    }

    /// Says how sure the cause is.
    #[must_use]
    pub const fn sure(mut self, certainty: Certainty) -> Self {
        self.certainty = Some(certainty);
        self
    }

    /// Gives it another weight than its rule has, where a policy says so.
    #[must_use]
    pub const fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
