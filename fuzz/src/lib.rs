//! The oracle that calls the C library, so that unsafe code is here and in `capi` alone; all others
//! are plain functions of `testkit`.

pub mod capi_calls;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::capi_calls;

    /// As `fuzz_replay` does for the oracles of testkit.
    #[test]
    fn the_claim_holds_for_every_kept_input() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in ["corpora/seeds", "corpora/regressions"] {
            let kept = fs::read_dir(root.join(folder).join("capi_calls"));
            for entry in kept.into_iter().flatten() {
                capi_calls::run(&fs::read(entry.unwrap().path()).unwrap());
            }
        }
    }
}
