//! The top level of a YAML document, by a real parser under bounds.

use std::collections::BTreeMap;

use super::SettingsError;
use super::scalar::Scalar;

/// The keys of the document and their values; none of an empty document.
pub(super) fn top_level(text: &str) -> Result<BTreeMap<String, Scalar>, SettingsError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 8 * 1024,
            max_nodes: 4 * 1024,
            max_depth: 16,
            max_documents: 1,
            max_aliases: 64,
            max_anchors: 64,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 4 * 1024,
            max_replay_stack_depth: 8,
            max_alias_expansions_per_anchor: 64,
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    };
    let read = serde_saphyr::from_str_with_options::<Option<_>>(text, options);
    match read {
        Ok(values) => Ok(values.unwrap_or_default()),
        Err(error) => Err(SettingsError::Malformed {
            why: error.to_string(),
        }),
    }
}
