//! Real files as inputs: snapshots and releases cut to size, and patches between their windows.

use patchproof_patch::MakeOptions;

use super::{Facts, patch_case};

/// The inputs of a target that a real file gives, each with a name that ends with `label`; none,
/// where the target reads something else.
#[must_use]
pub fn from_file(facts: &Facts, label: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let named = |what: String, bytes| (format!("{what}-{label}"), bytes);
    match facts.name {
        // These take a file as it is where it begins as a file.
        "snapshot_any" | "snapshot_differential" | "archive_any" => {
            let cut = bytes.get(..facts.bytes_max).unwrap_or(bytes);
            vec![named("cut".to_owned(), cut.to_vec())]
        }
        "inflate_any" => patches(bytes)
            .map(|(what, bytes)| named(what, bytes))
            .collect(),
        "inflate_differential" => {
            let as_patch = |bytes: Vec<u8>| [&[0], &bytes[..]].concat();
            let named = |(what, bytes)| named(what, as_patch(bytes));
            patches(bytes).map(named).collect()
        }
        _ => Vec::new(),
    }
}

/// Patches from a window of a file to the next one, in every form.
fn patches(bytes: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let middle = bytes.len() / 2;
    let window = |from: usize| bytes.get(from..from + WINDOW_BYTES).unwrap_or_default();
    let (base, new) = (window(middle), window(middle + SHIFT_BYTES));
    let forms = [
        ("shorebird", MakeOptions::shorebird()),
        (
            "zstd",
            MakeOptions::patchproof(patchproof_patch::CodecChoice::Zstd),
        ),
        (
            "brotli",
            MakeOptions::patchproof(patchproof_patch::CodecChoice::Brotli),
        ),
    ];
    let forms = forms
        .into_iter()
        .filter(|_| !base.is_empty() && !new.is_empty());
    forms.flat_map(move |(what, options)| {
        let inputs = patch_case::inputs(base, new, options);
        let named = move |(form, bytes)| (format!("{what}-{form}"), bytes);
        inputs.into_iter().map(named)
    })
}

const WINDOW_BYTES: usize = 700;
const SHIFT_BYTES: usize = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_file_gives_inputs_that_fit() {
        let file: Vec<u8> = (0_u32..4000).flat_map(|n| (n * 24).to_le_bytes()).collect();
        for facts in super::super::every() {
            for (name, bytes) in from_file(&facts, "label", &file) {
                assert!(name.ends_with("-label"), "{name}");
                assert!(bytes.len() <= facts.bytes_max, "{name}: {}", bytes.len());
            }
        }
    }
}
