//! Whatever patch comes over whatever base: it ends with bytes or an error, within its limits.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{
    Header, InflateError, Malformed, describe, inflate_through, looks_like_a_patch,
};

use super::inflate_differential::the_zstd_libraries_differ;
use super::patch_case::{Case, DICTIONARY, limits, seeds};
use super::{Reached, Target};

/// The target.
pub static TARGET: Target = Target {
    name: "inflate_any",
    about: "any patch over any base ends with an output within its limits, or with an error",
    depth: "its container was read, and records were followed",
    run,
    seeds,
    dictionary: DICTIONARY,
    bytes_max: 4096,
};

fn run(data: &[u8]) -> Reached {
    let Some(Case { base, patch }) = Case::of(data) else {
        return Reached::Surface;
    };
    let described = describe(&patch, limits());
    let header = Header::of(&patch);
    let error = match inflate_through(&base, &patch, limits(), KNOWN) {
        Ok(output) => {
            let length = u64::try_from(output.len()).unwrap_or(u64::MAX);
            assert!(
                length <= limits().output_bytes_max,
                "{length} bytes came out"
            );
            assert!(
                looks_like_a_patch(&patch),
                "what inflates does not look like a patch"
            );
            assert!(!matches!(header, Some(Err(_))), "{header:?} was followed");
            let described = described.expect("what inflates can be described");
            assert_eq!(described.output_bytes, length, "{described:?}");
            return Reached::Depth;
        }
        Err(error) => error,
    };
    if let InflateError::DecodersDisagree { .. } = error {
        assert!(the_zstd_libraries_differ(&patch), "{error}");
    }
    match error {
        InflateError::Malformed(
            Malformed::Frame(_) | Malformed::Header(_) | Malformed::Magic { .. },
        )
        | InflateError::NotThisBase { .. }
        | InflateError::UnknownTransform { .. } => Reached::Surface,
        _ => Reached::Depth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_reach_the_depth() {
        for (name, seed) in seeds() {
            assert_eq!(run(&seed), Reached::Depth, "{name}");
        }
    }

    #[test]
    fn what_is_no_patch_stays_at_the_surface() {
        assert_eq!(run(&[]), Reached::Surface);
        assert_eq!(run(b"\0\x02\0abno patch"), Reached::Surface);
    }
}
