//! How many cases of each kind ended how: counted, and held against what is pinned in
//! `docs/soundness.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::case::{Case, Ended, Section, families};
use super::stories::Story;

/// Of one kind on one story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u64; 2]", into = "[u64; 2]")]
#[non_exhaustive]
pub struct Count {
    /// How many were not verified.
    pub reported: u64,
    /// How many were verified.
    pub verified: u64,
}

impl From<[u64; 2]> for Count {
    fn from([reported, verified]: [u64; 2]) -> Self {
        Self { reported, verified }
    }
}

impl From<Count> for [u64; 2] {
    fn from(count: Count) -> Self {
        [count.reported, count.verified]
    }
}

/// By section, then family, then kind, then story.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Matrix {
    counts: BTreeMap<String, Families>,
}

type Families = BTreeMap<String, BTreeMap<String, BTreeMap<String, Count>>>;

impl Matrix {
    /// Counts one case.
    pub fn add(&mut self, case: Case, ended: &Ended) {
        let families = self
            .counts
            .entry(word(case.section).to_owned())
            .or_default();
        let kinds = families.entry(case.family().to_owned()).or_default();
        let stories = kinds.entry(case.name().to_owned()).or_default();
        let count = stories.entry(case.story.word().to_owned()).or_default();
        if ended.is_verified {
            count.verified += 1;
        } else {
            count.reported += 1;
        }
    }

    /// Counts what another one counted.
    pub fn merge(&mut self, other: &Self) {
        for (section, family, kind, story, count) in other.each() {
            let families = self.counts.entry(section.to_owned()).or_default();
            let kinds = families.entry(family.to_owned()).or_default();
            let stories = kinds.entry(kind.to_owned()).or_default();
            let sum = stories.entry(story.to_owned()).or_default();
            sum.reported += count.reported;
            sum.verified += count.verified;
        }
    }

    /// What it has of one story.
    #[must_use]
    pub fn of_story(&self, story: Story) -> Self {
        let mut only = Self::default();
        for (section, family, kind, of, count) in self.each() {
            if of == story.word() {
                let families = only.counts.entry(section.to_owned()).or_default();
                let kinds = families.entry(family.to_owned()).or_default();
                let stories = kinds.entry(kind.to_owned()).or_default();
                stories.insert(of.to_owned(), count);
            }
        }
        only
    }

    /// The sum over a section.
    #[must_use]
    pub fn total(&self, section: Section) -> Count {
        let all = self.each().filter(|it| it.0 == word(section));
        sum(all.map(|it| it.4))
    }

    /// Of one family, or of one kind of it: made stories and real ones.
    pub(crate) fn of(&self, section: Section, family: &str, kind: Option<&str>) -> [Count; 2] {
        [false, true].map(|is_real| {
            let all = self.each().filter(|(of, in_family, name, story, _)| {
                let is_kind = kind.is_none_or(|kind| kind == *name);
                let is_ours = *of == word(section) && *in_family == family && is_kind;
                is_ours && story.starts_with("real ") == is_real
            });
            sum(all.map(|it| it.4))
        })
    }

    /// `docs/soundness.toml` of it.
    ///
    /// # Errors
    ///
    /// None that a table of numbers gives.
    pub fn file(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEAD}{}", toml::to_string(self)?))
    }

    fn each(&self) -> impl Iterator<Item = (&str, &str, &str, &str, Count)> {
        let families = self.counts.iter().flat_map(|(section, families)| {
            let families = families.iter();
            families.map(move |(family, kinds)| (section.as_str(), family.as_str(), kinds))
        });
        let kinds = families.flat_map(|(section, family, kinds)| {
            let kinds = kinds.iter();
            kinds.map(move |(kind, stories)| (section, family, kind.as_str(), stories))
        });
        kinds.flat_map(|(section, family, kind, stories)| {
            let stories = stories.iter();
            stories.map(move |(story, count)| (section, family, kind, story.as_str(), *count))
        })
    }
}

fn sum(counts: impl Iterator<Item = Count>) -> Count {
    counts.fold(Count::default(), |sum, count| Count {
        reported: sum.reported + count.reported,
        verified: sum.verified + count.verified,
    })
}

/// That of `docs/soundness.toml`.
///
/// # Errors
///
/// Where it does not hold one.
pub fn pinned() -> Result<Matrix, toml::de::Error> {
    toml::from_str(PINNED)
}

pub(crate) const fn word(section: Section) -> &'static str {
    match section {
        Section::Tampering => "tampering",
        Section::Harmless => "harmless",
        Section::Limit => "limit",
    }
}

/// Every kind with its family, in the order in which they are written.
pub(crate) fn kinds(
    section: Section,
) -> impl Iterator<Item = (&'static str, &'static super::kind::Kind)> {
    let families = families(section).iter();
    families.flat_map(|family| family.kinds.iter().map(|kind| (family.name, kind)))
}

const PINNED: &str = include_str!("../../../../docs/soundness.toml");
const HEAD: &str = "# How many changes of each kind were reported or verified, by the honest run \
    that they change.\n# `cargo test -p patchproof-tests --test soundness` counts and compares; \
    with\n# PATCHPROOF_BLESS=1 it writes this file, docs/soundness.md and the README's table.\n\n";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_kinds_of_a_section_have_one_name() {
        for section in [Section::Tampering, Section::Harmless, Section::Limit] {
            let names: Vec<_> = kinds(section).map(|(_, kind)| kind.name).collect();
            let different: BTreeSet<_> = names.iter().collect();
            assert_eq!(names.len(), different.len(), "{names:?}");
        }
    }

    #[test]
    fn every_kind_is_on_some_story_and_all_but_limits_say_how_they_end() {
        for section in [Section::Tampering, Section::Harmless, Section::Limit] {
            for (_, kind) in kinds(section) {
                assert!(!kind.on.is_empty(), "{}", kind.name);
                assert_eq!(
                    kind.ends.is_empty(),
                    section == Section::Limit,
                    "{}",
                    kind.name
                );
            }
        }
    }

    #[test]
    fn no_tampering_may_end_verified() {
        for (_, kind) in kinds(Section::Tampering) {
            let verified = kind.ends.iter().any(|end| end.ends_with(" 0"));
            assert!(!verified, "{}", kind.name);
        }
    }
}
